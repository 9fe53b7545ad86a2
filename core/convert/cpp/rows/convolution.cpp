// SPDX-License-Identifier: Apache-2.0
// Convolutions.
#include <fmt/format.h>

#include "core/convert/cpp/rows.h"

namespace netwright::convert::cpp::rows {
namespace {

using program::Op;
using program::Program;
using program::Shape;

// One dimension of the window: what kernels call a Window.
std::string window(OpPrinter& p, size_t i) {
  const auto entry = [&](const char* name) {
    const std::vector<int64_t> list = p.ints(name);
    return list[list.size() == 1 ? 0 : i];
  };
  return fmt::format("{{{}, {}, {}, {}, {}, {}}}", text(p.shape("input")[2 + i]), text(p.resultShape()[2 + i]),
                     text(p.shape("weight")[2 + i]), entry("stride"), entry("padding"), entry("dilation"));
}

std::string rowsAndColumns(OpPrinter& p) {
  if (p.shape("input").size() == 3) return fmt::format("{{1, 1, 1, 1, 0, 1}}, {}", window(p, 0));
  return window(p, 0) + ", " + window(p, 1);
}

std::string channels(OpPrinter& p) {
  return fmt::format("{}, {}, {}", text(p.shape("input")[1]), text(p.resultShape()[1]), p.integer("groups"));
}

void conv(OpPrinter& p) {
  const std::string shape = p.constant("convolution", "Convolution", channels(p) + ", " + rowsAndColumns(p));
  const std::string x = p.tensor("input"), weight = p.tensor("weight"), bias = p.tensor("bias"), y = p.result();
  p.call("convolution", shape + ".run", {x, weight, bias, y, p.scratch("convolution"), text(p.resultShape()[0])});
}

void convTranspose(OpPrinter& p) {
  const Shape& weight = p.shape("weight");
  const std::string byGroup = fmt::format("kernels::transposedByGroup({{}}, {}, {}, {})", p.integer("groups"),
                                          text(weight[0]), count(weight, 1));
  const std::string x = p.tensor("input"), bias = p.tensor("bias"), y = p.result();
  p.call("transposed_convolution", "transposedConvolution",
         {x, p.loaded(tensorArgument(p.op(), "weight"), "by_group", byGroup).value(), bias, y,
          p.scratch("transposed_convolution"), text(p.resultShape()[0]), channels(p), rowsAndColumns(p)});
}

// The shape of the image is laid down when the model is made.
Refusal refuseConv(const Program& program, const Op& op) {
  const Shape& in = program.tensorType(tensorArgument(op, "input")).shape;
  for (size_t i = 1; i < in.size(); ++i)
    if (!in[i].constant()) return fmt::format("its input {} has no known size", program::text(in));
  return std::nullopt;
}

Refusal refuseTransposed(const Program& program, const Op& op) {
  for (const program::State& s : program.states)
    if (s.value == tensorArgument(op, "weight")) return refuseConv(program, op);
  return "its kernel is computed by the network";
}

}  // namespace

Rows convolution() {
  return {{"conv1d", {conv, refuseConv}},
          {"conv2d", {conv, refuseConv}},
          {"conv_transpose2d.input", {convTranspose, refuseTransposed}}};
}

}  // namespace netwright::convert::cpp::rows
