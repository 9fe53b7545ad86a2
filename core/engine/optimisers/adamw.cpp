// SPDX-License-Identifier: Apache-2.0
#include "core/engine/optimisers/adam.h"

namespace netwright::engine::optimisers {
namespace {

class AdamW final : public Adam {
 public:
  using Adam::Adam;

 private:
  bool decoupled(const Attributes&) const override { return true; }
};

}  // namespace

OptimiserKind adamw() { return {"adamw", makeAs<AdamW>}; }

}  // namespace netwright::engine::optimisers
