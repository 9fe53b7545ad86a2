// SPDX-License-Identifier: Apache-2.0
#include "core/layers/loss.h"

#include <algorithm>

namespace netwright::layers {
namespace {

// Sizes of one sample without those of 1.
Shape squeezed(const Shape& shape) {
  Shape out;
  for (size_t i = 1; i < shape.size(); ++i)
    if (!(shape[i] == Dim(1))) out.push_back(shape[i]);
  return out;
}

}  // namespace

ParamSpec reductionParam() {
  return choiceParam("reduction", {"mean", "sum", "none"})
      .withDoc("How the losses of all samples become one: their mean, their sum, or none: they stay as they are.");
}

Argument reductionOf(const Lowering& l) {
  const std::string name = l.get<std::string>("reduction");
  return Dim(name == "none" ? 0 : name == "mean" ? 1 : 2);
}

Value reducedLoss(Lowering& l, const Value& each) {
  const std::string name = l.get<std::string>("reduction");
  return name == "none" ? each : l.op(name == "mean" ? "mean" : "sum", {each.id});
}

Argument weightsOf(Lowering& l, const char* param) {
  const auto list = numbers(l.node().params.at(param)).value();
  if (list.empty()) return None{};
  return l.buffer(param, DType::DefaultFloat, {static_cast<int64_t>(list.size())}, init::values(list)).id;
}

Value alignedTarget(Lowering& l, const Value& output, const Value& target) {
  const Shape &wanted = output.type().shape, &given = target.type().shape;
  const bool batched = !wanted.empty() && !given.empty() && wanted[0] == given[0];
  if (!batched || wanted.size() == given.size() || squeezed(wanted) != squeezed(given)) return target;
  Shape shape{Dim(-1)};  // the batch
  shape.insert(shape.end(), wanted.begin() + 1, wanted.end());
  if (!program::constants(shape)) return target;
  return l.op("reshape", {target.id, shape});
}

void lowerClassLoss(Lowering& l, const char* op, std::vector<Argument> more) {
  const Value scores = l.input("input"), target = l.input("target");
  const int64_t ignore = l.get<int64_t>("ignore_index");
  std::vector<Argument> arguments{scores.id, target.id, weightsOf(l, "weight"), reductionOf(l), Dim(ignore)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Value loss = l.op(op, std::move(arguments));
  if (loss) l.guardIndex(target, scores.dim(1), ignore);
  l.output("loss", loss);
}

}  // namespace netwright::layers
