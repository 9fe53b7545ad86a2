// SPDX-License-Identifier: Apache-2.0
// Exporting a stored run, start to end: weights from its checkpoint, pre-flight, file, proof by the engine. The command
// line and the window share it.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/convert/exporter.h"
#include "core/project/project.h"
#include "core/run/engine_client.h"

namespace netwright::project {

struct ExportRequest {
  std::filesystem::path folder;
  std::string run = "latest";  // id, name or "latest"
  const convert::Exporter* format = nullptr;
  std::filesystem::path output;
  Attributes options;  // by exportOptions(); what is missing has its default
};

// What may be chosen for a format: its own options and, if it holds the graph, graphOptions().
std::vector<ParamSpec> exportOptions(const convert::Exporter& format);

struct ExportOutcome {
  std::string run;  // its name
  std::filesystem::path output;
  int64_t size = 0;  // bytes, of all files
  convert::Comparison comparison;
  std::vector<std::string> notes;  // what was left out and why: whole sentences
};

// What the format cannot hold of the run's network, before anything is written. Throws Error{Input} if there is no such
// run.
Diagnostics checkExport(const ExportRequest& request);
// Writes, proves, and records the file as an artifact of the run. Throws Error; a file whose proof fails is kept and
// reported by comparison.equal. A stop before the file is in its place leaves nothing (Error{Input}); one during the
// proof ends the engine and what the proof has started, and the comparison says so. Blocks for a second or two: not for
// a GUI thread.
ExportOutcome exportRun(const ExportRequest& request, run::EngineClient& engine, const std::stop_token& stop = {});

}  // namespace netwright::project
