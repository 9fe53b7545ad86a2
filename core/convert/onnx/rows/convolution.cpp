// SPDX-License-Identifier: Apache-2.0
// Convolutions.
#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

void conv2d(OpPrinter& p) {
  const Ints pad = p.pair("padding"), weight = p.sizes("weight");
  std::vector<std::string> inputs{p.tensor("input"), p.tensor("weight")};
  if (p.has("bias")) inputs.push_back(p.tensor("bias"));
  p.result("Conv", inputs,
           {{"dilations", p.pair("dilation")},
            {"group", p.integer("groups")},
            {"kernel_shape", Ints{weight[2], weight[3]}},
            {"pads", Ints{pad[0], pad[1], pad[0], pad[1]}},
            {"strides", p.pair("stride")}});
}

}  // namespace

Rows convolution() { return {{"conv2d", {conv2d}}}; }

}  // namespace netwright::convert::onnx::rows
