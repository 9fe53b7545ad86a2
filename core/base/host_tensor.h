// SPDX-License-Identifier: Apache-2.0
// A dense tensor in host memory, row-major (C order), owned by value. What crosses borders without LibTorch: batches,
// weights in files, payloads of the protocol, inputs of an evaluation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/dtype.h"

namespace netwright {

int64_t elementCount(const std::vector<int64_t>& shape);

struct HostTensor {
  DType dtype = DType::Float32;
  std::vector<int64_t> shape;
  std::vector<std::byte> bytes;  // elementCount(shape) * byteSize(dtype)

  HostTensor() = default;
  HostTensor(DType dtype, std::vector<int64_t> shape);  // zeros
  bool operator==(const HostTensor&) const = default;

  int64_t count() const { return elementCount(shape); }
  template <class T>
  std::span<T> as() {
    return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
  template <class T>
  std::span<const T> as() const {
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
};

struct NamedTensor {
  std::string name;
  HostTensor tensor;
};

// The same without owning the tensor, which must outlive this.
struct TensorRef {
  std::string name;
  const HostTensor* tensor = nullptr;
};
std::vector<TensorRef> refs(const std::vector<NamedTensor>& tensors);

// A tensor's bytes as text.
std::string_view bytesOf(const HostTensor& tensor);

}  // namespace netwright
