// SPDX-License-Identifier: Apache-2.0
#include "core/engine/initial_values.h"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/mv.h>
#include <ATen/ops/norm_except_dim.h>

#include "core/engine/beginnings.h"

namespace netwright::engine {

using program::InitStep;

namespace {

at::Tensor onCpu(const at::Tensor& state) { return state.detach().to(at::kCPU).contiguous(); }

at::Tensor normalised(const at::Tensor& v, double eps) {
  return v.div(at::linalg_vector_norm(v, 2, at::IntArrayRef{0}, true).clamp_min(eps));
}

// nn.utils.parametrizations.spectral_norm: 15 steps when it is made, and one more when the module tries it out.
void findSingularVectors(const InitStep& step, const at::Tensor& weight, at::Tensor& left, at::Tensor& right) {
  constexpr int kSteps = 16;
  const at::Tensor matrix = weight.movedim(step.dim, 0).flatten(1);
  at::Tensor u, v = normalised(onCpu(right), step.a);
  for (int i = 0; i < kSteps; ++i) {
    u = normalised(at::mv(matrix, v), step.a);
    v = normalised(at::mv(matrix.t(), u), step.a);
  }
  left.copy_(u);
  right.copy_(v);
}

}  // namespace

void draw(const InitStep& step, at::Tensor target, at::Generator& generator) {
  switch (step.kind) {
    case InitStep::Kind::Uniform:
    case InitStep::Kind::Discard:
      target.uniform_(step.a, step.b, generator);
      break;
    case InitStep::Kind::Normal:
      target.normal_(step.a, step.b, generator);
      break;
    case InitStep::Kind::Fill:
      target.fill_(step.a);
      break;
    case InitStep::Kind::Values:
      target.copy_(at::from_blob(const_cast<double*>(step.values.data()), target.sizes(),
                                 at::TensorOptions().dtype(at::kDouble)));
      break;
    case InitStep::Kind::Function:
      fill(step.function, step.params, target, generator);
      break;
    default:
      break;
  }
}

void derive(const InitStep& step, const std::function<at::Tensor&(int)>& state) {
  const at::Tensor source = onCpu(state(step.source));
  if (step.kind == InitStep::Kind::SingularVectors)
    findSingularVectors(step, source, state(step.state), state(step.other));
  else
    state(step.state).copy_(step.kind == InitStep::Kind::Norms ? at::norm_except_dim(source, 2, 0) : source);
}

}  // namespace netwright::engine
