// SPDX-License-Identifier: Apache-2.0
#include "core/convert/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/convert/model_part.h"

namespace netwright::convert {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// splitmix64: a well-mixed number for each position, equal on every machine.
uint64_t mixed(uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

double valueAt(const HostTensor& t, size_t i) {
  switch (t.dtype) {
    case DType::Float64:
      return t.as<double>()[i];
    case DType::Int64:
      return static_cast<double>(t.as<int64_t>()[i]);
    case DType::Int32:
      return t.as<int32_t>()[i];
    case DType::Bool:
    case DType::UInt8:
      return t.as<uint8_t>()[i];
    default:
      return t.as<float>()[i];
  }
}

// What a layer allows of a value as an index, inside of control flow too.
int64_t indexLimit(const program::Program& program, program::ValueId value) {
  int64_t limit = INT64_MAX;
  for (const program::IndexGuard& g : program.indexGuards)
    if (g.value == value) limit = std::min(limit, g.limit.constant().value_or(limit));
  for (const program::Op& op : program.ops) {
    if (op.regions.empty()) continue;
    const std::vector<program::ValueId> given = givenTo(op);
    for (const auto& region : op.regions)
      for (size_t i = 0; i < given.size(); ++i)
        if (given[i] == value) limit = std::min(limit, indexLimit(*region, region->inputs[i].value));
  }
  return limit;
}

HostTensor sample(DType dtype, const std::vector<int64_t>& shape, uint64_t seed, uint64_t limit) {
  HostTensor t(dtype == DType::DefaultFloat ? DType::Float32 : dtype, shape);
  for (size_t i = 0; i < static_cast<size_t>(t.count()); ++i) {
    const uint64_t bits = mixed(seed + i);
    const double unit = static_cast<double>(bits >> 11) * 0x1p-52 - 1;
    if (t.dtype == DType::Float32)
      t.as<float>()[i] = static_cast<float>(unit);
    else if (t.dtype == DType::Float64)
      t.as<double>()[i] = unit;
    else if (t.dtype == DType::Int64)
      t.as<int64_t>()[i] = static_cast<int64_t>(bits % limit);
    else if (!isFloating(t.dtype))
      t.bytes[i * byteSize(t.dtype)] = static_cast<std::byte>(bits & 1);
  }
  return t;
}

// What it draws is multiplied by a number that is 0 in evaluation.
bool fades(const program::Program& program, const program::Op& op) {
  const auto fading = [&](const program::Op& next) {
    return !next.args.empty() && next.args[0] == program::Argument(op.results.front()) &&
           std::any_of(next.args.begin(), next.args.end(), isTraining);
  };
  return std::any_of(program.ops.begin(), program.ops.end(), fading);
}

// A dropout that is fixed to training, or noise that does not ask whether it is training.
bool drawsInEvaluation(const program::Program& program, const program::Op& op) {
  if (!op.info->random) return false;
  const bool asks = std::any_of(op.args.begin(), op.args.end(), isTraining);
  return op.mode == Mode::Train || (!asks && !fades(program, op));
}

// What the reference computes; nothing and the reason where it does not accept these numbers.
std::optional<std::vector<NamedTensor>> accepted(const Evaluate& reference, const std::vector<NamedTensor>& inputs,
                                                 std::string& why) try {
  return reference(inputs);
} catch (const Error& e) {
  if (e.kind != ErrorKind::Input) throw;
  why = e.why.empty() ? e.title : fmt::format("{} {}", e.title, e.why);
  return std::nullopt;
}

void widen(Comparison::Output& worst, const Comparison::Output& next) {
  worst.maxAbs = std::max(worst.maxAbs, next.maxAbs);
  worst.maxRelative = std::max(worst.maxRelative, next.maxRelative);
}

std::string batchList(const std::vector<int64_t>& batches) {
  std::vector<std::string> words;
  for (const int64_t b : batches) words.push_back(std::to_string(b));
  return joined(words, " and ");
}

}  // namespace

std::string Comparison::text() const {
  std::string all = verdict();
  if (!firstDifference.empty()) all += fmt::format(" The first layer that differs is {}.", firstDifference);
  for (const std::string& sentence : also) all += ' ' + sentence;
  return all;
}

void Comparison::add(const Comparison& proof) {
  equal = equal && proof.equal;
  double worst = 0;
  for (size_t i = 0; i < outputs.size() && i < proof.outputs.size(); ++i) {
    widen(outputs[i], proof.outputs[i]);
    worst = std::max(worst, proof.outputs[i].maxRelative);
  }
  also.push_back(proof.equal ? fmt::format("{} agrees within {:.1e}.", proof.method, worst)
                             : fmt::format("{} differs by {:.1e}.", proof.method, worst));
}

std::string Comparison::verdict() const {
  if (!incomparable.empty()) return fmt::format("Not compared: {}", incomparable);
  const auto worst = std::max_element(outputs.begin(), outputs.end(),
                                      [](const Output& a, const Output& b) { return a.maxRelative < b.maxRelative; });
  if (worst == outputs.end()) return fmt::format("Nothing to compare: {}.", method);
  std::vector<std::string> tried;
  if (!batches.empty()) tried.push_back(fmt::format("random batches of {}", batchList(batches)));
  if (!batches.empty() && samples > 0) tried.push_back(fmt::format("{} samples of the data", samples));
  if (ways > 0) tried.push_back(fmt::format("{} batches of smaller, larger and shifted numbers", ways));
  const std::string where = tried.empty() ? "" : ", " + joined(tried, " and ");
  if (equal)
    return fmt::format("Equal: the largest difference is {:.1e} of the largest value ('{}'{}); {}.", worst->maxRelative,
                       worst->name, where, method);
  return fmt::format(
      "Different: '{}' is off by {:.1e} of its largest value ({:.1e} in numbers) where at most {:.0e} is "
      "expected{}; {}. Do not use the file, and report this.",
      worst->name, worst->maxRelative, worst->maxAbs, tolerance, where, method);
}

Comparison::Output difference(std::string name, const HostTensor& reference, const HostTensor& candidate) {
  Comparison::Output out{std::move(name), 0, 0};
  if (reference.shape != candidate.shape || reference.dtype != candidate.dtype) return {out.name, kInfinity, kInfinity};
  double largest = 0;
  for (size_t i = 0; i < static_cast<size_t>(reference.count()); ++i) {
    const double a = valueAt(reference, i), b = valueAt(candidate, i);
    if (a == b || (std::isnan(a) && std::isnan(b))) {
      if (std::isfinite(a)) largest = std::max(largest, std::abs(a));
      continue;
    }
    const double d = std::abs(a - b);
    out.maxAbs = std::max(out.maxAbs, std::isfinite(d) ? d : kInfinity);
    if (std::isfinite(a)) largest = std::max(largest, std::abs(a));
  }
  out.maxRelative = out.maxAbs == 0 ? 0 : largest == 0 ? kInfinity : out.maxAbs / largest;
  return out;
}

std::vector<NamedTensor> sampleInputs(const program::Program& program, int64_t batch) {
  std::vector<NamedTensor> inputs;
  for (const program::Port* port : modelPart(program).inputs) {
    const program::TensorType& type = program.tensorType(port->value);
    const int64_t limit = indexLimit(program, port->value);  // whole numbers are 0 and 1 where there is none
    const auto shape = program::evaluate(type.shape, {{"N", batch}});
    if (!shape)
      failInput(fmt::format("The export cannot be verified: input '{}' has the size {}.", port->name,
                            program::text(type.shape)),
                "Only the batch size N may be open.", "Give the input fixed sizes.");
    inputs.push_back({port->name, sample(type.dtype, *shape, mixed(inputs.size()) + static_cast<uint64_t>(batch),
                                         limit == INT64_MAX ? 2 : static_cast<uint64_t>(limit))});
  }
  return inputs;
}

std::vector<std::vector<NamedTensor>> otherWays(const program::Program& program, const std::vector<int64_t>& batches,
                                                const Evaluate& reference) {
  std::vector<std::vector<NamedTensor>> ways;
  if (!hasControl(program)) return ways;
  for (const int64_t batch : batches)
    for (const auto& [scale, shift] : {std::pair(0.1F, 0.0F), {10.0F, 0.0F}, {1.0F, 2.0F}, {1.0F, -2.0F}}) {
      std::vector<NamedTensor> inputs = sampleInputs(program, batch);
      for (NamedTensor& t : inputs)
        if (t.tensor.dtype == DType::Float32)
          for (float& v : t.tensor.as<float>()) v = v * scale + shift;
      if (std::string why; accepted(reference, inputs, why)) ways.push_back(std::move(inputs));
    }
  return ways;
}

Comparison compareWeights(const std::vector<TensorRef>& written, const std::function<void(const TensorSink&)>& read) {
  std::map<std::string, size_t> places;
  Comparison result;
  for (const TensorRef& t : written) {
    places.emplace(t.name, result.outputs.size());
    result.outputs.push_back({t.name, kInfinity, kInfinity});  // until it is seen
  }
  result.method = "the file read back and compared with the weights, number by number";
  size_t seen = 0, same = 0;
  read([&](const NamedTensor& t) {
    ++seen;
    const auto place = places.find(t.name);
    if (place == places.end()) return;
    const HostTensor& expected = *written[place->second].tensor;
    result.outputs[place->second] = difference(t.name, expected, t.tensor);
    same += expected.bytes == t.tensor.bytes ? 1 : 0;
    places.erase(place);
  });
  result.equal = seen == written.size() && same == seen;
  return result;
}

bool isAccepted(const program::Program& program, const Evaluate& reference, const std::vector<NamedTensor>& inputs) {
  std::string refused;
  return !hasControl(program) || accepted(reference, inputs, refused).has_value();
}

Comparison compare(const program::Program& program, std::string method, const Evaluate& reference,
                   const Evaluate& candidate, const std::vector<int64_t>& batches, double tolerance,
                   const std::vector<std::vector<NamedTensor>>& data,
                   const std::vector<std::vector<NamedTensor>>& ways) {
  Comparison result;
  result.tolerance = tolerance;
  result.method = std::move(method);
  visitOps(program, [&](const program::Program& around, const program::Op& op) {
    if (!result.incomparable.empty() || !drawsInEvaluation(around, op)) return;
    result.incomparable =
        op.mode == Mode::Train
            ? fmt::format("{} is fixed to training and draws at random, so two evaluations always differ.", op.layer)
            : fmt::format("{} draws at random in evaluation too, so two evaluations always differ.", op.layer);
  });
  if (!result.incomparable.empty()) return result;
  for (const program::Port& port : program.outputs) result.outputs.push_back({port.name, 0, 0});
  const auto compareOn = [&](const std::vector<NamedTensor>& inputs, const std::vector<NamedTensor>& expected) {
    const auto actual = candidate(inputs);
    for (size_t i = 0; i < result.outputs.size(); ++i) {
      Comparison::Output& worst = result.outputs[i];
      if (i >= expected.size() || i >= actual.size())
        widen(worst, {worst.name, kInfinity, kInfinity});
      else
        widen(worst, difference(worst.name, expected[i].tensor, actual[i].tensor));
    }
  };
  const bool control = hasControl(program);
  std::string refused;
  for (const int64_t batch : batches) {
    const std::vector<NamedTensor> inputs = sampleInputs(program, batch);
    const auto expected = control ? accepted(reference, inputs, refused) : std::optional(reference(inputs));
    if (!expected) continue;
    result.batches.push_back(batch);
    compareOn(inputs, *expected);
  }
  for (const std::vector<NamedTensor>& inputs : data) {
    if (inputs.empty()) continue;
    compareOn(inputs, reference(inputs));
    result.samples += inputs.front().tensor.shape.front();
  }
  for (const std::vector<NamedTensor>& inputs : ways) compareOn(inputs, reference(inputs));
  result.ways = static_cast<int64_t>(ways.size());
  if (!refused.empty() && result.batches.empty() && result.samples + result.ways == 0) result.incomparable = refused;
  result.equal = std::all_of(result.outputs.begin(), result.outputs.end(),
                             [&](const auto& o) { return o.maxRelative <= tolerance; });
  return result;
}

}  // namespace netwright::convert
