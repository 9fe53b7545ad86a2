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

std::vector<SeriesRow> seriesOf(Connection& connection, RunId run, const SeriesTables& tables) {
  Statement query(connection, fmt::format("SELECT id, key, context FROM {} WHERE run_id = ?", tables.series));
  query.bind(run.value);
  std::vector<SeriesRow> rows;
  while (query.step()) rows.push_back({query.integer(0), query.text(1), query.text(2)});
  return rows;
}

void truncate(Connection& connection, RunId run, int64_t lastStep, const SeriesTables& tables) {
  for (const SeriesRow& row : seriesOf(connection, run, tables)) {
    Statement last(connection, fmt::format("SELECT last_step FROM {} WHERE id = ?", tables.series));
    last.bind(row.id).step();
    if (last.integer(0) <= lastStep) continue;
    const Series points = readSeries(connection, row.id, fmt::format("'{}'", row.key), tables);
    for (const char* table : {tables.chunks, tables.tail})
      Statement(connection, fmt::format("DELETE FROM {} WHERE metric_id = ?", table)).bind(row.id).run();
    // The row stays while it has points: checkpoints refer to it.
    Statement(connection, fmt::format("UPDATE {} SET n = 0, last_step = NULL, last_value = NULL, min_value = NULL, "
                                      "min_step = NULL, max_value = NULL, max_step = NULL WHERE id = ?",
                                      tables.series))
        .bind(row.id)
        .run();
    MetricLog log(connection, tables);
    for (size_t i = 0; i < points.size(); ++i)
      if (points.steps[i] <= lastStep)
        log.add(run, row.key, row.context, {points.steps[i], points.seconds[i], points.values[i]});
    log.write();
    Statement(connection, fmt::format("DELETE FROM {} WHERE id = ? AND n = 0", tables.series)).bind(row.id).run();
  }
}

}  // namespace

void truncateRun(Connection& connection, RunId run, int64_t lastStep) {
  Statement(connection, "DELETE FROM checkpoints WHERE run_id = ? AND step > ?").bind(run.value, lastStep).run();
  Statement(connection, "DELETE FROM artifacts WHERE run_id = ? AND kind = 'checkpoint' AND step > ?")
      .bind(run.value, lastStep)
      .run();
  Statement(connection, "DELETE FROM histograms WHERE run_id = ? AND step > ?").bind(run.value, lastStep).run();
  truncate(connection, run, lastStep, kMetricTables);
  truncate(connection, run, lastStep, kSystemTables);
}

}  // namespace netwright::store
