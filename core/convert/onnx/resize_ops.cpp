// SPDX-License-Identifier: Apache-2.0
// Resize, one dimension after the other: an interpolation in several is the product of those in each. Formulas:
// onnx/docs/Operators.md, opsets 17 to 22.
#include <algorithm>
#include <cmath>

#include "core/convert/onnx/layout.h"
#include "core/convert/onnx/op_call.h"

namespace netwright::convert::onnx {
namespace {

struct How {
  std::string mode, places, rounding;
  double a;  // of the cubic
};

// Where a position of the result lies in the input.
double place(const How& how, int64_t position, int64_t in, int64_t out) {
  const double ratio = static_cast<double>(in) / static_cast<double>(out), at = static_cast<double>(position);
  if (how.places == "asymmetric") return at * ratio;
  if (how.places == "align_corners")
    return out == 1 ? 0 : at * static_cast<double>(in - 1) / static_cast<double>(out - 1);
  return (at + 0.5) * ratio - 0.5;  // half_pixel
}

// The weights of the neighbours from `first` on.
std::vector<double> weights(const How& how, double at, int64_t& first) {
  if (how.mode == "nearest") {
    first = static_cast<int64_t>(std::floor(at));
    return {1};
  }
  const double base = std::floor(at), t = at - base;
  first = static_cast<int64_t>(base);
  if (how.mode == "linear") return {1 - t, t};
  first -= 1;
  const double a = how.a;
  const auto near = [a](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
  const auto far = [a](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
  return {far(1 + t), near(t), near(1 - t), far(2 - t)};
}

HostTensor along(const OpCall& call, const HostTensor& x, size_t axis, int64_t size, const How& how) {
  Ints shape = x.shape;
  shape[axis] = size;
  HostTensor y = call.result(shape);
  const Around s(x.shape, static_cast<int64_t>(axis));
  for (int64_t p = 0; p < size; ++p) {
    int64_t first = 0;
    const std::vector<double> shares = weights(how, place(how, p, s.size, size), first);
    for (int64_t o = 0; o < s.outer; ++o)
      for (int64_t i = 0; i < s.inner; ++i) {
        double sum = 0;
        for (size_t k = 0; k < shares.size(); ++k) {
          const int64_t from = std::clamp<int64_t>(first + static_cast<int64_t>(k), 0, s.size - 1);
          sum += shares[k] * x.as<float>()[static_cast<size_t>((o * s.size + from) * s.inner + i)];
        }
        y.as<float>()[static_cast<size_t>((o * size + p) * s.inner + i)] = static_cast<float>(sum);
      }
  }
  return y;
}

HostTensor resize(const OpCall& call) {
  HostTensor x = call.floats(0);
  const How how{call.text("mode", "nearest"), call.text("coordinate_transformation_mode", "half_pixel"),
                call.text("nearest_mode", "round_prefer_floor"), call.number("cubic_coeff_a", -0.75F)};
  call.require(how.mode == "nearest" || how.mode == "linear" || how.mode == "cubic", "Its mode is not known.");
  call.require(how.mode != "nearest" || how.rounding == "floor", "Of the nearest values only the lower is supported.");
  call.require(how.places == "asymmetric" || how.places == "align_corners" || how.places == "half_pixel",
               "Its places are not known.");
  call.require(!call.has(1) && !call.has(2) && call.integer("antialias", 0) == 0 &&
                   call.integer("exclude_outside", 0) == 0 && call.list("axes", {}).empty(),
               "Only sizes of every dimension are supported.");
  const Ints sizes = call.ints(3);
  call.require(sizes.size() == x.shape.size(), "It does not name the size of every dimension.");
  for (size_t d = 0; d < sizes.size(); ++d) {
    call.require(sizes[d] >= 1 && x.shape[d] >= 1, "A size of it is 0.");
    if (sizes[d] != x.shape[d]) x = along(call, x, d, sizes[d], how);
  }
  return x;
}

}  // namespace

std::map<std::string, OpFunction> resizeOps() { return {{"Resize", resize}}; }

}  // namespace netwright::convert::onnx
