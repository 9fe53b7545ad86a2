// SPDX-License-Identifier: Apache-2.0
// The rows that make up a run, besides its points. All inside the caller's transaction. Private to core/store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/store/database.h"
#include "core/store/recorder.h"

namespace netwright::store {

class Connection;

int64_t nowMs();  // since 1970
RunId insertRun(Connection& connection, const RunStart& start);
int64_t insertArtifact(Connection& connection, RunId run, const ArtifactRecord& artifact, std::optional<int64_t> step);
void insertCheckpoint(Connection& connection, RunId run, const CheckpointRecord& checkpoint);
void updateStatus(Connection& connection, RunId run, RunStatus status, const std::string& errorText);
void insertEvent(Connection& connection, RunId run, const EventRow& event);
void setTag(Connection& connection, RunId run, const std::string& key, const std::string& value);
void insertDataset(Connection& connection, RunId run, const DatasetRecord& dataset);
void insertHistogram(Connection& connection, RunId run, const HistogramRow& histogram);

}  // namespace netwright::store
