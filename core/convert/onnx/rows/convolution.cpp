// SPDX-License-Identifier: Apache-2.0
// Convolutions; and patches of an image, which are a convolution with one kernel for each place in them.
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

// For each channel one kernel for each place of a patch, which is 1 there.
std::string places(OpPrinter& p, int64_t channels, const Ints& kernel) {
  const int64_t count = kernel[0] * kernel[1];
  HostTensor ones(DType::Float32, {channels * count, 1, kernel[0], kernel[1]});
  for (int64_t i = 0; i < channels * count; ++i) ones.as<float>()[static_cast<size_t>(i * count + i % count)] = 1;
  return p.constant("places", std::move(ones));
}

std::vector<Attribute> patches(OpPrinter& p, int64_t channels) {
  Ints pads = each(p, "padding", 2);
  pads.insert(pads.end(), {pads[0], pads[1]});
  return {{"dilations", each(p, "dilation", 2)},
          {"group", channels},
          {"kernel_shape", each(p, "kernel_size", 2)},
          {"pads", pads},
          {"strides", each(p, "stride", 2)}};
}

void im2col(OpPrinter& p) {
  const int64_t channels = *p.shape("self")[1].constant();
  const Ints kernel = each(p, "kernel_size", 2);
  const std::string cut =
      p.node("Conv", {p.tensor("self"), places(p, channels, kernel)}, "patches", patches(p, channels));
  p.result("Reshape", {cut, p.integers("shape", {0, channels * kernel[0] * kernel[1], -1})});
}

void col2im(OpPrinter& p) {
  const Ints kernel = each(p, "kernel_size", 2), dilation = each(p, "dilation", 2), padding = each(p, "padding", 2),
             stride = each(p, "stride", 2), size = each(p, "output_size", 2);
  const int64_t channels = *p.resultShape()[1].constant();
  Ints shape{0, channels * kernel[0] * kernel[1]}, rest;
  for (size_t i = 0; i < 2; ++i) {
    const int64_t moves = size[i] + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1;
    shape.push_back(moves / stride[i] + 1);
    rest.push_back(moves % stride[i]);
  }
  std::vector<Attribute> attributes = patches(p, channels);
  attributes.insert(attributes.begin() + 3, {"output_padding", rest});
  p.result("ConvTranspose",
           {p.node("Reshape", {p.tensor("self"), p.integers("shape", shape)}, "laid_out"), places(p, channels, kernel)},
           attributes);
}

// The number of channels decides how many kernels there are.
Refusal refusePatches(const Program& program, const Op& op) {
  const program::Shape& image =
      program.tensorType(op.info->id() == "im2col" ? tensorArgument(op, "self") : op.results[0]).shape;
  if (image.size() != 4) return "its image has no batch dimension";
  if (!isFloating(program.tensorType(op.results[0]).dtype)) return "patches of whole numbers cannot be written";
  return image[1].constant() ? Refusal() : "its number of channels is only known at run time";
}

}  // namespace

Rows convolution() {
  return {{"col2im", {col2im, refusePatches}},
          {"conv1d", {conv}},
          {"conv2d", {conv}},
          {"conv3d", {conv}},
          {"conv_transpose1d", {convTranspose}},
          {"conv_transpose2d.input", {convTranspose}},
          {"conv_transpose3d.input", {convTranspose}},
          {"im2col", {im2col, refusePatches}}};
}

}  // namespace netwright::convert::onnx::rows
