// SPDX-License-Identifier: Apache-2.0
#include "core/data/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/data/registry.h"

namespace netwright::data {
namespace {

using Table = std::array<float, 256>;  // the result of a chain for each byte
constexpr size_t kChunk = 1024;

struct Step {
  const TransformSpec* spec;
  Attributes params;
};

std::vector<Step> completeSteps(const std::vector<TransformConfig>& configs) {
  std::vector<Step> steps;
  for (const TransformConfig& config : configs) {
    const TransformSpec& spec = transformSpec(config.kind);
    steps.push_back({&spec, completeParams(fmt::format("Transform '{}'", spec.kind), spec.params, config.params)});
  }
  return steps;
}

// Numbers of classes and categories are names, not quantities: no step takes them, and asking for it is an error.
bool takes(const Step& step, const ColumnSpec& column) {
  const std::string wanted = step.params.contains("columns") ? text(step.params, "columns") : "features";
  const bool asked = wanted == "all" || wanted == (column.role == Role::Feature ? "features" : "targets");
  if (column.dtype != DType::Int64) return asked;
  if (asked && wanted == "targets")
    failInput(
        fmt::format("Transform '{}' is for numbers, but the target '{}' holds classes.", step.spec->kind, column.name),
        "", "Let it take the features only.");
  return false;
}

// The group of each entry of one sample.
struct Groups {
  size_t count = 1;
  std::vector<uint32_t> of;
};

Groups groupsOf(const ColumnSpec& column, const Attributes& params) {
  const auto entries = static_cast<size_t>(elementCount(column.shape));
  Groups groups{1, std::vector<uint32_t>(entries, 0)};
  if (column.shape.empty() || (params.contains("per") && text(params, "per") == "column")) return groups;
  const bool image = column.shape.size() >= 3;
  groups.count = static_cast<size_t>(image ? column.shape.front() : column.shape.back());
  for (size_t e = 0; e < entries; ++e)
    groups.of[e] = static_cast<uint32_t>(image ? e / (entries / groups.count) : e % groups.count);
  return groups;
}

// Bytes to floats within one buffer, from its end: block i is read at i and written at 4 i, so it never meets unread
// blocks other than itself, and that is why it is copied first. Needs no second buffer, so batches stay
// allocation-free.
void expandInPlace(HostTensor& tensor, const Table& table) {
  constexpr size_t kBlock = 256;
  const size_t count = tensor.bytes.size();
  tensor.bytes.resize(count * sizeof(float));
  tensor.dtype = DType::Float32;
  std::array<uint8_t, kBlock> block;
  for (size_t end = count; end > 0;) {
    const size_t n = end % kBlock == 0 ? kBlock : end % kBlock;
    const size_t begin = end - n;
    std::memcpy(block.data(), tensor.bytes.data() + begin, n);
    float* out = reinterpret_cast<float*>(tensor.bytes.data()) + begin;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; ++i) out[i] = table[block[i]];
    end = begin;
  }
}

// All steps for one column: a table as long as they depend on a byte alone, then one function after the other.
class Chain {
 public:
  explicit Chain(const ColumnSpec& column) {
    if (column.dtype != DType::UInt8) return;
    Table table;
    for (size_t byte = 0; byte < table.size(); ++byte) table[byte] = static_cast<float>(byte);
    bytes_ = table;
  }

  void add(const ValueFunction& f) {
    takesPart_ = true;
    if (!bytes_ || !stages_.empty()) return stages_.push_back({[f](float v, size_t) { return f(v); }, {0}});
    for (float& value : *bytes_) value = f(value);
  }
  void add(GroupFunction f, Groups groups) {
    takesPart_ = true;
    stages_.push_back({std::move(f), std::move(groups.of)});
  }

  void apply(HostTensor& tensor) const {
    if (!takesPart_) return;
    if (bytes_) expandInPlace(tensor, *bytes_);
    for (const Stage& stage : stages_) {
      float* value = tensor.as<float>().data();
      const float* const end = value + tensor.as<float>().size();
      while (value < end)
        for (const uint32_t group : stage.groups) {
          *value = stage.f(*value, group);
          ++value;
        }
    }
  }

 private:
  struct Stage {
    GroupFunction f;
    std::vector<uint32_t> groups;  // of the entries of a sample, over and over; never empty
  };
  std::optional<Table> bytes_;
  std::vector<Stage> stages_;
  bool takesPart_ = false;
};

class TransformedDataset final : public Dataset {
 public:
  TransformedDataset(std::shared_ptr<const Dataset> source, std::vector<ColumnSpec> columns, std::vector<Chain> chains)
      : source_(std::move(source)), columns_(std::move(columns)), chains_(std::move(chains)) {}

  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  int64_t size() const override { return source_->size(); }
  bool inMemory() const override { return source_->inMemory(); }
  SampleNames sampleNames() const override { return source_->sampleNames(); }
  void read(std::span<const int64_t> samples, Batch& out) const override {
    source_->read(samples, out);
    for (size_t i = 0; i < chains_.size(); ++i) chains_[i].apply(out.columns[i].tensor);
  }

 private:
  std::shared_ptr<const Dataset> source_;
  std::vector<ColumnSpec> columns_;
  std::vector<Chain> chains_;
};

[[noreturn]] void failFitted(const std::string& kind, std::string why) {
  failInput(fmt::format("The stored values do not fit the transform '{}'.", kind), std::move(why), "Train again.");
}

const FittedValues& valuesFor(const Fitted& fitted, size_t step, const std::string& column, const Step& asked) {
  const std::string& kind = asked.spec->kind;
  if (step >= fitted.steps.size()) failFitted(kind, fmt::format("They are of {} steps.", fitted.steps.size()));
  const FittedStep& values = fitted.steps[step];
  if (values.kind != kind) failFitted(kind, fmt::format("They are of the transform '{}'.", values.kind));
  const auto it = values.columns.find(column);
  if (it == values.columns.end()) failFitted(kind, fmt::format("They lack the column '{}'.", column));
  return it->second;
}

GroupFunction fittedFunction(const Step& step, const FittedValues& values, size_t groups) {
  const auto fresh = step.spec->fitter(step.params, groups)->values();
  for (const auto& [name, list] : fresh) {
    const auto it = values.find(name);
    if (it == values.end() || it->second.size() != groups)
      failFitted(step.spec->kind, fmt::format("'{}' should have {} numbers.", name, groups));
  }
  return step.spec->makeFitted(step.params, values);
}

GroupFunction groupedFunction(const Step& step, size_t groups) {
  return step.spec->makeGrouped ? step.spec->makeGrouped(step.params, groups) : GroupFunction{};
}

// The first `count` steps as a data set.
std::shared_ptr<const Dataset> chained(std::shared_ptr<const Dataset> source, std::span<const Step> steps,
                                       const Fitted& fitted) {
  std::vector<ColumnSpec> columns = source->columns();
  std::vector<Chain> chains(columns.begin(), columns.end());
  for (size_t s = 0; s < steps.size(); ++s)
    for (size_t c = 0; c < columns.size(); ++c) {
      if (!takes(steps[s], columns[c])) continue;
      columns[c] = steps[s].spec->column(columns[c]);
      Groups groups = groupsOf(columns[c], steps[s].params);
      if (!steps[s].spec->learns()) {
        if (GroupFunction f = groupedFunction(steps[s], groups.count))
          chains[c].add(std::move(f), std::move(groups));
        else
          chains[c].add(steps[s].spec->make(steps[s].params));
        continue;
      }
      const FittedValues& values = valuesFor(fitted, s, columns[c].name, steps[s]);
      GroupFunction f = fittedFunction(steps[s], values, groups.count);
      chains[c].add(std::move(f), std::move(groups));
    }
  return std::make_shared<TransformedDataset>(std::move(source), std::move(columns), std::move(chains));
}

struct ColumnFitter {
  size_t column;
  Groups groups;
  std::unique_ptr<Fitter> fitter;
  std::vector<bool> seen;  // by group

  void add(std::span<const float> values) {
    for (const float* value = values.data(); value < values.data() + values.size();)
      for (const uint32_t group : groups.of) {
        if (!std::isnan(*value)) {
          seen[group] = true;
          fitter->add(group, *value);
        }
        ++value;
      }
  }
};

std::string groupName(const ColumnSpec& column, size_t group) {
  return group < column.entries.size() ? column.entries[group] : column.name;
}

FittedStep fitStep(const Dataset& before, std::span<const int64_t> samples, const Step& step) {
  std::vector<ColumnFitter> fitters;
  const std::vector<ColumnSpec>& columns = before.columns();
  for (size_t c = 0; c < columns.size(); ++c) {
    if (!takes(step, columns[c])) continue;
    Groups groups = groupsOf(step.spec->column(columns[c]), step.params);
    auto fitter = step.spec->fitter(step.params, groups.count);
    std::vector<bool> seen(groups.count);
    fitters.push_back({c, std::move(groups), std::move(fitter), std::move(seen)});
  }
  Batch batch;
  for (size_t from = 0; from < samples.size(); from += kChunk) {
    before.read(samples.subspan(from, std::min(kChunk, samples.size() - from)), batch);
    for (ColumnFitter& f : fitters) f.add(batch.columns[f.column].tensor.as<float>());
  }
  FittedStep result{step.spec->kind, {}};
  for (ColumnFitter& f : fitters) {
    const auto empty = std::find(f.seen.begin(), f.seen.end(), false);
    if (empty != f.seen.end())
      failInput(fmt::format("The training samples have no value in '{}', so the transform '{}' has nothing to learn "
                            "from.",
                            groupName(columns[f.column], static_cast<size_t>(empty - f.seen.begin())), step.spec->kind),
                "", "Leave that column out, or choose other data.");
    result.columns[columns[f.column].name] = f.fitter->values();
  }
  return result;
}

}  // namespace

ParamSpec columnsParam() {
  return choiceParam("columns", {"features", "targets", "all"})
      .withDoc("Which columns it takes: what the network receives, what it is to predict, or both.");
}

ParamSpec perParam() {
  return choiceParam("per", {"feature", "column"})
      .withDoc("Learn for each feature (or channel) on its own, or once for all numbers of a column.");
}

std::vector<ColumnSpec> transformedColumns(std::vector<ColumnSpec> columns, const std::vector<TransformConfig>& steps) {
  for (const Step& step : completeSteps(steps))
    for (ColumnSpec& column : columns)
      if (takes(step, column)) {
        column = step.spec->column(column);
        groupedFunction(step, groupsOf(column, step.params).count);  // complains where it does not fit
      }
  return columns;
}

Fitted fit(std::shared_ptr<const Dataset> source, std::span<const int64_t> samples,
           const std::vector<TransformConfig>& configs) {
  const std::vector<Step> steps = completeSteps(configs);
  Fitted fitted;
  fitted.columns = namesOf(source->columns());
  for (size_t s = 0; s < steps.size(); ++s) {
    FittedStep learnt{steps[s].spec->kind, {}};
    if (steps[s].spec->learns())
      learnt = fitStep(*chained(source, std::span(steps).first(s), fitted), samples, steps[s]);
    fitted.steps.push_back(std::move(learnt));
  }
  return fitted;
}

std::shared_ptr<const Dataset> transformed(std::shared_ptr<const Dataset> source,
                                           const std::vector<TransformConfig>& configs, const Fitted& fitted) {
  if (!fitted.columns.empty()) requireSameColumns(fitted, source->columns());
  if (configs.empty()) return source;
  return chained(std::move(source), completeSteps(configs), fitted);
}

}  // namespace netwright::data
