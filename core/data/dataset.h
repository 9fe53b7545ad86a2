// SPDX-License-Identifier: Apache-2.0
// Samples by number: the interface of every data source. Transforms are datasets that wrap another one.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/dtype.h"
#include "core/data/batch.h"

namespace netwright::data {

enum class Role { Feature, Target };

struct ColumnSpec {
  std::string name;
  DType dtype = DType::Float32;
  std::vector<int64_t> shape;  // of one sample; {} is a scalar
  Role role = Role::Feature;
  std::vector<std::string> classes;  // names of the values 0..n-1 of a label; empty for numbers
  std::vector<std::string> entries;  // names of the entries of a row of features ("island=Biscoe"); may be empty
  bool padsStart = false;            // of texts (letters.h): a short one has its filler before it, else behind
  std::string follows;               // a target that holds, for each letter of this feature, the next one
  bool operator==(const ColumnSpec&) const = default;
};

using SampleNames = std::function<std::string(int64_t sample)>;

// Immutable after construction: any number of threads may read at once.
class Dataset {
 public:
  Dataset() = default;
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;
  virtual ~Dataset() = default;

  virtual const std::vector<ColumnSpec>& columns() const = 0;
  virtual int64_t size() const = 0;
  // Makes `out` hold exactly these samples (each in [0, size())), one tensor per column in the order of columns().
  // Memory of `out` is reused: no allocation while the batch keeps its size.
  virtual void read(std::span<const int64_t> samples, Batch& out) const = 0;
  // read() only copies from memory, so worker threads gain nothing.
  virtual bool inMemory() const { return false; }
  // Where a person finds the sample: "line 17 of penguins.csv".
  std::string sampleName(int64_t sample) const { return sampleNames()(sample); }
  // The same as a function that lives on without the data set; "sample 17" where a source knows no better.
  virtual SampleNames sampleNames() const;
};

// For implementations of read(): names, types and sizes the tensors of `out`; their contents are unspecified.
void shapeBatch(const std::vector<ColumnSpec>& columns, std::span<const int64_t> samples, Batch& out);

}  // namespace netwright::data
