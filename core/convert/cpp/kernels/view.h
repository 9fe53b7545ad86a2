// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace netwright::convert::cpp::kernels {

// Numbers that belong to the caller, row by row: of a vector, or of any memory with its count.
template <class T>
struct View {
  View(const std::vector<T>& values) : data(values.data()), size(values.size()) {}
  View(const T* values, std::size_t count) : data(values), size(count) {}
  const T* data;
  std::size_t size;
};

inline void requireCount(const char* input, std::size_t received, std::int64_t expected, std::int64_t batch) {
  if (batch < 1) throw std::invalid_argument("A batch of " + std::to_string(batch) + " samples: give 1 or more.");
  if (received != static_cast<std::size_t>(expected))
    throw std::invalid_argument(std::string("Input ") + input + " has " + std::to_string(received) + " numbers; " +
                                std::to_string(batch) + " samples have " + std::to_string(expected) + ".");
}

// The buffer's memory, made larger if it must be; it never shrinks, so equal batches allocate nothing.
template <class T>
T* grown(std::vector<T>& buffer, std::int64_t count) {
  if (buffer.size() < static_cast<std::size_t>(count)) buffer.resize(static_cast<std::size_t>(count));
  return buffer.data();
}

}  // namespace netwright::convert::cpp::kernels
