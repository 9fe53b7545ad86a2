// SPDX-License-Identifier: Apache-2.0
// Noise against learning by heart: nothing in evaluation.
#include "core/convert/cpp/rows.h"

namespace netwright::convert::cpp::rows {

Rows regularization() {
  return {{"dropout", {nullptr, [](const program::Program&, const program::Op& op) { return refuseNoise(op, "p"); }}}};
}

}  // namespace netwright::convert::cpp::rows
