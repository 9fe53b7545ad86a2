// SPDX-License-Identifier: Apache-2.0
// Cast: another type of number. Clamp: values cut off below and above. NanToNum: nan and infinities replaced. Lerp: a
// mixture of two. Any shape. PyTorch: torch.clamp and so on.
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void cast(Lowering& l) {
  const std::string name = l.get<std::string>("dtype");
  l.output("y", l.op("to.dtype", {l.input("x").id, name == "float"   ? DType::DefaultFloat
                                                   : name == "int64" ? DType::Int64
                                                                     : DType::Bool}));
}
Argument numberOrNone(const Lowering& l, const char* param) {
  return l.isNone(param) ? Argument(None{}) : Argument(l.get<double>(param));
}
void clamp(Lowering& l) {
  l.output("y", l.op("clamp", {l.input("x").id, numberOrNone(l, "min"), numberOrNone(l, "max")}));
}
void nanToNum(Lowering& l) {
  l.output("y", l.op("nan_to_num",
                     {l.input("x").id, l.get<double>("nan"), numberOrNone(l, "posinf"), numberOrNone(l, "neginf")}));
}
void lerp(Lowering& l) {
  l.output("y", l.op("lerp.Scalar", {l.input("start").id, l.input("end").id, l.get<double>("weight")}));
}

}  // namespace

std::vector<LayerSpec> converting() {
  return {
      LayerSpec{"cast", "Cast", Category::Function}
          .describe("Converts to another type of number: conditions to numbers, numbers to indices.", "y = x as dtype")
          .torch("torch.Tensor.to")
          .named("cast")
          .alias({"convert", "type", "float", "int", "bool"})
          .param(choiceParam("dtype", {"float", "int64", "bool"}).withDoc("The new type.").asMain())
          .input("x", "any")
          .output("y", "as x")
          .lowering(cast),
      LayerSpec{"clamp", "Clamp", Category::Function}
          .describe("Cuts values off below and above.", "y = min(max(x, min), max)")
          .torch("torch.clamp")
          .named("clamp")
          .alias({"clip", "limit", "bound"})
          .param(floatParam("min", 0).orNone().withDoc("The least result; none: no bound.").asMain())
          .param(floatParam("max", 1).orNone().withDoc("The largest result; none: no bound.").asMain())
          .input("x", "any")
          .output("y", "as x")
          .lowering(clamp),
      LayerSpec{"nan_to_num", "NanToNum", Category::Function}
          .describe("Replaces what is not a number, and infinities.", "y = x where finite")
          .torch("torch.nan_to_num")
          .named("finite")
          .alias({"missing values", "nan", "impute"})
          .param(floatParam("nan", 0).withDoc("In place of nan.").asMain())
          .param(floatParam("posinf", 0).noneByDefault().withDoc("In place of infinity; none: the largest number."))
          .param(
              floatParam("neginf", 0).noneByDefault().withDoc("In place of minus infinity; none: the lowest number."))
          .input("x", "any")
          .output("y", "as x")
          .lowering(nanToNum),
      LayerSpec{"lerp", "Lerp", Category::Arithmetic}
          .describe("A mixture of two tensors.", "y = start + weight · (end - start)")
          .torch("torch.lerp")
          .named("mix")
          .alias({"interpolate", "blend", "mixture"})
          .param(floatParam("weight", 0.5).withDoc("Share of the second.").asMain())
          .input("start", "any")
          .input("end", "as start, or broadcastable")
          .output("y", "broadcast of both")
          .lowering(lerp)};
}

}  // namespace netwright::layers
