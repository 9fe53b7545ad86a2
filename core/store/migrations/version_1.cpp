// SPDX-License-Identifier: Apache-2.0
#include "core/store/migrations/steps.h"

namespace netwright::store {

// Names follow MLflow where one exists. Times ending in _ms are milliseconds since 1970; `t` of a point is seconds
// since its run began. A value that is NaN or -0.0 is a BLOB of its 8 bytes, any other a REAL.
const char* const kVersion1 = R"sql(
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

}  // namespace netwright::store
