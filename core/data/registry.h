// SPDX-License-Identifier: Apache-2.0
// Every kind of data source and transform, for forms, files and help. A new one is a file and a line in registry.cpp.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/split.h"
#include "core/data/transform.h"

namespace netwright::data {

// What a source is asked for.
struct SourceRequest {
  std::filesystem::path path;           // exists; empty for sources without files
  Attributes params;                    // complete and checked
  std::filesystem::path projectFolder;  // for params that name further files
};

struct SourceData {
  std::shared_ptr<const Dataset> train, test;  // test may be null
  std::optional<Split> given;                  // sets that the source gives, as samples of `train`; wins over shares
  bool series = false;             // samples are windows in order of time: they may only be split by time ...
  int64_t gap = 0;                 // ... leaving out this many between two parts, so that no value is in both
  std::vector<std::string> notes;  // for the user: whole sentences
};

enum class SourcePath { None, Folder, FileOrFolder };

struct SourceSpec {
  std::string kind, title, doc;
  std::vector<ParamSpec> params;
  std::function<SourceData(const SourceRequest&)> open;
  // The columns of open(), without reading the bulk of the data where the format allows it.
  std::function<std::vector<ColumnSpec>(const SourceRequest&)> describe;
  SourcePath path = SourcePath::Folder;
};

const std::vector<SourceSpec>& sources();
const std::vector<TransformSpec>& transforms();
// Throw Error{Input} that names the nearest known kind.
const SourceSpec& sourceSpec(const std::string& kind);
const TransformSpec& transformSpec(const std::string& kind);

}  // namespace netwright::data
