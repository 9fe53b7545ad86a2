// SPDX-License-Identifier: Apache-2.0
#include "core/store/database.h"

#include <fmt/format.h>

#include <charconv>

#include "core/store/process.h"
#include "core/store/read_series.h"
#include "core/store/reader.h"

namespace netwright::store {
namespace {

Severity levelFromName(const std::string& name) {
  if (name == "error") return Severity::Error;
  return name == "warning" ? Severity::Warning : Severity::Info;
}

std::optional<int64_t> wholeNumber(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

const MetricSummary* RunSummary::metric(const std::string& key, const std::string& context) const {
  for (const MetricSummary& metric : metrics)
    if (metric.key == key && metric.context == context) return &metric;
  return nullptr;
}

const MetricSummary* RunSummary::result() const {
  if (const MetricSummary* accuracy = metric("accuracy", "val")) return accuracy;
  for (const MetricSummary& m : metrics)
    if (m.context == "val" && m.key != "loss") return &m;
  for (const char* context : {"val", "train"})
    if (const MetricSummary* loss = metric("loss", context)) return loss;
  return nullptr;
}

Database::Database(std::filesystem::path database) : path_(std::move(database)) {}
Database::~Database() = default;

Database::Reader* Database::reader() {
  if (reader_) return reader_.get();
  std::error_code ec;
  if (!std::filesystem::exists(path_, ec)) return nullptr;
  auto reader = std::make_unique<Reader>(path_);
  if (!reader->hasRuns()) return nullptr;  // being made this moment; look again at the next question
  reader_ = std::move(reader);
  return reader_.get();
}

std::vector<RunSummary> Database::runs(Which which) {
  Reader* reader = this->reader();
  if (!reader) return {};
  return reader->runs(which == Which::Kept ? "WHERE r.deleted_ms IS NULL" : "WHERE r.deleted_ms IS NOT NULL");
}

std::optional<RunSummary> Database::findRun(const std::string& ref, Which which) {
  Reader* reader = this->reader();
  if (!reader) return std::nullopt;
  const std::string there = which == Which::Kept ? "deleted_ms IS NULL" : "deleted_ms IS NOT NULL";
  std::vector<RunSummary> found;
  if (ref == "latest")
    found = reader->runs("WHERE r.id = (SELECT max(id) FROM runs WHERE " + there + ")");
  else if (const auto id = wholeNumber(ref))
    found = reader->runs("WHERE r.id = ? AND r." + there, *id);
  if (found.empty())
    found = reader->runs("WHERE r.id = (SELECT max(id) FROM runs WHERE name = ? AND " + there + ")", ref);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<std::pair<std::string, std::string>> Database::params(RunId run) {
  std::vector<std::pair<std::string, std::string>> params;
  Reader* reader = this->reader();
  if (!reader) return params;
  Statement rows(reader->connection(), "SELECT key, value FROM params WHERE run_id = ? ORDER BY rowid");
  rows.bind(run.value);
  while (rows.step()) params.emplace_back(rows.text(0), rows.text(1));
  return params;
}

std::vector<std::pair<std::string, std::string>> Database::metricKeys(RunId run) {
  std::vector<std::pair<std::string, std::string>> keys;
  Reader* reader = this->reader();
  if (!reader) return keys;
  Statement rows(reader->connection(), "SELECT key, context FROM metrics WHERE run_id = ? ORDER BY id");
  rows.bind(run.value);
  while (rows.step()) keys.emplace_back(rows.text(0), rows.text(1));
  return keys;
}

Series Database::series(RunId run, const std::string& key, const std::string& context) {
  Reader* reader = this->reader();
  if (!reader) return {};
  Connection& connection = reader->connection();
  const Transaction view(connection, Transaction::Kind::Read);  // the tail may be folded into a chunk meanwhile
  Statement metric(connection, "SELECT id FROM metrics WHERE run_id = ? AND key = ? AND context = ?");
  if (!metric.bind(run.value, key, context).step()) return {};
  return readSeries(connection, metric.integer(0), fmt::format("'{}'", key));
}

std::vector<CheckpointSummary> Database::checkpoints(RunId run) {
  std::vector<CheckpointSummary> checkpoints;
  Reader* reader = this->reader();
  if (!reader) return checkpoints;
  Statement rows(reader->connection(),
                 "SELECT c.id, c.step, c.epoch, a.path, a.size, a.sha256, c.is_best, c.value FROM checkpoints c JOIN "
                 "artifacts a ON "
                 "a.id = c.artifact_id WHERE c.run_id = ? ORDER BY c.id");
  rows.bind(run.value);
  while (rows.step()) {
    CheckpointSummary& c = checkpoints.emplace_back();
    c.id = rows.integer(0);
    c.step = rows.integer(1);
    c.epoch = rows.integer(2);
    c.path = rows.text(3);
    c.size = rows.integer(4);
    c.sha256 = rows.text(5);
    c.isBest = rows.integer(6) != 0;
    if (!rows.isNull(7)) c.value = rows.real(7);
  }
  return checkpoints;
}

std::string Database::graphJson(RunId run) {
  Reader* reader = this->reader();
  if (!reader) return {};
  Statement row(reader->connection(), "SELECT g.json FROM runs r JOIN graphs g ON g.id = r.graph_id WHERE r.id = ?");
  return row.bind(run.value).step() ? row.text(0) : std::string();
}

std::vector<EventRow> Database::events(RunId run) {
  std::vector<EventRow> events;
  Reader* reader = this->reader();
  if (!reader) return events;
  Statement rows(reader->connection(), "SELECT t, level, kind, text FROM events WHERE run_id = ? ORDER BY id");
  rows.bind(run.value);
  while (rows.step()) events.push_back({rows.integer(0), levelFromName(rows.text(1)), rows.text(2), rows.text(3)});
  return events;
}

std::vector<RunId> Database::markLostRuns() {
  std::vector<RunId> lost;
  if (!reader()) return lost;
  Connection connection(path_, Connection::Mode::Write);
  Transaction transaction(connection, Transaction::Kind::Write);
  Statement rows(connection,
                 "SELECT id, pid, pid_start FROM runs WHERE status IN ('RUNNING', 'PAUSED') AND host = ? ORDER BY id");
  rows.bind(hostName());
  while (rows.step())
    if (!isAlive({rows.integer(1), rows.integer(2)})) lost.push_back({rows.integer(0)});
  Statement mark(connection, "UPDATE runs SET status = 'LOST', end_ms = max(start_ms, heartbeat_ms) WHERE id = ?");
  for (const RunId run : lost) mark.bind(run.value).run();
  transaction.commit();
  return lost;
}

}  // namespace netwright::store
