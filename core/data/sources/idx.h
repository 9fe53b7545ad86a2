// SPDX-License-Identifier: Apache-2.0
// IDX files (MNIST and its kin), plain or gzip'ed: images and labels of unsigned bytes.
// Layout, big endian: 0 0 type rank, rank sizes of 32 bits, data. Source: yann.lecun.com/exdb/mnist.
#pragma once

#include <filesystem>
#include <memory>

#include "core/data/registry.h"

namespace netwright::data {

// Columns "image" (uint8, (1, height, width)) and "label" (int64, scalar, classes "0".."n-1"), held in memory.
// classes: how many labels there may be; 0 takes as many as the labels file needs.
// Throws Error{Input} for any file that is not exactly what its header says; never allocates more than the file can
// hold.
std::shared_ptr<const Dataset> openIdx(const std::filesystem::path& images, const std::filesystem::path& labels,
                                       int64_t classes = 0);

// A folder with train-images*, train-labels* and, optionally, t10k-images*, t10k-labels* (or test-...), with or without
// .gz.
SourceSpec idxSource();

}  // namespace netwright::data
