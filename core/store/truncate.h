// SPDX-License-Identifier: Apache-2.0
// Takes a run's points of metrics and of the system after a step away, so that a resumed run does not record them
// twice. Private to core/store.
#pragma once

#include <cstdint>

#include "core/store/run_id.h"
#include "core/store/sql.h"

namespace netwright::store {

// Inside the caller's transaction. Series that are left without a point disappear.
void truncateSeries(Connection& connection, RunId run, int64_t lastStep);

}  // namespace netwright::store
