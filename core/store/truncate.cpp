// SPDX-License-Identifier: Apache-2.0
#include "core/store/truncate.h"

#include <fmt/format.h>

#include <vector>

#include "core/store/metric_log.h"
#include "core/store/read_series.h"

namespace netwright::store {
namespace {

struct SeriesRow {
  int64_t id = 0;
  std::string key, context;
};

std::vector<SeriesRow> seriesOf(Connection& connection, RunId run) {
  Statement query(connection, "SELECT id, key, context FROM metrics WHERE run_id = ?");
  query.bind(run.value);
  std::vector<SeriesRow> rows;
  while (query.step()) rows.push_back({query.integer(0), query.text(1), query.text(2)});
  return rows;
}

}  // namespace

void truncateMetrics(Connection& connection, RunId run, int64_t lastStep) {
  for (const SeriesRow& row : seriesOf(connection, run)) {
    Statement last(connection, "SELECT last_step FROM metrics WHERE id = ?");
    last.bind(row.id).step();
    if (last.integer(0) <= lastStep) continue;
    const Series points = readSeries(connection, row.id, fmt::format("'{}'", row.key));
    for (const char* table : {"metric_chunks", "metric_tail"})
      Statement(connection, fmt::format("DELETE FROM {} WHERE metric_id = ?", table)).bind(row.id).run();
    Statement(connection, "DELETE FROM metrics WHERE id = ?").bind(row.id).run();
    MetricLog log(connection);
    for (size_t i = 0; i < points.size(); ++i)
      if (points.steps[i] <= lastStep)
        log.add(run, row.key, row.context, {points.steps[i], points.seconds[i], points.values[i]});
    log.write();
  }
}

}  // namespace netwright::store
