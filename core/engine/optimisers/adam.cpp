// SPDX-License-Identifier: Apache-2.0
#include "core/engine/optimisers/adam.h"

namespace netwright::engine::optimisers {

OptimiserKind adam() { return {"adam", makeAs<Adam>}; }

}  // namespace netwright::engine::optimisers
