// SPDX-License-Identifier: Apache-2.0
// Other shapes of the same numbers: nothing to compute.
#include "core/convert/cpp/rows.h"

namespace netwright::convert::cpp::rows {

Rows shape() { return {{"flatten.using_ints", {}}, {"reshape", {}}, {"unflatten.int", {}}}; }

}  // namespace netwright::convert::cpp::rows
