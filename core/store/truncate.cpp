// SPDX-License-Identifier: Apache-2.0
#include "core/store/truncate.h"

#include <fmt/format.h>

#include <vector>

#include "core/store/database.h"
#include "core/store/metric_log.h"

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

Series pointsOf(Connection& connection, int64_t metric) {
  Series points;
  Statement chunks(connection, "SELECT n, data FROM metric_chunks WHERE metric_id = ? ORDER BY chunk");
  chunks.bind(metric);
  while (chunks.step())
    decodeChunk(chunks.blob(1), static_cast<size_t>(chunks.integer(0)), fmt::format("Series {}", metric), points);
  Statement tail(connection, "SELECT step, t, value FROM metric_tail WHERE metric_id = ? ORDER BY position");
  tail.bind(metric);
  while (tail.step()) {
    points.steps.push_back(tail.integer(0));
    points.seconds.push_back(tail.real(1));
    points.values.push_back(tail.real(2));
  }
  return points;
}

}  // namespace

void truncateMetrics(Connection& connection, RunId run, int64_t lastStep) {
  for (const SeriesRow& row : seriesOf(connection, run)) {
    Statement last(connection, "SELECT last_step FROM metrics WHERE id = ?");
    last.bind(row.id).step();
    if (last.integer(0) <= lastStep) continue;
    const Series points = pointsOf(connection, row.id);
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
