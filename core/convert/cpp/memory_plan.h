// SPDX-License-Identifier: Apache-2.0
// Which buffer each value of a network lives in while it runs: a buffer is used again as soon as nothing reads what is
// in it. Used by the plain C++ exporter.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/program/program.h"

namespace netwright::convert::cpp {

class MemoryPlan {
 public:
  struct Buffer {
    DType type = DType::Float32;       // or Int64
    std::vector<program::Dim> counts;  // of what lives in it, over the batch size N; the largest is its size
    bool taken = false;
  };

  // Index into buffers().
  size_t take(DType type, const program::Dim& count);
  void grow(size_t buffer, const program::Dim& count);
  void release(size_t buffer) { buffers_[buffer].taken = false; }
  const std::vector<Buffer>& buffers() const { return buffers_; }

 private:
  std::vector<Buffer> buffers_;
};

}  // namespace netwright::convert::cpp
