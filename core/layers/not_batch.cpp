// SPDX-License-Identifier: Apache-2.0
#include "core/layers/not_batch.h"

namespace netwright::layers {

bool checkNotBatch(Lowering& l, const char* param, int64_t dim, int64_t rank, int64_t instead) {
  return l.check(
      dim != 0 && dim != -rank, "NW-P001", param,
      {{"param", param}, {"problem", "must not be the batch, dimension 0: samples would mix"}},
      {{"Set " + std::string(param) + " to " + std::to_string(instead), {SetParamStep{l.node().id, param, instead}}}});
}

}  // namespace netwright::layers
