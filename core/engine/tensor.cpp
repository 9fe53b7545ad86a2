// SPDX-License-Identifier: Apache-2.0
#include "core/engine/tensor.h"

#include <ATen/ops/from_blob.h>
#include <fmt/format.h>

#include <array>
#include <cstring>

#include "core/base/error.h"

namespace netwright::engine {
namespace {

constexpr std::array<std::pair<DType, at::ScalarType>, 10> kTypes{{{DType::Float32, at::kFloat},
                                                                   {DType::Float64, at::kDouble},
                                                                   {DType::Float16, at::kHalf},
                                                                   {DType::BFloat16, at::kBFloat16},
                                                                   {DType::Int8, at::kChar},
                                                                   {DType::Int16, at::kShort},
                                                                   {DType::Int32, at::kInt},
                                                                   {DType::Int64, at::kLong},
                                                                   {DType::UInt8, at::kByte},
                                                                   {DType::Bool, at::kBool}}};

}  // namespace

at::ScalarType torchType(DType type) {
  if (type == DType::DefaultFloat) return at::kFloat;
  for (const auto& [ours, theirs] : kTypes)
    if (ours == type) return theirs;
  failEnvironment(fmt::format("The type {} has no counterpart in LibTorch.", name(type)), "", "");
}

DType fromTorchType(at::ScalarType type) {
  for (const auto& [ours, theirs] : kTypes)
    if (theirs == type) return ours;
  failEnvironment(fmt::format("Tensors of the type {} cannot be taken over.", c10::toString(type)), "", "");
}

at::Tensor view(const HostTensor& host) {
  return at::from_blob(const_cast<std::byte*>(host.bytes.data()), host.shape,
                       at::TensorOptions().dtype(torchType(host.dtype)));
}

HostTensor toHost(const at::Tensor& tensor) {
  const bool plainAlready = tensor.is_cpu() && tensor.is_contiguous();
  const at::Tensor plain = plainAlready ? tensor : tensor.detach().to(at::kCPU).contiguous();
  HostTensor host(fromTorchType(plain.scalar_type()), plain.sizes().vec());
  std::memcpy(host.bytes.data(), plain.const_data_ptr(), host.bytes.size());
  return host;
}

}  // namespace netwright::engine
