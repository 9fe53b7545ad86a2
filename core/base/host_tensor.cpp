// SPDX-License-Identifier: Apache-2.0
#include "core/base/host_tensor.h"

namespace netwright {

int64_t elementCount(const std::vector<int64_t>& shape) {
  int64_t n = 1;
  for (const int64_t d : shape) n *= d;
  return n;
}

HostTensor::HostTensor(DType dtype, std::vector<int64_t> shape)
    : dtype(dtype), shape(std::move(shape)), bytes(static_cast<size_t>(elementCount(this->shape)) * byteSize(dtype)) {}

std::vector<TensorRef> refs(const std::vector<NamedTensor>& tensors) {
  std::vector<TensorRef> list;
  list.reserve(tensors.size());
  for (const NamedTensor& t : tensors) list.push_back({t.name, &t.tensor});
  return list;
}

std::string_view bytesOf(const HostTensor& tensor) {
  return {reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size()};
}

}  // namespace netwright
