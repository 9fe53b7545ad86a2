// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace netwright::convert::cpp::kernels {

// Memory for what a kernel needs while it works; it grows to the largest need and stays.
class Scratch {
 public:
  float* take(std::int64_t count) {
    if (values_.size() < static_cast<std::size_t>(count)) values_.resize(static_cast<std::size_t>(count));
    return values_.data();
  }

 private:
  std::vector<float> values_;
};

}  // namespace netwright::convert::cpp::kernels
