// SPDX-License-Identifier: Apache-2.0
// A project made ready to train: graph lowered with its losses, inputs bound to columns, everything wrong listed at
// once. Used by the engine before a run, by `validate` and by the window.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/layers/lower_graph.h"
#include "core/project/project.h"

namespace netwright::project {

struct Prepared {
  layers::Lowered lowered;   // its program holds the losses
  std::vector<int> columns;  // per input of the program: index of its column
  std::vector<int> targets;  // per loss term of the program: index of its column; -1 for none
  struct Metric {
    std::string id, name;         // of run::metrics(); of its curve: "accuracy/head"
    layers::MeasuredPlace place;  // its values
    int target = -1;              // its column
    std::optional<int64_t> ignore;
  };
  std::vector<Metric> metrics;
  Diagnostics diagnostics;  // of graph, settings and binding; no duplicates
  bool ok() const { return !hasErrors(diagnostics); }
};

// Never throws: inputs bind to the feature column of their name, or the only input to the only feature; targets by
// name, or the only target.
Prepared prepare(const Project& project, const std::vector<data::ColumnSpec>& columns);
// The same before anybody has looked at the data: the graph without its losses, and what is wrong in it and in the
// settings.
Prepared prepareWithoutData(const Project& project);
// The same, with the columns of the project's data. Throws Error{Input} when the data cannot be read.
Prepared prepare(const Project& project, const std::filesystem::path& folder);
// What only the number of training samples tells: a last batch of one sample that batch norm cannot take (NW-R001).
Diagnostics checkBatches(const Prepared& prepared, const run::RunConfig& config, int64_t trainSamples);
// One text for several diagnostics: the first error, and how many others there are. For errors that end a command.
[[noreturn]] void failWith(const Diagnostics& diagnostics);

}  // namespace netwright::project
