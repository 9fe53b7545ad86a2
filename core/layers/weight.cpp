// SPDX-License-Identifier: Apache-2.0
// Weight normalisation: Salimans and Kingma 2016, arXiv:1602.07868. Spectral normalisation: Miyato et al. 2018,
// arXiv:1802.05957. States are called, drawn and listed as PyTorch does: the bias comes first.
#include "core/layers/weight.h"

namespace netwright::layers {
namespace {

using program::InitStep;
using program::Phase;

constexpr auto kBefore = Phase::BeforeForward;
constexpr double kEps = 1e-12;  // as PyTorch's default

// Draws the weight and then the bias, as the module that is parametrised does.
void draw(Lowering& l, const WeightSpec& spec, const Value& weight, const Value& bias) {
  l.initialise(weight, spec.start);
  l.initialise(bias, spec.biasStart);
}

// v / |v| scaled by a learned g, with a norm for each place in the first dimension.
Weights weightNormed(Lowering& l, const WeightSpec& spec) {
  Shape ones(spec.shape.size(), Dim(1)), others;
  ones[0] = spec.shape[0];
  for (size_t i = 1; i < spec.shape.size(); ++i) others.emplace_back(static_cast<int64_t>(i));
  const Value bias = l.parameterIf("bias", "bias", spec.bias, {}),
              g = l.parameter("parametrizations.weight.original0", ones, {}),
              v = l.parameter("parametrizations.weight.original1", spec.shape, {});
  draw(l, spec, v, bias);
  InitStep norms;
  norms.kind = InitStep::Kind::Norms;
  l.initialiseFrom(v, g, norms);
  const Value norm = l.op("linalg_vector_norm", {v.id, Dim(2), others, true});
  return {l.op("mul.Tensor", {v.id, l.op("div.Tensor", {g.id, norm.id}).id}), bias};
}

// The weight as a matrix with a row for each output.
Value matrixOf(Lowering& l, Value weight, const WeightSpec& spec, Phase phase) {
  if (spec.outputsSecond) weight = l.op("transpose.int", {weight.id, Dim(0), Dim(1)}, phase);
  return spec.shape.size() > 2 ? l.op("flatten.using_ints", {weight.id, Dim(1)}, phase) : weight;
}

// One step of the power iteration: `vector` becomes the direction of matrix · other.
void approach(Lowering& l, const Value& vector, const Value& matrix, const Value& other) {
  const Value product = l.op("matmul", {matrix.id, other.id}, kBefore);
  const Value norm = l.op("linalg_vector_norm", {product.id, Dim(2), Shape{Dim(0)}, true}, kBefore);
  const Value length = l.op("clamp", {norm.id, kEps, None{}}, kBefore);
  l.op("copy_", {vector.id, l.op("div.Tensor", {product.id, length.id}, kBefore).id}, kBefore);
}

// The weight divided by its largest singular value uᵀ W v. In training u and v come one step nearer to the vectors of
// that value before they are used; they have no gradient.
Weights spectralNormed(Lowering& l, const WeightSpec& spec) {
  const size_t rows = spec.outputsSecond ? 1 : 0;
  Dim columns = 1;
  for (size_t i = 0; i < spec.shape.size(); ++i)
    if (i != rows) columns = columns * spec.shape[i];
  const Value bias = l.parameterIf("bias", "bias", spec.bias, {}),
              weight = l.parameter("parametrizations.weight.original", spec.shape, {}),
              u = l.buffer("parametrizations.weight.0._u", DType::DefaultFloat, {spec.shape[rows]}, {}),
              v = l.buffer("parametrizations.weight.0._v", DType::DefaultFloat, {columns}, {});
  draw(l, spec, weight, bias);
  l.initialise(u, init::normal(0, 1));
  l.initialise(v, init::normal(0, 1));
  InitStep vectors;
  vectors.kind = InitStep::Kind::SingularVectors;
  vectors.dim = static_cast<int64_t>(rows);
  vectors.a = kEps;
  l.initialiseFrom(weight, u, vectors, v);
  const Value fixed = matrixOf(l, l.op("detach", {weight.id}, kBefore), spec, kBefore);
  approach(l, u, fixed, v);
  approach(l, v, l.op("transpose.int", {fixed.id, Dim(0), Dim(1)}, kBefore), u);
  const Value image = l.op("matmul", {matrixOf(l, weight, spec, Phase::Forward).id, v.id});
  const Value largest = l.op("sum", {l.op("mul.Tensor", {u.id, image.id}).id});
  return {l.op("div.Tensor", {weight.id, largest.id}), bias};
}

}  // namespace

ParamSpec parametrizationParam() {
  return choiceParam("parametrization", {"none", "weight_norm", "spectral_norm"})
      .withDoc(
          "none: the weight is learned as it is; weight_norm: its direction and its length apart; spectral_norm: "
          "it never lengthens what goes through it.");
}

void addParametrization(Attributes& params) { params["parametrization"] = std::string("none"); }

Weights weightsOf(Lowering& l, const WeightSpec& spec) {
  const std::string kind = l.get<std::string>("parametrization");
  if (kind == "weight_norm") return weightNormed(l, spec);
  if (kind == "spectral_norm") return spectralNormed(l, spec);
  const Value weight = l.parameter("weight", spec.shape, spec.start);
  return {weight, l.parameterIf("bias", "bias", spec.bias, spec.biasStart)};
}

}  // namespace netwright::layers
