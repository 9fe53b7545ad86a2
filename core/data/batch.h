// SPDX-License-Identifier: Apache-2.0
// A mini-batch: named columns with the batch dimension first. Filled by datasets, fed to programs.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/host_tensor.h"

namespace netwright::data {

struct Batch {
  std::vector<NamedTensor> columns;
  std::vector<int64_t> samples;  // where each row came from in the source, for error messages

  int64_t size() const { return static_cast<int64_t>(samples.size()); }
  // Null if there is no such column.
  const HostTensor* find(std::string_view name) const;
};

}  // namespace netwright::data
