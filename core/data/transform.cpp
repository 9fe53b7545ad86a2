// SPDX-License-Identifier: Apache-2.0
#include "core/data/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/registry.h"

namespace netwright::data {
namespace {

using Table = std::array<float, 256>;  // the result of the whole chain for each byte
using ValueFunction = std::function<float(float)>;

const ParamSpec& paramSpec(const TransformSpec& spec, const std::string& name) {
  std::vector<std::string> names;
  for (const ParamSpec& param : spec.params) {
    if (param.name == name) return param;
    names.push_back(param.name);
  }
  failInput(fmt::format("Transform '{}' has no setting '{}'.", spec.kind, name),
            fmt::format("It has {}.", joined(names, ", ")), fmt::format("Did you mean '{}'?", nearest(name, names)));
}

Attributes completeParams(const TransformSpec& spec, const Attributes& given) {
  Attributes params;
  for (const ParamSpec& param : spec.params) params[param.name] = param.fallback;
  for (const auto& [name, value] : given) {
    if (const auto problem = paramSpec(spec, name).problem(value))
      failInput(fmt::format("Transform '{}': {} {}.", spec.kind, name, *problem), "", "Correct that value.");
    params[name] = value;
  }
  return params;
}

std::vector<ValueFunction> valueFunctions(const std::vector<TransformConfig>& steps) {
  std::vector<ValueFunction> functions;
  for (const TransformConfig& step : steps) {
    const TransformSpec& spec = transformSpec(step.kind);
    functions.push_back(spec.make(completeParams(spec, step.params)));
  }
  return functions;
}

Table tableOf(const std::vector<ValueFunction>& functions) {
  Table table;
  for (size_t byte = 0; byte < table.size(); ++byte) {
    float value = static_cast<float>(byte);
    for (const ValueFunction& f : functions) value = f(value);
    table[byte] = value;
  }
  return table;
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

class TransformedDataset final : public Dataset {
 public:
  TransformedDataset(std::shared_ptr<const Dataset> source, const std::vector<TransformConfig>& steps)
      : source_(std::move(source)),
        columns_(transformedColumns(source_->columns(), steps)),
        table_(tableOf(valueFunctions(steps))) {}

  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  int64_t size() const override { return source_->size(); }
  void read(std::span<const int64_t> samples, Batch& out) const override {
    source_->read(samples, out);
    for (size_t i = 0; i < columns_.size(); ++i)
      if (columns_[i].role == Role::Feature) expandInPlace(out.columns[i].tensor, table_);
  }

 private:
  std::shared_ptr<const Dataset> source_;
  std::vector<ColumnSpec> columns_;
  Table table_;
};

}  // namespace

double number(const Attributes& params, const std::string& name) {
  const Attribute& value = params.at(name);
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

std::vector<ColumnSpec> transformedColumns(std::vector<ColumnSpec> columns, const std::vector<TransformConfig>& steps) {
  for (const TransformConfig& step : steps) {
    const TransformSpec& spec = transformSpec(step.kind);
    completeParams(spec, step.params);
    for (ColumnSpec& column : columns)
      if (column.role == Role::Feature) column = spec.column(column);
  }
  return columns;
}

std::shared_ptr<const Dataset> transformed(std::shared_ptr<const Dataset> source,
                                           const std::vector<TransformConfig>& steps) {
  if (steps.empty()) return source;
  return std::make_shared<TransformedDataset>(std::move(source), steps);
}

}  // namespace netwright::data
