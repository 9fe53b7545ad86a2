// SPDX-License-Identifier: Apache-2.0
// The part of train.py that reads, divides and prepares the data. Used by training_script.cpp.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/data/data_config.h"
#include "core/project/training/python_parts.h"

namespace netwright::project {

struct DataParts {
  std::string refusal;                // as in TrainingScript
  bool hasPath = false;               // load() takes the path of the data
  std::vector<std::string> packages;  // as in TrainingScript
};

// Adds load(): the columns as tensors by name, the training samples and the validation samples.
// `columns`: of the data as the network sees them.
DataParts addData(PythonParts& script, const data::DataConfig& config, const std::filesystem::path& folder,
                  const std::vector<data::ColumnSpec>& columns, const std::string& learnt);

}  // namespace netwright::project
