// SPDX-License-Identifier: Apache-2.0
// ConvLSTM: an LSTM whose products are convolutions: reads a sequence of images. x (N, T, C, H, W) -> y (N, T,
// hidden_channels, H', W') and the last states; T is known and unrolled. Gates in PyTorch's order i, f, g, o. With
// padding "same" images keep their size (Keras: "valid" by default); states are always padded. Shi et al. 2015,
// arXiv:1506.04214, without peepholes. PyTorch has no module for it.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

struct Weights {
  Value input, state, bias;
  Shape inputMargin, stateMargin;
};
struct State {
  Value h, c;
};

State step(Lowering& l, const Weights& w, const Value& image, const State& before, int64_t hidden) {
  Value gates =
      l.op("conv2d", {image.id, w.input.id, Lowering::optional(w.bias), Shape{Dim(1), Dim(1)}, w.inputMargin});
  if (before.h) {  // else it is zero, and so is its part
    const Value remembered = l.op("conv2d", {before.h.id, w.state.id, None{}, Shape{Dim(1), Dim(1)}, w.stateMargin});
    gates = l.op("add.Tensor", {gates.id, remembered.id});
  }
  const auto gate = [&](int64_t i, const char* activation) {
    return l.op(activation, {l.op("narrow", {gates.id, Dim(1), Dim(i * hidden), Dim(hidden)}).id});
  };
  Value cell = l.op("mul.Tensor", {gate(0, "sigmoid").id, gate(2, "tanh").id});
  if (before.c) cell = l.op("add.Tensor", {l.op("mul.Tensor", {gate(1, "sigmoid").id, before.c.id}).id, cell.id});
  return {l.op("mul.Tensor", {gate(3, "sigmoid").id, l.op("tanh", {cell.id}).id}), cell};
}

void lower(Lowering& l) {
  const Value x = l.input("x");
  if (!l.requireRank(x, 5, 5, "N, T, C, H, W")) return;
  const auto steps = x.dim(1).constant();
  if (!l.check(steps && *steps > 0, "NW-P001", "",
               {{"param", "The number of steps"}, {"problem", "must be known, but is " + x.dim(1).text()}}))
    return;
  const int64_t channels = l.inferred("in_channels", x.dim(2), "NW-S004"), hidden = l.get<int64_t>("hidden_channels");
  if (!l.diagnostics.empty()) return;
  const Shape kernel = l.ints("kernel_size");
  Weights w;
  for (const Dim& k : kernel) {
    const int64_t size = k.constant().value();
    if (!l.check(size % 2 == 1, "NW-P001", "kernel_size",
                 {{"param", "kernel_size"}, {"problem", "must be odd but is " + k.text()}}))
      return;
    w.stateMargin.emplace_back(size / 2);
    w.inputMargin.emplace_back(l.get<std::string>("padding") == "same" ? size / 2 : 0);
  }
  const Initialiser start = init::fanInUniform(hidden * product(kernel).constant().value());
  w.input = l.parameter("weight_ih", {4 * hidden, channels, kernel[0], kernel[1]}, start);
  w.state = l.parameter("weight_hh", {4 * hidden, hidden, kernel[0], kernel[1]}, start);
  w.bias = l.parameterIf("bias", "bias", {4 * hidden}, start);
  State state{l.input("h_0"), l.input("c_0")};
  std::vector<program::ValueId> all;
  for (int64_t t = 0; t < *steps; ++t) {
    state = step(l, w, l.op("select.int", {x.id, Dim(1), Dim(t)}), state, hidden);
    all.push_back(state.h.id);
  }
  l.output("y", l.op("stack", {all, Dim(1)}));
  l.output("h_n", state.h);
  l.output("c_n", state.c);
}

}  // namespace

LayerSpec convLstm() {
  return LayerSpec{"conv_lstm", "ConvLSTM", Category::Sequence}
      .describe("Reads a sequence of images and remembers where things were: an LSTM whose products are convolutions.",
                "c' = f · c + i · g,  h' = o · tanh c', gates from W ⋆ x + R ⋆ h + b")
      .keras("layers.ConvLSTM2D")
      .named("conv_lstm")
      .alias({"video", "frames", "weather", "nowcasting", "recurrent", "convlstm2d"})
      .describedIn("Shi et al. 2015, arXiv:1506.04214")
      .param(inferredParam("in_channels").withDoc("Channels of each image; told by the wire."))
      .param(intParam("hidden_channels", 16).min(1).withDoc("Channels that are remembered and given.").asMain())
      .param(intListParam("kernel_size", {3, 3}, 2).min(1).withDoc("Size of the patterns; odd.").asMain())
      .param(choiceParam("padding", {"same", "valid"})
                 .withDoc("same: images keep their size; valid: they lose kernel_size - 1."))
      .param(boolParam("bias", true).withDoc("Learn offsets."))
      .input("x", "(N, T, C, H, W)")
      .optionalInput("h_0", "(N, hidden_channels, H', W')")
      .optionalInput("c_0", "as h_0")
      .output("y", "(N, T, hidden_channels, H', W')")
      .output("h_n", "(N, hidden_channels, H', W')")
      .output("c_n", "as h_n")
      .lowering(lower);
}

}  // namespace netwright::layers
