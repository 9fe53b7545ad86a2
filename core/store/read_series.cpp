// SPDX-License-Identifier: Apache-2.0
#include "core/store/read_series.h"

#include <fmt/format.h>

#include "core/store/metric_chunk.h"

namespace netwright::store {

Series readSeries(Connection& connection, int64_t metric, const std::string& where, const SeriesTables& tables) {
  Series series;
  Statement chunks(connection,
                   fmt::format("SELECT data, n, chunk FROM {} WHERE metric_id = ? ORDER BY chunk", tables.chunks));
  chunks.bind(metric);
  while (chunks.step())
    decodeChunk(chunks.blob(0), static_cast<size_t>(chunks.integer(1)),
                fmt::format("{}: chunk {} of {}", connection.path().string(), chunks.integer(2), where), series);
  Statement tail(connection,
                 fmt::format("SELECT step, t, value FROM {} WHERE metric_id = ? ORDER BY position", tables.tail));
  tail.bind(metric);
  while (tail.step()) {
    series.steps.push_back(tail.integer(0));
    series.seconds.push_back(tail.real(1));
    series.values.push_back(tail.real(2));
  }
  return series;
}

}  // namespace netwright::store
