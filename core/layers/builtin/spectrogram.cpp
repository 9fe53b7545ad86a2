// SPDX-License-Identifier: Apache-2.0
// Spectrogram, MelSpectrogram: how strong which pitch is at which moment: |short-time Fourier transform|^power over
// Hann windows, reflected at both ends; the second in n_mels bands of the HTK mel scale. x (N, L) -> y (N, bins,
// frames). As torchaudio's transforms of these names with their defaults for center, pad_mode and window.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

// Cosines, then sines, each bin a row: windowed by a periodic Hann window.
std::vector<double> basis(int64_t size) {
  std::vector<double> all;
  const auto n = static_cast<double>(size);
  for (const bool sine : {false, true})
    for (int64_t k = 0; k <= size / 2; ++k)
      for (int64_t i = 0; i < size; ++i) {
        // The angle in whole steps first: exact for large k i.
        const double angle = 2 * std::numbers::pi * static_cast<double>(k * i % size) / n;
        const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / n);
        all.push_back(window * (sine ? -std::sin(angle) : std::cos(angle)));
      }
  return all;
}

// Triangles on the mel scale, (n_mels, bins).
std::vector<double> triangles(int64_t bands, int64_t bins, double rate, double low, double high) {
  const auto mel = [](double hz) { return 2595 * std::log10(1 + hz / 700); };
  const auto hertz = [](double m) { return 700 * (std::pow(10, m / 2595) - 1); };
  std::vector<double> edges;
  for (int64_t i = 0; i < bands + 2; ++i)
    edges.push_back(hertz(mel(low) + (mel(high) - mel(low)) * static_cast<double>(i) / static_cast<double>(bands + 1)));
  std::vector<double> all;
  for (int64_t b = 0; b < bands; ++b)
    for (int64_t k = 0; k < bins; ++k) {
      const auto at = static_cast<size_t>(b);
      const double f = rate / 2 * static_cast<double>(k) / static_cast<double>(bins - 1);
      const double up = (f - edges[at]) / (edges[at + 1] - edges[at]),
                   down = (edges[at + 2] - f) / (edges[at + 2] - edges[at + 1]);
      all.push_back(std::max(0.0, std::min(up, down)));
    }
  return all;
}

Value spectrum(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 2, 2, "N, L")) return {};
  const int64_t size = l.get<int64_t>("n_fft"), bins = size / 2 + 1;
  if (!l.check(size % 2 == 0, "NW-P001", "n_fft", {{"param", "n_fft"}, {"problem", "must be even"}})) return {};
  const Value waves = l.buffer("basis", DType::DefaultFloat, {2 * bins, 1, size}, init::values(basis(size)));
  const Value sound = l.op("unsqueeze", {x.id, Dim(1)});
  const Value around = l.op("pad", {sound.id, Shape{Dim(size / 2), Dim(size / 2)}, std::string("reflect"), None{}});
  const Value parts = l.op("conv1d", {around.id, waves.id, None{}, Shape{Dim(l.get<int64_t>("hop_length"))}});
  const Value squares = l.op("square", {parts.id});
  const Value power = l.op("add.Tensor", {l.op("narrow", {squares.id, Dim(1), Dim(0), Dim(bins)}).id,
                                          l.op("narrow", {squares.id, Dim(1), Dim(bins), Dim(bins)}).id});
  const double exponent = l.get<double>("power") / 2;
  return exponent == 1 ? power : l.op("pow.Tensor_Scalar", {power.id, exponent});
}
void plain(Lowering& l) { l.output("y", spectrum(l)); }
void bands(Lowering& l) {
  const Value power = spectrum(l);
  const int64_t count = l.get<int64_t>("n_mels"), bins = l.get<int64_t>("n_fft") / 2 + 1;
  const double rate = l.get<double>("sample_rate"), low = l.get<double>("f_min"),
               high = l.isNone("f_max") ? rate / 2 : l.get<double>("f_max");
  if (!power || !l.check(low < high, "NW-P001", "f_min", {{"param", "f_min"}, {"problem", "must be less than f_max"}}))
    return;
  const Value filters =
      l.buffer("filters", DType::DefaultFloat, {count, bins}, init::values(triangles(count, bins, rate, low, high)));
  l.output("y", l.op("matmul", {filters.id, power.id}));
}

LayerSpec layer(const char* id, const char* title, void (*lowering)(Lowering&)) {
  return LayerSpec{id, title, Category::Sequence}
      .named("spectrum")
      .alias({"sound", "audio", "fourier", "stft", "frequency", "speech"})
      .param(intParam("n_fft", 64).min(4).withDoc("Length of a window in samples; bins are n_fft / 2 + 1.").asMain())
      .param(intParam("hop_length", 32).min(1).withDoc("Samples from one window to the next.").asMain())
      .param(floatParam("power", 2).above(0).withDoc("2: power; 1: magnitude."))
      .input("x", "(N, L)")
      .lowering(lowering);
}

}  // namespace

std::vector<LayerSpec> spectrogram() {
  return {layer("spectrogram", "Spectrogram", plain)
              .describe("Turns sound into a picture: which pitch is how strong at which moment.",
                        "y = |short-time Fourier transform of x|ᵖᵒʷᵉʳ")
              .keras("layers.STFTSpectrogram")
              .output("y", "(N, n_fft / 2 + 1, frames)"),
          layer("mel_spectrogram", "MelSpectrogram", bands)
              .describe("A spectrogram in the bands that ears tell apart.",
                        "y = triangles · |short-time Fourier transform of x|ᵖᵒʷᵉʳ")
              .keras("layers.MelSpectrogram")
              .param(floatParam("sample_rate", 8000).above(0).withUnit("Hz").withDoc("Samples a second."))
              .param(intParam("n_mels", 16).min(1).withDoc("How many bands.").asMain())
              .param(floatParam("f_min", 0).min(0).withUnit("Hz").withDoc("The lowest pitch."))
              .param(floatParam("f_max", 4000)
                         .above(0)
                         .noneByDefault()
                         .withUnit("Hz")
                         .withDoc("The highest pitch; none: half the sample rate."))
              .output("y", "(N, n_mels, frames)")};
}

}  // namespace netwright::layers
