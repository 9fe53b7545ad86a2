// SPDX-License-Identifier: Apache-2.0
#include "core/store/schema.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/store/sql.h"

namespace netwright::store {
namespace {

// Names follow MLflow where one exists. Times ending in _ms are milliseconds since 1970; `t` of a point is seconds
// since its run began. A value that is NaN or -0.0 is a BLOB of its 8 bytes, any other a REAL.
constexpr const char* kTables = R"sql(
CREATE TABLE experiments(
  id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, description TEXT, created_ms INTEGER NOT NULL,
  lifecycle TEXT NOT NULL DEFAULT 'active');
CREATE TABLE graphs(
  id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, json TEXT NOT NULL, created_ms INTEGER NOT NULL);
CREATE TABLE runs(
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, experiment_id INTEGER NOT NULL REFERENCES experiments(id),
  name TEXT NOT NULL, status TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER,
  parent_run_id INTEGER REFERENCES runs(id), resumed_from_checkpoint_id INTEGER, seed INTEGER NOT NULL, device TEXT, user TEXT,
  host TEXT, app_version TEXT, libtorch_version TEXT, git_commit TEXT, graph_id INTEGER REFERENCES graphs(id), error_text TEXT,
  notes TEXT, archived INTEGER NOT NULL DEFAULT 0, pid INTEGER NOT NULL, pid_start INTEGER NOT NULL, heartbeat_ms INTEGER,
  last_step INTEGER NOT NULL DEFAULT 0, last_epoch INTEGER NOT NULL DEFAULT 0);
CREATE INDEX runs_name ON runs(name);
CREATE INDEX runs_status ON runs(status);
CREATE TABLE params(
  run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL, type TEXT);
CREATE INDEX params_run ON params(run_id);
CREATE TABLE metrics(
  id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key TEXT NOT NULL,
  context TEXT NOT NULL, unit TEXT, goal TEXT NOT NULL, n INTEGER NOT NULL DEFAULT 0, last_step INTEGER, last_value REAL,
  min_value REAL, min_step INTEGER, max_value REAL, max_step INTEGER, UNIQUE(run_id, key, context));
CREATE TABLE metric_chunks(
  metric_id INTEGER NOT NULL REFERENCES metrics(id) ON DELETE CASCADE, chunk INTEGER NOT NULL, n INTEGER NOT NULL,
  step0 INTEGER NOT NULL, step1 INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, vmin REAL, vmax REAL,
  encoding INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(metric_id, chunk)) WITHOUT ROWID;
CREATE TABLE metric_tail(
  metric_id INTEGER NOT NULL REFERENCES metrics(id) ON DELETE CASCADE, position INTEGER NOT NULL, step INTEGER NOT NULL,
  t REAL NOT NULL, value REAL NOT NULL, PRIMARY KEY(metric_id, position)) WITHOUT ROWID;
CREATE TABLE artifacts(
  id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, path TEXT NOT NULL,
  kind TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, mime TEXT, step INTEGER, created_ms INTEGER NOT NULL,
  storage TEXT NOT NULL DEFAULT 'file');
CREATE INDEX artifacts_run ON artifacts(run_id);
CREATE TABLE checkpoints(
  id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, step INTEGER NOT NULL,
  epoch INTEGER NOT NULL, artifact_id INTEGER NOT NULL REFERENCES artifacts(id), is_best INTEGER NOT NULL DEFAULT 0,
  metric_id INTEGER REFERENCES metrics(id), value REAL, optimizer_state INTEGER);
CREATE INDEX checkpoints_run ON checkpoints(run_id);
CREATE TABLE events(
  id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, t INTEGER NOT NULL,
  level TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX events_run ON events(run_id);
)sql";

int64_t pragma(Connection& connection, const char* name) {
  Statement query(connection, fmt::format("PRAGMA {}", name));
  query.step();
  return query.integer(0);
}

// Two processes that switch a new file to WAL at the same instant may both be refused without the busy handler being
// asked.
void useWriteAheadLog(Connection& connection) {
  for (int attempt = 0;; ++attempt) {
    try {
      return connection.exec("PRAGMA journal_mode = WAL");
    } catch (const SqlError& error) {
      if (error.code != SQLITE_BUSY || attempt == 200) throw;
      sqlite3_sleep(10);
    }
  }
}

}  // namespace

bool hasSchema(Connection& connection) {
  const int64_t version = pragma(connection, "user_version"), application = pragma(connection, "application_id");
  Statement tables(connection, "SELECT count(*) FROM sqlite_schema");
  tables.step();
  if (version == 0 && application == 0 && tables.integer(0) == 0) return false;
  const std::string path = connection.path().string();
  if (application != kApplicationId)
    failInput(fmt::format("{} is the database of another program.", path),
              fmt::format("Its application id is 0x{:08x} where Netwright's is 0x{:08x}.", application, kApplicationId),
              "Move it away: the next run makes a new one.");
  if (version > kSchemaVersion)
    failInput(
        fmt::format("{} has format {}, but this Netwright knows formats up to {}.", path, version, kSchemaVersion),
        "A newer Netwright wrote it.", "Update Netwright.");
  return true;
}

void prepareForWriting(Connection& connection) {
  hasSchema(connection);  // refuse before anything is changed
  useWriteAheadLog(connection);
  Transaction transaction(connection, Transaction::Kind::Write);
  if (hasSchema(connection)) return;
  connection.exec(kTables);
  connection.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, kSchemaVersion));
  transaction.commit();
}

}  // namespace netwright::store
