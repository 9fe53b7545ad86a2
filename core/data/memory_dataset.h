// SPDX-License-Identifier: Apache-2.0
// Data sets held in memory, each column as one tensor: the fast path. Used by sources, and by openData for what fits.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace netwright::data {

// columns[i].tensor has the sample as its first dimension. names: of the samples; may be empty.
std::shared_ptr<const Dataset> memoryDataset(std::vector<ColumnSpec> columns, std::vector<HostTensor> tensors,
                                             SampleNames names = {});

// The same samples and bytes as `source`, which is read once, now.
std::shared_ptr<const Dataset> loaded(std::shared_ptr<const Dataset> source);
// What loaded() would hold, in bytes.
int64_t memoryOf(const Dataset& dataset);
// A quarter of the machine's memory: what one data set may take.
int64_t memoryLimit();

// Some samples of `source` as a data set of its own. Batches name the samples of the source.
std::shared_ptr<const Dataset> subset(std::shared_ptr<const Dataset> source, std::vector<int64_t> samples);

// Throws Error{Input} if a number of the given columns is not finite, naming the sample and the entry. Reads all.
void requireNumbers(const Dataset& dataset);

}  // namespace netwright::data
