// SPDX-License-Identifier: Apache-2.0
// Metrics and samples of the system are kept alike, in tables of their own. Private to core/store.
#pragma once

namespace netwright::store {

struct SeriesTables {
  const char *series, *chunks, *tail;
};
inline constexpr SeriesTables kMetricTables{"metrics", "metric_chunks", "metric_tail"};
inline constexpr SeriesTables kSystemTables{"system_samples", "system_chunks", "system_tail"};

}  // namespace netwright::store
