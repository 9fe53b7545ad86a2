// SPDX-License-Identifier: Apache-2.0
#include "core/engine/initial_values.h"

#include <ATen/ops/from_blob.h>

namespace netwright::engine {

using program::InitStep;

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
    case InitStep::Kind::Copy:
      break;
  }
}

}  // namespace netwright::engine
