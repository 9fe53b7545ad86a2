// SPDX-License-Identifier: Apache-2.0
// Writes the points of metrics: gathers them per series and puts what is new into the tables. Private to core/store.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/store/metric_chunk.h"
#include "core/store/run_id.h"
#include "core/store/series_tables.h"
#include "core/store/sql.h"

namespace netwright::store {

// add() only touches memory. write() runs inside the caller's transaction and written() follows its commit; without it
// the next write() writes the same points again.
class MetricLog {
 public:
  explicit MetricLog(Connection& connection, const SeriesTables& tables = kMetricTables);

  void add(RunId run, std::string_view key, std::string_view context, const MetricPoint& point);
  void write();
  void written();
  bool empty() const { return dirty_.empty(); }

 private:
  struct Name {
    RunId run;
    std::string key, context;
    bool operator==(const Name&) const = default;
  };
  struct NameHash {
    size_t operator()(const Name& name) const;
  };
  struct State {
    int64_t id = 0;          // row in metrics; 0 until there is one
    bool loaded = false;     // what earlier recorders wrote has been taken over
    bool committed = false;  // the row has survived a commit
    bool dirty = false;
    int64_t chunks = 0;             // full chunks in the database
    std::vector<MetricPoint> open;  // all points after them
    size_t tail = 0;                // how many of these are rows of metric_tail
    std::optional<MetricPoint> min, max;
  };
  using Series = std::pair<const Name, State>;

  void load(Series& series);
  void write(Series& series);
  void writeChunk(const State& state, size_t chunk);
  void writeSummary(Series& series);

  Connection& connection_;
  Statement find_, insert_, update_, readTail_, insertTail_, clearTail_, insertChunk_;
  std::unordered_map<Name, State, NameHash> series_;
  std::vector<Series*> dirty_;
  Name probe_;  // keeps the memory of its texts
};

}  // namespace netwright::store
