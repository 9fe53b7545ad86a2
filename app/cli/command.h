// SPDX-License-Identifier: Apache-2.0
// What every subcommand of netwright-cli shares: registration, printing, exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>

#include "core/base/diagnostic.h"
#include "core/project/project.h"

namespace netwright::cli {

inline constexpr int kInputError = 1, kUsageError = 2, kEnvironmentError = 3, kInterrupted = 130;

// Each adds its subcommand; one file each.
void addTemplates(CLI::App& app);
void addNew(CLI::App& app);
void addValidate(CLI::App& app);
void addSummary(CLI::App& app);
void addTrain(CLI::App& app);
void addResume(CLI::App& app);
void addEval(CLI::App& app);
void addExport(CLI::App& app);
void addRuns(CLI::App& app);
void addProject(CLI::App& app);
void addLayers(CLI::App& app);
void addHelp(CLI::App& app);
void addAttach(CLI::App& app);
void addPs(CLI::App& app);
void addStop(CLI::App& app);
void addDoctor(CLI::App& app);

void addPredict(CLI::App& app);
void addData(CLI::App& app);
void addWeights(CLI::App& app);
void addOps(CLI::App& app);
void addFormats(CLI::App& app);
void addOptimisers(CLI::App& app);
void addSchedules(CLI::App& app);
void addCompletion(CLI::App& app);

// "name=value" of --set, or of `option`. Throws a usage error that shows how it should look.
std::pair<std::string, std::string> assignment(const std::string& text, const std::string& option = "--set");
// A project with the settings of --set changed in it.
project::Project openProject(const std::string& folder, const std::vector<std::string>& sets);

// Ends the program with this status after the subcommand returns; the last call counts.
void setExitCode(int code);
int exitCode();

void printJson(const nlohmann::ordered_json& json);
std::string severityName(Severity severity);  // "error"
nlohmann::ordered_json toJson(const Diagnostics& diagnostics);
// One paragraph each, errors first: sign, text, chain, fixes.
void printDiagnostics(const Diagnostics& diagnostics);

bool outputIsTerminal();
// ANSI codes, empty where the output is no terminal or NO_COLOR is set.
std::string bold(const std::string& text);
std::string dim(const std::string& text);
std::string red(const std::string& text);
std::string green(const std::string& text);
std::string yellow(const std::string& text);

}  // namespace netwright::cli
