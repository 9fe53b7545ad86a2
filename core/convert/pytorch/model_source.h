// SPDX-License-Identifier: Apache-2.0
// A network as the nn.Module that a person would write: model.py. A layer that is a module of torch.nn (module_row.h)
// is one line of __init__ and one of forward(); a layer with weights or a mode of its own that PyTorch lacks becomes a
// small class, printed op by op; all others are printed op by op in forward(). Used by the exporter of PyTorch projects
// and by the writer of train.py.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/graph/document.h"

namespace netwright::convert::pytorch {

struct ModelSource {
  std::string text;                          // of model.py
  std::string className;                     // "DigitsCNN"
  std::vector<std::string> inputs, outputs;  // names, in the order of forward()'s arguments and results
  // Names of weights that state_dict says otherwise, because nn.Module keeps some words for itself.
  std::map<std::string, std::string> renamed;
  // Buffers whose values are only in the files of weights.
  std::vector<std::string> constants;
  // What draws at random in training: path of the module -> id of the op.
  std::map<std::string, uint64_t> random;
  // Why a new model does not start as a run of Netwright with the same seed does, as the end of a sentence; empty if
  // it does.
  std::string otherStart;
};

// The graph must lower without errors.
ModelSource modelSource(const std::string& modelName, const graph::Document& graph);

}  // namespace netwright::convert::pytorch
