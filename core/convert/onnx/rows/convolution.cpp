// SPDX-License-Identifier: Apache-2.0
// Convolutions.
#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

// As many numbers as the window has dimensions; one stands for all.
Ints each(OpPrinter& p, const char* name, size_t dims) {
  const Ints list = p.ints(name);
  return list.size() == 1 ? Ints(dims, list[0]) : list;
}

std::vector<std::string> inputs(OpPrinter& p) {
  std::vector<std::string> all{p.tensor("input"), p.tensor("weight")};
  if (p.has("bias")) all.push_back(p.tensor("bias"));
  return all;
}

std::vector<Attribute> window(OpPrinter& p) {
  const Ints weight = p.sizes("weight");
  const size_t dims = weight.size() - 2;
  Ints pads = each(p, "padding", dims);
  pads.insert(pads.end(), pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(dims));
  return {{"dilations", each(p, "dilation", dims)},
          {"group", p.integer("groups")},
          {"kernel_shape", Ints(weight.begin() + 2, weight.end())},
          {"pads", pads},
          {"strides", each(p, "stride", dims)}};
}

void conv(OpPrinter& p) { p.result("Conv", inputs(p), window(p)); }

void convTranspose(OpPrinter& p) {
  std::vector<Attribute> attributes = window(p);
  attributes.insert(attributes.begin() + 3,
                    {"output_padding", each(p, "output_padding", p.sizes("weight").size() - 2)});
  p.result("ConvTranspose", inputs(p), attributes);
}

}  // namespace

Rows convolution() {
  return {{"conv1d", {conv}},
          {"conv2d", {conv}},
          {"conv3d", {conv}},
          {"conv_transpose1d", {convTranspose}},
          {"conv_transpose2d.input", {convTranspose}},
          {"conv_transpose3d.input", {convTranspose}}};
}

}  // namespace netwright::convert::onnx::rows
