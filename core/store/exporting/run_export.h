// SPDX-License-Identifier: Apache-2.0
// A stored run for other programs: CSV for spreadsheets, JSON with everything, event files for TensorBoard. Used by
// netwright-cli runs export. Nothing is rounded but TensorBoard's values, which are floats there.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/store/database.h"

namespace netwright::store {

// One line for each point: run,context,key,step,seconds,value. RFC 4180; nan, inf and -inf as such.
std::string runsToCsv(Database& database, const std::vector<RunSummary>& runs);
// Settings, tags, notes, data sets, checkpoints, events, histograms and all points of a run. Numbers that JSON lacks
// are texts.
nlohmann::ordered_json runToJson(Database& database, const RunSummary& run);
// Writes folder/<run's name>/events.out.tfevents.* with a scalar for each point (tag context/key) and the histograms of
// weights (tag weights/name).
// Returns the file. Throws Error{Environment}.
std::filesystem::path writeTensorBoard(Database& database, const RunSummary& run, const std::filesystem::path& folder);

}  // namespace netwright::store
