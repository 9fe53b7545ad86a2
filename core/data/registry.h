// SPDX-License-Identifier: Apache-2.0
// Every kind of data source and transform, for forms, files and help. A new one is a file and a line in registry.cpp.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/transform.h"

namespace netwright::data {

struct SourceData {
  std::shared_ptr<const Dataset> train, test;  // test may be null
};

struct SourceSpec {
  std::string kind, title, doc;
  std::vector<ParamSpec> params;
  std::function<SourceData(const std::filesystem::path& folder)> open;
  // The columns of open(), without reading the bulk of the data.
  std::function<std::vector<ColumnSpec>(const std::filesystem::path& folder)> describe;
};

const std::vector<SourceSpec>& sources();
const std::vector<TransformSpec>& transforms();
// Throw Error{Input} that names the nearest known kind.
const SourceSpec& sourceSpec(const std::string& kind);
const TransformSpec& transformSpec(const std::string& kind);

}  // namespace netwright::data
