// SPDX-License-Identifier: Apache-2.0
// All points of one metric, from its full chunks and the rows after them. Private to core/store.
#pragma once

#include <cstdint>
#include <string>

#include "core/store/database.h"
#include "core/store/series_tables.h"
#include "core/store/sql.h"

namespace netwright::store {

// Inside the caller's transaction: the tail may be folded into a chunk meanwhile. Throws Error{Input} for a damaged
// chunk; `where` names the database and the metric.
Series readSeries(Connection& connection, int64_t metric, const std::string& where,
                  const SeriesTables& tables = kMetricTables);

}  // namespace netwright::store
