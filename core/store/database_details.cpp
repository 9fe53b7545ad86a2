// SPDX-License-Identifier: Apache-2.0
// What a database tells about a run beyond its summary and its curves.
#include <fmt/format.h>

#include <cstring>

#include "core/store/read_series.h"
#include "core/store/reader.h"
#include "core/store/recorder.h"

namespace netwright::store {
namespace {

template <class T>
std::vector<T> numbers(std::span<const std::byte> bytes, const std::string& where) {
  if (bytes.size() % sizeof(T) != 0)
    failInput(fmt::format("{} holds {} bytes, which are no numbers.", where, bytes.size()), "The database is damaged.",
              "Restore it from a backup.");
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> Database::tags(RunId run) {
  std::vector<std::pair<std::string, std::string>> tags;
  Reader* reader = this->reader();
  if (!reader) return tags;
  Statement rows(reader->connection(), "SELECT key, value FROM tags WHERE run_id = ? ORDER BY key");
  rows.bind(run.value);
  while (rows.step()) tags.emplace_back(rows.text(0), rows.text(1));
  return tags;
}

std::map<RunId, std::vector<std::pair<std::string, std::string>>> Database::allTags() {
  std::map<RunId, std::vector<std::pair<std::string, std::string>>> tags;
  Reader* reader = this->reader();
  if (!reader) return tags;
  Statement rows(reader->connection(), "SELECT run_id, key, value FROM tags ORDER BY run_id, key");
  while (rows.step()) tags[{rows.integer(0)}].emplace_back(rows.text(1), rows.text(2));
  return tags;
}

std::vector<NoteRow> Database::notes(RunId run) {
  std::vector<NoteRow> notes;
  Reader* reader = this->reader();
  if (!reader) return notes;
  Statement rows(reader->connection(), "SELECT id, created_ms, text FROM notes WHERE run_id = ? ORDER BY id");
  rows.bind(run.value);
  while (rows.step()) notes.push_back({rows.integer(0), rows.integer(1), rows.text(2)});
  return notes;
}

std::vector<DatasetUse> Database::datasets(RunId run) {
  std::vector<DatasetUse> datasets;
  Reader* reader = this->reader();
  if (!reader) return datasets;
  Statement rows(
      reader->connection(),
      "SELECT u.role, d.name, d.uri, d.digest, d.schema, u.fitted, d.profile, u.samples FROM run_datasets u JOIN "
      "datasets d ON d.id = u.dataset_id WHERE u.run_id = ? ORDER BY u.role");
  rows.bind(run.value);
  while (rows.step())
    datasets.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5),
                        rows.text(6), rows.integer(7)});
  return datasets;
}

std::vector<std::string> Database::systemKeys(RunId run) {
  std::vector<std::string> keys;
  Reader* reader = this->reader();
  if (!reader) return keys;
  Statement rows(reader->connection(), "SELECT key FROM system_samples WHERE run_id = ? ORDER BY id");
  rows.bind(run.value);
  while (rows.step()) keys.push_back(rows.text(0));
  return keys;
}

Series Database::systemSeries(RunId run, const std::string& key) {
  Reader* reader = this->reader();
  if (!reader) return {};
  Connection& connection = reader->connection();
  const Transaction view(connection, Transaction::Kind::Read);
  Statement sample(connection, "SELECT id FROM system_samples WHERE run_id = ? AND key = ?");
  if (!sample.bind(run.value, key).step()) return {};
  return readSeries(connection, sample.integer(0), fmt::format("'{}'", key), kSystemTables);
}

std::vector<std::string> Database::histogramKeys(RunId run) {
  std::vector<std::string> keys;
  Reader* reader = this->reader();
  if (!reader) return keys;
  Statement rows(reader->connection(), "SELECT DISTINCT key FROM histograms WHERE run_id = ? ORDER BY key");
  rows.bind(run.value);
  while (rows.step()) keys.push_back(rows.text(0));
  return keys;
}

std::vector<HistogramRow> Database::histograms(RunId run, const std::string& key) {
  std::vector<HistogramRow> histograms;
  Reader* reader = this->reader();
  if (!reader) return histograms;
  Statement rows(reader->connection(),
                 "SELECT step, t, edges, counts FROM histograms WHERE run_id = ? AND key = ? ORDER BY step, id");
  rows.bind(run.value, key);
  const std::string where = fmt::format("{}: histogram '{}'", path_.string(), key);
  while (rows.step())
    histograms.push_back({key, rows.integer(0), rows.real(1), numbers<double>(rows.blob(2), where),
                          numbers<int64_t>(rows.blob(3), where)});
  return histograms;
}

std::map<RunId, DiskUse> Database::diskUse() {
  constexpr int64_t kPointBytes = 24;
  std::map<RunId, DiskUse> use;
  Reader* reader = this->reader();
  if (!reader) return use;
  Statement points(reader->connection(), "SELECT run_id, sum(n) FROM metrics GROUP BY run_id");
  while (points.step()) use[{points.integer(0)}].records = kPointBytes * points.integer(1);
  Statement files(reader->connection(), "SELECT run_id, sum(size) FROM artifacts GROUP BY run_id");
  while (files.step()) use[{files.integer(0)}].files = files.integer(1);
  return use;
}

}  // namespace netwright::store
