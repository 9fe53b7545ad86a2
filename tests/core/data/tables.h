// SPDX-License-Identifier: Apache-2.0
// Texts as data files, opened through openData, and what comes out of them. For tests of sources and splits.
#pragma once

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/data_config.h"
#include "tests/core/data/idx_files.h"

namespace netwright::data {

// A project folder with one data file, and settings that read it: no transforms, everything to training.
class Table {
 public:
  explicit Table(const std::string& text, const std::string& source = "csv", const std::string& name = "t.csv",
                 const Attributes& params = {}) {
    config.source = source;
    config.params = params;
    config.path = name;
    config.validation = 0;
    folder.write(name, text);
  }

  DataSplits open(const Fitted* fitted = nullptr) const { return openData(config, folder.path(), fitted); }
  std::vector<ColumnSpec> describe() const { return describeData(config, folder.path()); }
  // The message of the Error{Input} that opening throws.
  std::string message() const {
    try {
      open();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::Input);
      return error.what();
    }
    return "no error";
  }

  DataFolder folder;
  DataConfig config;
};

inline Batch readAll(const Dataset& dataset) {
  std::vector<int64_t> samples(static_cast<size_t>(dataset.size()));
  std::iota(samples.begin(), samples.end(), int64_t{0});
  Batch batch;
  dataset.read(samples, batch);
  return batch;
}

template <class T>
std::vector<T> values(const Dataset& dataset, const std::string& column) {
  const Batch batch = readAll(dataset);
  const auto all = batch.find(column)->as<T>();
  return {all.begin(), all.end()};
}

}  // namespace netwright::data
