// SPDX-License-Identifier: Apache-2.0
#include "core/store/metric_log.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace netwright::store {
namespace {

// What is better may be told by name: losses and errors should fall, scores should rise.
const char* goalOf(const std::string& key) {
  constexpr std::array kRising = {"acc", "f1", "auc", "precision", "recall", "iou", "r2", "top5", "score", "bleu"};
  for (const char* word : kRising)
    if (key.find(word) != std::string::npos) return "max";
  return "min";
}

void include(const MetricPoint& point, std::optional<MetricPoint>& min, std::optional<MetricPoint>& max) {
  if (std::isnan(point.value)) return;
  if (!min || point.value < min->value) min = point;
  if (!max || point.value > max->value) max = point;
}

std::optional<double> valueOf(const std::optional<MetricPoint>& point) {
  return point ? std::optional(point->value) : std::nullopt;
}

std::optional<int64_t> stepOf(const std::optional<MetricPoint>& point) {
  return point ? std::optional(point->step) : std::nullopt;
}

}  // namespace

size_t MetricLog::NameHash::operator()(const Name& name) const {
  const std::hash<std::string> hash;
  return (hash(name.key) * 31 + hash(name.context)) * 31 + std::hash<RunId>()(name.run);
}

MetricLog::MetricLog(Connection& connection, const SeriesTables& tables)
    : connection_(connection),
      find_(connection, fmt::format("SELECT id, n, min_value, min_step, max_value, max_step FROM {} WHERE run_id = ? "
                                    "AND key = ? AND context = ?",
                                    tables.series)),
      insert_(connection, fmt::format("INSERT INTO {}(run_id, key, context, goal) VALUES(?, ?, ?, ?)", tables.series)),
      update_(connection,
              fmt::format("UPDATE {} SET n = ?, last_step = ?, last_value = ?, min_value = ?, min_step = ?, "
                          "max_value = ?, max_step = ? WHERE id = ?",
                          tables.series)),
      readTail_(connection,
                fmt::format("SELECT step, t, value FROM {} WHERE metric_id = ? ORDER BY position", tables.tail)),
      insertTail_(connection, fmt::format("INSERT INTO {}(metric_id, position, step, t, value) VALUES(?, ?, ?, ?, ?)",
                                          tables.tail)),
      clearTail_(connection, fmt::format("DELETE FROM {} WHERE metric_id = ?", tables.tail)),
      insertChunk_(connection, fmt::format("INSERT INTO {}(metric_id, chunk, n, step0, step1, t0, t1, vmin, vmax, "
                                           "encoding, data) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                           tables.chunks)) {}

void MetricLog::add(RunId run, std::string_view key, std::string_view context, const MetricPoint& point) {
  probe_.run = run;
  probe_.key = key;
  probe_.context = context;
  Series& series = *series_.try_emplace(probe_).first;
  series.second.open.push_back(point);
  include(point, series.second.min, series.second.max);
  if (std::exchange(series.second.dirty, true)) return;
  dirty_.push_back(&series);
}

void MetricLog::write() {
  for (Series* series : dirty_) write(*series);
}

void MetricLog::written() {
  for (Series* series : dirty_) {
    State& state = series->second;
    const size_t full = state.open.size() / kChunkPoints;
    state.open.erase(state.open.begin(), state.open.begin() + static_cast<long>(full * kChunkPoints));
    state.chunks += static_cast<int64_t>(full);
    state.tail = state.open.size();
    state.committed = true;
    state.dirty = false;
  }
  dirty_.clear();
}

void MetricLog::load(Series& series) {
  auto& [name, state] = series;
  state.loaded = true;
  find_.bind(name.run.value, name.key, name.context);
  if (!find_.step()) return;
  state.id = find_.integer(0);
  state.committed = true;
  state.chunks = find_.integer(1) / static_cast<int64_t>(kChunkPoints);
  if (!find_.isNull(2)) include({find_.integer(3), 0, find_.real(2)}, state.min, state.max);
  if (!find_.isNull(4)) include({find_.integer(5), 0, find_.real(4)}, state.min, state.max);
  find_.reset();
  std::vector<MetricPoint> tail;
  readTail_.bind(state.id);
  while (readTail_.step()) tail.push_back({readTail_.integer(0), readTail_.real(1), readTail_.real(2)});
  state.tail = tail.size();
  state.open.insert(state.open.begin(), tail.begin(), tail.end());
}

void MetricLog::write(Series& series) {
  auto& [name, state] = series;
  if (!state.loaded) load(series);
  if (!state.committed) {  // the row of a failed commit is gone
    insert_.bind(name.run.value, name.key, name.context, goalOf(name.key)).run();
    state.id = connection_.lastInsertId();
  }
  const size_t full = state.open.size() / kChunkPoints;
  for (size_t chunk = 0; chunk < full; ++chunk) writeChunk(state, chunk);
  if (full > 0 && state.tail > 0) clearTail_.bind(state.id).run();
  const size_t first = full * kChunkPoints;
  for (size_t i = full > 0 ? first : state.tail; i < state.open.size(); ++i) {
    const MetricPoint& point = state.open[i];
    insertTail_.bind(state.id, static_cast<int64_t>(i - first), point.step, point.seconds, point.value).run();
  }
  writeSummary(series);
}

void MetricLog::writeChunk(const State& state, size_t chunk) {
  const std::span points = std::span(state.open).subspan(chunk * kChunkPoints, kChunkPoints);
  std::optional<MetricPoint> min, max;
  for (const MetricPoint& point : points) include(point, min, max);
  insertChunk_
      .bind(state.id, state.chunks + static_cast<int64_t>(chunk), static_cast<int64_t>(points.size()),
            points.front().step, points.back().step, points.front().seconds, points.back().seconds, valueOf(min),
            valueOf(max), kChunkEncoding, std::span<const std::byte>(encodeChunk(points)))
      .run();
}

void MetricLog::writeSummary(Series& series) {
  const State& state = series.second;
  const int64_t count = state.chunks * static_cast<int64_t>(kChunkPoints) + static_cast<int64_t>(state.open.size());
  const MetricPoint& last = state.open.back();
  update_
      .bind(count, last.step, last.value, valueOf(state.min), stepOf(state.min), valueOf(state.max), stepOf(state.max),
            state.id)
      .run();
}

}  // namespace netwright::store
