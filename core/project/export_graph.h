// SPDX-License-Identifier: Apache-2.0
// The graph that an export writes: the one that was trained, with probabilities in place of scores and other names for
// inputs and outputs where they are asked for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/host_tensor.h"
#include "core/base/param_spec.h"
#include "core/project/project.h"

namespace netwright::project {

// probabilities, input_names, output_names: options of every format that holds the graph.
const std::vector<ParamSpec>& graphOptions();

struct ExportGraph {
  graph::Document graph;
  std::map<std::string, std::string> inputs;   // name in the file -> name in the project
  std::map<std::string, std::string> outputs;  // the same
  std::map<std::string, std::string> endings;  // name in the file -> "softmax" or "sigmoid" that was put behind it
};

// Throws Error{Input}: another number of names than there are inputs, a name twice, no loss that tells probabilities.
ExportGraph exportGraph(const Project& project, const Attributes& options);

// What a file with such an ending computes from the project's own output. "softmax" over dimension 1, "sigmoid".
HostTensor ended(const HostTensor& scores, const std::string& ending);

// The loss that compares an output: one of the graph, else of the run's settings; empty if there is none.
std::string lossOf(const Project& project, const std::string& output);

}  // namespace netwright::project
