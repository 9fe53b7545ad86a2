// SPDX-License-Identifier: Apache-2.0
// Nodes that run graphs of their own.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

using Tensors = std::vector<HostTensor>;

constexpr int64_t kMostSteps = int64_t{1} << 20;  // a file cannot hold up whoever checks it

Tensors branch(const OpCall& c, const RunGraph& run) {
  return run(c.graph(c.truth(0) ? "then_branch" : "else_branch"), {});
}

HostTensor scalar(DType dtype, int64_t value) {
  HostTensor t(dtype, {});
  if (dtype == DType::Int64)
    t.as<int64_t>()[0] = value;
  else
    t.bytes[0] = static_cast<std::byte>(value != 0);
  return t;
}

HostTensor slice(const OpCall& c, const HostTensor& whole, int64_t axis, int64_t step) {
  Ints shape = whole.shape;
  shape.erase(shape.begin() + axis);
  HostTensor part = c.result(shape, whole.dtype);
  const Around around(whole.shape, axis);
  for (int64_t i = 0; i < around.outer; ++i)
    for (int64_t k = 0; k < around.inner; ++k)
      copyEntry(whole, (i * around.size + step) * around.inner + k, part, i * around.inner + k);
  return part;
}

// `info` tells the type where there is no step.
HostTensor stacked(const OpCall& c, const Tensors& parts, int64_t axis, const ValueInfo& info) {
  Ints shape;
  if (parts.empty())
    for (const Dimension& d : info.shape) shape.push_back(d.value.value_or(0));
  else
    shape = parts.front().shape;
  const int64_t place = c.axis(axis, shape.size() + 1);
  const DType dtype = parts.empty() ? info.dtype : parts.front().dtype;
  for (const HostTensor& part : parts)
    c.require(part.shape == shape && part.dtype == dtype, "What its steps give differs in size or type.");
  shape.insert(shape.begin() + place, static_cast<int64_t>(parts.size()));
  HostTensor all = c.result(shape, dtype);
  const Around around(all.shape, place);
  for (int64_t i = 0; i < around.outer; ++i)
    for (int64_t step = 0; step < around.size; ++step)
      for (int64_t k = 0; k < around.inner; ++k)
        copyEntry(parts[static_cast<size_t>(step)], i * around.inner + k, all,
                  (i * around.size + step) * around.inner + k);
  return all;
}

// What goes from step to step, and what each step adds.
class Steps {
 public:
  Steps(const OpCall& c, const Graph& body, size_t firstCarried, size_t endCarried, size_t firstResult)
      : c_(c), body_(body), first_(firstResult) {
    for (size_t i = firstCarried; i < endCarried; ++i) carried.push_back(c.tensor(i));
    c.require(body.outputs.size() >= first_ + carried.size(), "Its graph gives too few results.");
    parts_.resize(body.outputs.size() - first_ - carried.size());
  }
  void take(Tensors results) {
    for (size_t i = 0; i < carried.size(); ++i) carried[i] = std::move(results[first_ + i]);
    for (size_t i = 0; i < parts_.size(); ++i) {
      HostTensor& part = results[first_ + carried.size() + i];
      c_.require((parts_[i].size() + 1) * std::max<uint64_t>(1, static_cast<uint64_t>(part.count())) <= kMaxElements,
                 "Its result would have more than 2^28 elements.");
      parts_[i].push_back(std::move(part));
    }
  }
  size_t stacks() const { return parts_.size(); }
  Tensors results(const Ints& axes) {
    Tensors all = std::move(carried);
    const size_t before = first_ + all.size();
    for (size_t i = 0; i < parts_.size(); ++i)
      all.push_back(stacked(c_, parts_[i], axes[i], body_.outputs[before + i]));
    return all;
  }
  Tensors carried;

 private:
  const OpCall& c_;
  const Graph& body_;
  size_t first_;
  std::vector<Tensors> parts_;
};

Tensors loop(const OpCall& c, const RunGraph& run) {
  const Graph& body = c.graph("body");
  Steps steps(c, body, 2, std::max<size_t>(2, c.inputs()), 1);
  const int64_t count = c.has(0) ? c.whole(0) : std::numeric_limits<int64_t>::max();
  bool goesOn = !c.has(1) || c.truth(1);
  for (int64_t step = 0; goesOn && step < count; ++step) {
    c.require(step < kMostSteps, fmt::format("It does not end within {} steps.", kMostSteps));
    Tensors inputs = steps.carried;
    inputs.insert(inputs.begin(), {scalar(DType::Int64, step), scalar(DType::Bool, 1)});
    Tensors results = run(body, std::move(inputs));
    c.require(results[0].dtype == DType::Bool && results[0].count() == 1, "Its graph does not tell whether to go on.");
    if (c.has(1)) goesOn = results[0].as<uint8_t>()[0] != 0;  // without a first condition there is none
    steps.take(std::move(results));
  }
  return steps.results(Ints(steps.stacks(), 0));
}

Tensors scan(const OpCall& c, const RunGraph& run) {
  const Graph& body = c.graph("body");
  const int64_t count = c.integer("num_scan_inputs", 0);
  c.require(count > 0 && static_cast<size_t>(count) <= c.inputs(), "It goes along none of its inputs.");
  const auto scanned = static_cast<size_t>(count);
  for (const char* attribute : {"scan_input_directions", "scan_output_directions"})
    for (const int64_t backwards : c.list(attribute, {})) c.require(backwards == 0, "It goes backwards.");
  const size_t first = c.inputs() - scanned;
  const Ints axes = c.list("scan_input_axes", Ints(scanned, 0));
  Steps steps(c, body, 0, first, 0);
  const Ints stackAxes = c.list("scan_output_axes", Ints(steps.stacks(), 0));
  c.require(axes.size() == scanned && stackAxes.size() == steps.stacks(), "It does not name one axis for each value.");
  Ints places;
  int64_t length = 0;
  for (size_t i = 0; i < scanned; ++i) {
    const Ints& shape = c.tensor(first + i).shape;
    places.push_back(c.axis(axes[i], shape.size()));
    const int64_t size = shape[static_cast<size_t>(places[i])];
    if (i == 0) length = size;
    c.require(size == length, "Its inputs have different lengths.");
  }
  for (int64_t step = 0; step < length; ++step) {
    Tensors inputs = steps.carried;
    for (size_t i = 0; i < scanned; ++i) inputs.push_back(slice(c, c.tensor(first + i), places[i], step));
    steps.take(run(body, std::move(inputs)));
  }
  return steps.results(stackAxes);
}

}  // namespace

std::map<std::string, OpFunction> controlOps() { return {{"If", branch}, {"Loop", loop}, {"Scan", scan}}; }

}  // namespace netwright::convert::onnx
