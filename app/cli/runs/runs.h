// SPDX-License-Identifier: Apache-2.0
// What the subcommands of `netwright-cli runs` share.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/store/database.h"

namespace netwright::cli::runs {

// Each adds its subcommand to `runs`; one file each.
void addList(CLI::App& runs);
void addShow(CLI::App& runs);
void addExport(CLI::App& runs);
void addCompare(CLI::App& runs);
void addDelete(CLI::App& runs);
void addRestore(CLI::App& runs);
void addGc(CLI::App& runs);
void addTag(CLI::App& runs);
void addNote(CLI::App& runs);

struct Target {
  std::string folder;
  bool json = false;
};
// PROJECT and --json.
void addTarget(CLI::App& command, Target& target);

std::string when(int64_t ms);                                             // local time
std::string valueText(const store::MetricSummary& metric, double value);  // 97.92 % of an accuracy, 0.1234 of others
nlohmann::ordered_json describe(const store::RunSummary& run);
// Throws Error{Input} with the nearest names.
std::vector<store::RunSummary> findRuns(const std::filesystem::path& folder,
                                        const std::vector<std::string>& references);
store::RunSummary findTrashed(const std::filesystem::path& folder, const std::string& reference);

}  // namespace netwright::cli::runs
