// SPDX-License-Identifier: Apache-2.0
// Takes away what a run has recorded after a step, so that a resumed run does not record it twice: points of metrics and
// of the system, and checkpoints. Private to core/store.
#pragma once

#include <cstdint>

#include "core/store/run_id.h"
#include "core/store/sql.h"

namespace netwright::store {

// Inside the caller's transaction. Series that are left without a point disappear.
void truncateRun(Connection& connection, RunId run, int64_t lastStep);

}  // namespace netwright::store
