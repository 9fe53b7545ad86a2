// SPDX-License-Identifier: Apache-2.0
// Exporting a stored run, start to end: weights from its checkpoint, pre-flight, file, proof by the engine. The command
// line and the window share it.
#pragma once

#include <filesystem>
#include <string>

#include "core/convert/exporter.h"
#include "core/project/project.h"
#include "core/run/engine_client.h"

namespace netwright::project {

struct ExportRequest {
  std::filesystem::path folder;
  std::string run = "latest";  // id, name or "latest"
  const convert::Exporter* format = nullptr;
  std::filesystem::path output;
  Attributes options;  // of the format; what is missing has its default
};

struct ExportOutcome {
  std::string run;  // its name
  std::filesystem::path output;
  int64_t size = 0;  // bytes, of all files
  convert::Comparison comparison;
};

// What the format cannot hold of the run's network, before anything is written. Throws Error{Input} if there is no such
// run.
Diagnostics checkExport(const ExportRequest& request);
// Writes, proves, and records the file as an artifact of the run. Throws Error; a file whose proof fails is kept and
// reported by comparison.equal. Blocks for a second or two: not for a GUI thread.
ExportOutcome exportRun(const ExportRequest& request, run::EngineClient& engine);

}  // namespace netwright::project
