// SPDX-License-Identifier: Apache-2.0
#include "core/store/migrations/steps.h"

namespace netwright::store {

// Only adds, so that a process of the version before may go on with the run that it records.
const char* const kVersion1To2 = R"sql(
ALTER TABLE runs ADD COLUMN deleted_ms INTEGER;
ALTER TABLE artifacts ADD COLUMN name TEXT;
ALTER TABLE artifacts ADD COLUMN data BLOB;
CREATE INDEX runs_parent ON runs(parent_run_id);
CREATE INDEX runs_graph ON runs(graph_id);
CREATE INDEX checkpoints_artifact ON checkpoints(artifact_id);
CREATE INDEX checkpoints_metric ON checkpoints(metric_id);
CREATE INDEX artifacts_path ON artifacts(path);
CREATE TABLE tags(
  run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY(run_id, key)) WITHOUT ROWID;
CREATE INDEX tags_key ON tags(key, value);
CREATE TABLE notes(
  id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, created_ms INTEGER NOT NULL,
  text TEXT NOT NULL);
CREATE INDEX notes_run ON notes(run_id);
CREATE TABLE saved_views(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, json TEXT NOT NULL, created_ms INTEGER NOT NULL);
CREATE TABLE histograms(
  id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key TEXT NOT NULL,
  step INTEGER NOT NULL, t REAL NOT NULL, n INTEGER NOT NULL, edges BLOB NOT NULL, counts BLOB NOT NULL);
CREATE INDEX histograms_run ON histograms(run_id, key, step);
CREATE TABLE datasets(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, uri TEXT NOT NULL, digest TEXT NOT NULL, schema TEXT NOT NULL, profile TEXT,
  created_ms INTEGER NOT NULL, UNIQUE(digest, name, uri));
CREATE TABLE run_datasets(
  run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  role TEXT NOT NULL, samples INTEGER NOT NULL, fitted TEXT, PRIMARY KEY(run_id, role)) WITHOUT ROWID;
CREATE INDEX run_datasets_dataset ON run_datasets(dataset_id);
CREATE TABLE system_samples(
  id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, key TEXT NOT NULL,
  context TEXT NOT NULL, unit TEXT, goal TEXT NOT NULL, n INTEGER NOT NULL DEFAULT 0, last_step INTEGER, last_value REAL,
  min_value REAL, min_step INTEGER, max_value REAL, max_step INTEGER, UNIQUE(run_id, key, context));
CREATE TABLE system_chunks(
  metric_id INTEGER NOT NULL REFERENCES system_samples(id) ON DELETE CASCADE, chunk INTEGER NOT NULL, n INTEGER NOT NULL,
  step0 INTEGER NOT NULL, step1 INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, vmin REAL, vmax REAL,
  encoding INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(metric_id, chunk)) WITHOUT ROWID;
CREATE TABLE system_tail(
  metric_id INTEGER NOT NULL REFERENCES system_samples(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  step INTEGER NOT NULL, t REAL NOT NULL, value REAL NOT NULL, PRIMARY KEY(metric_id, position)) WITHOUT ROWID;
)sql";

}  // namespace netwright::store
