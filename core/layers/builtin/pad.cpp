// SPDX-License-Identifier: Apache-2.0
// ConstantPad, ZeroPad, ReflectionPad, ReplicationPad and CircularPad in one to three dimensions: margins around a
// sequence, an image or a volume; Pad in any mode. x (N, C, *) -> y (N, C, *'). padding lists (before, after) from the
// last dimension on: (left, right, top, bottom) for an image. PyTorch: nn.ReflectionPad2d and so on.
#include "core/layers/windows.h"

namespace netwright::layers {
namespace {

template <int dims>
void pad(Lowering& l, const char* mode, Argument value) {
  const Value x = l.input("x");
  if (!l.requireRank(x, dims + 2, dims + 2, kForms[dims])) return;
  l.output("y", l.op("pad", {x.id, l.ints("padding"), std::string(mode), std::move(value)}));
}
template <int dims>
void constant(Lowering& l) {
  pad<dims>(l, "constant", l.get<double>("value"));
}
template <int dims>
void zeros(Lowering& l) {
  pad<dims>(l, "constant", 0.0);
}
template <int dims>
void reflect(Lowering& l) {
  pad<dims>(l, "reflect", None{});
}
template <int dims>
void replicate(Lowering& l) {
  pad<dims>(l, "replicate", None{});
}
template <int dims>
void circular(Lowering& l) {
  pad<dims>(l, "circular", None{});
}

// Any dimensions after the batch, in any mode.
void any(Lowering& l) {
  const Value x = l.input("x");
  const Shape padding = l.ints("padding");
  const std::string mode = l.get<std::string>("mode");
  if (!l.check(padding.size() % 2 == 0 && padding.size() / 2 < x.rank(), "NW-P001", "padding",
               {{"param", "padding"},
                {"problem", "must be two numbers for each of the last dimensions, at most " +
                                std::to_string(x.rank() - 1) + " of them, as the batch has no margin"}}))
    return;
  const Argument value = mode == "constant" ? Argument(l.get<double>("value")) : Argument(None{});
  l.output("y", l.op("pad", {x.id, padding, mode, value}));
}

LayerSpec layer(const std::string& title, const std::string& stem, int dims, const std::string& with,
                void (*lowering)(Lowering&)) {
  const auto sides = static_cast<size_t>(2 * dims);
  const std::array kOrder{"", "left, right", "left, right, top, bottom", "left, right, top, bottom, front, back"};
  const std::string name = title + std::to_string(dims) + "d";
  return LayerSpec{inDims(stem.c_str(), dims), name, Category::Padding}
      .describe(
          "Puts a margin around " + std::string(kSamples[static_cast<size_t>(dims)]) + ", filled with " + with + ".",
          "y = x with a margin")
      .torch("nn." + name, title == "ConstantPad" ? 2 : 1)
      .named("pad")
      .alias({"padding", "margin", "border"})
      .param(intListParam("padding", std::vector<int64_t>(sides, 1), sides)
                 .withDoc(std::string("Width of the margin: ") + kOrder[static_cast<size_t>(dims)] +
                          "; one number for all.")
                 .asMain())
      .input("x", form(dims))
      .output("y", kResults[static_cast<size_t>(dims)])
      .lowering(lowering);
}

template <int dims>
void add(std::vector<LayerSpec>& list) {
  list.push_back(layer("ConstantPad", "constant_pad", dims, "a number", constant<dims>)
                     .param(floatParam("value", 0).withDoc("What the margin holds.")));
  list.push_back(layer("ZeroPad", "zero_pad", dims, "zeros", zeros<dims>)
                     .keras("layers.ZeroPadding" + std::to_string(dims) + "D"));
  list.push_back(layer("ReflectionPad", "reflection_pad", dims, "a mirror image", reflect<dims>));
  list.push_back(layer("ReplicationPad", "replication_pad", dims, "the value at the edge", replicate<dims>));
  list.push_back(layer("CircularPad", "circular_pad", dims, "the opposite end", circular<dims>));
}

}  // namespace

std::vector<LayerSpec> pad() {
  std::vector<LayerSpec> list;
  add<1>(list);
  add<2>(list);
  add<3>(list);
  list.push_back(
      LayerSpec{"pad", "Pad", Category::Padding}
          .describe("Puts a margin around the last dimensions, filled in one of four ways.", "y = x with a margin")
          .torch("torch.nn.functional.pad")
          .keras("ops.pad")
          .named("pad")
          .alias({"padding", "margin", "border", "causal"})
          .param(intListParam("padding", {1, 1})
                     .withDoc("Widths before and after, beginning with the last dimension: left, right, top, bottom.")
                     .asMain())
          .param(choiceParam("mode", {"constant", "reflect", "replicate", "circular"})
                     .withDoc("A number, a mirror image, the value at the edge, or the opposite end.")
                     .asMain())
          .param(floatParam("value", 0).withDoc("What the margin holds in mode constant."))
          .input("x", "(N, *)")
          .output("y", "x with a margin")
          .lowering(any));
  return list;
}

}  // namespace netwright::layers
