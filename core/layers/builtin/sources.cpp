// SPDX-License-Identifier: Apache-2.0
// Tensors that no wire brings: a constant, a range, learned numbers, and random numbers in the shape of another tensor.
// Constants have no batch: they broadcast. PyTorch: torch.full, torch.arange, nn.Parameter, torch.randn_like.
#include <cmath>

#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

void constant(Lowering& l) {
  l.output("y", l.op("full", {l.ints("size"), l.get<double>("value"), DType::DefaultFloat}));
}
void arange(Lowering& l) {
  const double start = l.get<double>("start"), end = l.get<double>("end"), step = l.get<double>("step");
  l.output("y", l.op("arange.start_step", {start, end, step, DType::DefaultFloat}));
}
void parameter(Lowering& l) {
  const double deviation = l.get<double>("std");
  l.output("y", l.parameter("weight", l.ints("size"), deviation > 0 ? init::normal(0, deviation) : init::zeros()));
}
void random(Lowering& l) {
  l.output("y",
           l.op(l.get<std::string>("distribution") == "normal" ? "randn_like" : "rand_like", {l.input("like").id}));
}

LayerSpec layer(const char* id, const char* title, const char* torch, const char* sentence, const char* formula,
                std::vector<std::string> aliases, void (*lowering)(Lowering&)) {
  return LayerSpec{id, title, Category::Source}
      .describe(sentence, formula)
      .torch(torch)
      .named(id)
      .alias(std::move(aliases))
      .lowering(lowering);
}
ParamSpec size() { return intListParam("size", {1}).min(1).withDoc("Sizes of the tensor, without a batch.").asMain(); }

}  // namespace

std::vector<LayerSpec> sources() {
  return {
      layer("constant", "Constant", "torch.full", "A tensor of one number.", "y = value",
            {"number", "fill", "zeros", "ones"}, constant)
          .param(size())
          .param(floatParam("value", 0).withDoc("The number.").asMain())
          .output("y", "size"),
      layer("arange", "Range", "torch.arange", "Numbers from start to end in steps.", "y = start, start + step, …",
            {"sequence", "positions", "linspace"}, arange)
          .param(floatParam("start", 0).withDoc("The first."))
          .param(floatParam("end", 10).withDoc("The first that is left out.").asMain())
          .param(floatParam("step", 1).withDoc("Distance between two."))
          .output("y", "one dimension"),
      layer("parameter", "Parameter", "torch.nn.Parameter",
            "Numbers that are learned and belong to no layer: a token, a temperature, a start state.", "y = weight",
            {"learned", "weight", "token", "bias"}, parameter)
          .param(size())
          .param(
              floatParam("std", 0.02).min(0).withDoc("They begin at random with this deviation around 0; 0: all zero."))
          .output("y", "size"),
      layer("random", "Random", "torch.randn_like",
            "Random numbers in the shape of another tensor, drawn anew in every pass.", "y ~ N(0, 1) or U(0, 1)",
            {"noise", "sample", "latent"}, random)
          .param(choiceParam("distribution", {"normal", "uniform"})
                     .withDoc("normal: mean 0 and deviation 1; uniform: from 0 to 1.")
                     .asMain())
          .input("like", "any")
          .output("y", "as like")};
}

}  // namespace netwright::layers
