// SPDX-License-Identifier: Apache-2.0
// Pooling over sliding windows, and over whole dimensions.
#include <fmt/format.h>

#include <algorithm>

#include "core/convert/cpp/rows.h"

namespace netwright::convert::cpp::rows {
namespace {

using program::Op;
using program::Program;
using program::Shape;

// Images: all but the last two dimensions.
std::string images(const Shape& shape) { return count(shape, 0, shape.size() - 2); }

std::string window(OpPrinter& p, size_t i, int64_t dilation) {
  const std::vector<int64_t> kernel = p.pair("kernel_size"), padding = p.pair("padding"),
                             stride = p.ints("stride").empty() ? kernel : p.pair("stride");
  const Shape &in = p.shape("self"), &out = p.resultShape();
  const size_t at = in.size() - 2 + i;
  return fmt::format("{{{}, {}, {}, {}, {}, {}}}", text(in[at]), text(out[at]), kernel[i], stride[i], padding[i],
                     dilation);
}

void maxPool2d(OpPrinter& p) {
  const std::vector<int64_t> dilation = p.pair("dilation");
  const std::string x = p.tensor("self"), y = p.result();
  p.call("max_pool", "maxPool", {x, y, images(p.resultShape()), window(p, 0, dilation[0]), window(p, 1, dilation[1])});
}

void avgPool2d(OpPrinter& p) {
  const bool fixedDivisor = !std::holds_alternative<None>(argument(p.op(), "divisor_override"));
  const std::string x = p.tensor("self"), y = p.result();
  p.call(
      "average_pool", "averagePool",
      {x, y, images(p.resultShape()), window(p, 0, 1), window(p, 1, 1), p.flag("count_include_pad") ? "true" : "false",
       fixedDivisor ? std::to_string(p.integer("divisor_override")) : "0"});
}

void adaptiveAvgPool2d(OpPrinter& p) {
  const Shape &in = p.shape("self"), &out = p.resultShape();
  const size_t last = in.size() - 1;
  const std::string x = p.tensor("self"), y = p.result();
  p.call("adaptive_pool", "adaptivePool",
         {x, y, images(out), text(in[last - 1]), text(in[last]), text(out[last - 1]), text(out[last])});
}

// The dimensions that go, in order.
std::vector<size_t> dims(const Program& program, const Op& op) {
  const size_t rank = program.tensorType(tensorArgument(op, "self")).shape.size();
  std::vector<size_t> list;
  for (const program::Dim& d : std::get<Shape>(argument(op, "dim"))) list.push_back(place(d.constant().value(), rank));
  std::sort(list.begin(), list.end());
  return list;
}

void meanOfDims(OpPrinter& p) {
  const Shape& in = p.shape("self");
  const std::vector<size_t> gone = dims(p.program(), p.op());
  const std::string x = p.tensor("self"), y = p.result();
  p.call("mean", "mean",
         {x, y, count(in, 0, gone.front()), count(in, gone.front(), gone.back() + 1), count(in, gone.back() + 1)});
}

Refusal refuseMean(const Program& program, const Op& op) {
  if (!std::holds_alternative<Shape>(argument(op, "dim"))) return "it takes the mean over everything";
  if (!std::holds_alternative<None>(argument(op, "dtype"))) return "it changes the type of the numbers on the way";
  const std::vector<size_t> gone = dims(program, op);
  if (!gone.empty() && gone.back() - gone.front() + 1 == gone.size()) return std::nullopt;
  return "it takes the mean over dimensions that are no neighbours";
}

}  // namespace

Rows pooling() {
  return {{"adaptive_avg_pool2d", {adaptiveAvgPool2d}},
          {"avg_pool2d", {avgPool2d}},
          {"max_pool2d", {maxPool2d}},
          {"mean.dim", {meanOfDims, refuseMean}}};
}

}  // namespace netwright::convert::cpp::rows
