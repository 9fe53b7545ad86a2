// SPDX-License-Identifier: Apache-2.0
// RFFT, IRFFT: the discrete Fourier transform of real numbers along the last dimension and back, as products with
// a constant matrix, real and imaginary part apart. x (N, *, L) <-> real, imag (N, *, L / 2 + 1). PyTorch: fft.rfft and
// fft.irfft.
#include <cmath>
#include <numbers>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

constexpr int64_t kLongest = 2048;  // the matrix has about L² numbers

// One period of both waves: the angle in whole steps is exact.
struct Circle {
  std::vector<double> cosine, sine;
  explicit Circle(int64_t length) {
    for (int64_t i = 0; i < length; ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(length);
      cosine.push_back(std::cos(angle));
      sine.push_back(std::sin(angle));
    }
  }
};

double scale(const Lowering& l, int64_t length, const char* whole) {
  const std::string norm = l.get<std::string>("norm");
  const auto n = static_cast<double>(length);
  return norm == "ortho" ? 1 / std::sqrt(n) : norm == whole ? 1 / n : 1;
}

bool checkLength(Lowering& l, const Dim& length, const char* what) {
  const auto known = length.constant();
  return l.check(
      known && *known >= 1 && *known <= kLongest, "NW-P001", "",
      {{"param", what},
       {"problem", "must be a known size from 1 to " + std::to_string(kLongest) + " but is " + length.text()}});
}

void forward(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 8, "N, *, L") || !checkLength(l, x.dim(-1), "The length")) return;
  const int64_t length = x.dim(-1).constant().value(), bins = length / 2 + 1;
  const Circle circle(length);
  const double factor = scale(l, length, "forward");
  std::vector<double> waves;  // the real parts of all bins, then the imaginary ones
  for (int64_t i = 0; i < length; ++i) {
    for (int64_t k = 0; k < bins; ++k) waves.push_back(factor * circle.cosine[static_cast<size_t>(k * i % length)]);
    for (int64_t k = 0; k < bins; ++k) waves.push_back(-factor * circle.sine[static_cast<size_t>(k * i % length)]);
  }
  const Value basis = l.buffer("basis", DType::DefaultFloat, {length, 2 * bins}, init::values(std::move(waves)));
  const Value both = l.op("matmul", {x.id, basis.id});
  l.output("real", l.op("narrow", {both.id, Dim(-1), Dim(0), Dim(bins)}));
  l.output("imag", l.op("narrow", {both.id, Dim(-1), Dim(bins), Dim(bins)}));
}

void inverse(Lowering& l) {
  const Value re = l.input("real"), im = l.input("imag");
  if (!l.requireRank(re, 2, 8, "N, *, L / 2 + 1") || !checkLength(l, re.dim(-1), "The number of frequencies")) return;
  const int64_t bins = re.dim(-1).constant().value(), even = 2 * (bins - 1),
                length = l.isNone("n") ? even : l.get<int64_t>("n");
  if (!l.check(length >= 1 && length / 2 + 1 == bins, "NW-P001", "n",
               {{"param", "n"},
                {"problem", "must be " + std::to_string(even) + " or " + std::to_string(even + 1) + " for " +
                                std::to_string(bins) + " frequencies"}}))
    return;
  const Circle circle(length);
  const double factor = scale(l, length, "backward");
  std::vector<double> waves;
  for (const bool imaginary : {false, true})
    for (int64_t k = 0; k < bins; ++k)
      for (int64_t i = 0; i < length; ++i) {
        const bool alone = k == 0 || 2 * k == length;  // all others stand for their mirror images too
        const auto at = static_cast<size_t>(k * i % length);
        waves.push_back(imaginary ? (alone ? 0 : -2 * factor * circle.sine[at])
                                  : (alone ? 1 : 2) * factor * circle.cosine[at]);
      }
  const Value basis = l.buffer("basis", DType::DefaultFloat, {2 * bins, length}, init::values(std::move(waves)));
  const Value both = l.op("cat", {std::vector<program::ValueId>{re.id, im.id}, Dim(-1)});
  l.output("y", l.op("matmul", {both.id, basis.id}));
}

LayerSpec layer(const char* id, const char* title, void (*lowering)(Lowering&)) {
  return LayerSpec{id, title, Category::Function}
      .named("fourier")
      .alias({"fft", "fourier transform", "frequency", "spectrum", "dft"})
      .lowering(lowering);
}
ParamSpec norm() {
  return choiceParam("norm", {"backward", "ortho", "forward"})
      .withDoc("Which way divides by L; ortho: both by its root.");
}

}  // namespace

std::vector<LayerSpec> fourier() {
  return {layer("rfft", "RFFT", forward)
              .describe("From values in time to waves of each frequency.", "real + i imag = Σ x[t] e^(-2πi k t / L)")
              .torch("torch.fft.rfft")
              .keras("ops.rfft")
              .param(norm())
              .input("x", "(N, *, L)")
              .output("real", "(N, *, L / 2 + 1)")
              .output("imag", "as real"),
          layer("irfft", "IRFFT", inverse)
              .describe("From waves of each frequency back to values in time.",
                        "y[t] = 1/n Σ (real + i imag) e^(2πi k t / n)")
              .torch("torch.fft.irfft")
              .keras("ops.irfft")
              .param(intParam("n", 2).min(1).noneByDefault().withDoc(
                  "Length of the result; none: 2 (frequencies - 1), which is even."))
              .param(norm())
              .input("real", "(N, *, L / 2 + 1)")
              .input("imag", "as real")
              .output("y", "(N, *, n)")};
}

}  // namespace netwright::layers
