// SPDX-License-Identifier: Apache-2.0
// The last dimensions in other sizes, by interpolation.
#include <cmath>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::Op;
using program::Program;

// Sizes are given in full: batch and channels are those of the input.
std::vector<std::string> inputs(OpPrinter& p) {
  const std::string x = p.tensor("self");
  const std::string front = p.node("Shape", {x}, "front", {{"end", int64_t{2}}, {"start", int64_t{0}}});
  const std::string size = p.integers("size", p.ints("output_size"));
  return {x, "", "", p.node("Concat", {front, size}, "sizes", {{"axis", int64_t{0}}})};
}

void nearest(OpPrinter& p) {
  p.result("Resize", inputs(p),
           {{"coordinate_transformation_mode", std::string("asymmetric")},
            {"mode", std::string("nearest")},
            {"nearest_mode", std::string("floor")}});
}

void interpolated(OpPrinter& p, const char* mode) {
  std::vector<Attribute> attributes{
      {"coordinate_transformation_mode", std::string(p.flag("align_corners") ? "align_corners" : "half_pixel")},
      {"mode", std::string(mode)}};
  if (mode == std::string("cubic")) attributes.push_back({"cubic_coeff_a", -0.75F});
  p.result("Resize", inputs(p), attributes);
}
void linear(OpPrinter& p) { interpolated(p, "linear"); }
void cubic(OpPrinter& p) { interpolated(p, "cubic"); }

// A given factor is used in PyTorch for the places that are read, ONNX takes the ratio of the sizes.
Refusal refuse(const Program& program, const Op& op) {
  const program::Shape &in = program.tensorType(tensorArgument(op, "self")).shape,
                       &out = program.tensorType(op.results[0]).shape;
  size_t dim = 2;
  for (const auto& a : op.info->schema.arguments) {
    if (a.name.rfind("scales", 0) != 0) continue;
    const size_t at = dim++;
    const auto* factor = std::get_if<double>(&argument(op, a.name.c_str()));
    if (!out[at].constant()) return "its size is only known at run time";
    if (!factor) continue;
    const auto size = in[at].constant();
    if (!size || std::abs(static_cast<double>(*size) * *factor - static_cast<double>(*out[at].constant())) > 1e-9)
      return "its factor is not the ratio of the sizes";
  }
  return std::nullopt;
}

}  // namespace

Rows resize() {
  return {{"upsample_bicubic2d", {cubic, refuse}},   {"upsample_bilinear2d", {linear, refuse}},
          {"upsample_linear1d", {linear, refuse}},   {"upsample_nearest1d", {nearest, refuse}},
          {"upsample_nearest2d", {nearest, refuse}}, {"upsample_nearest3d", {nearest, refuse}},
          {"upsample_trilinear3d", {linear, refuse}}};
}

}  // namespace netwright::convert::onnx::rows
