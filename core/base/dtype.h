// SPDX-License-Identifier: Apache-2.0
// Element types of tensors. DefaultFloat is resolved when a program is planned, so one network runs in float32 or
// float64.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace netwright {

enum class DType { DefaultFloat, Float32, Float64, Float16, BFloat16, Int8, Int16, Int32, Int64, UInt8, Bool };

size_t byteSize(DType type);  // DefaultFloat counts as Float32
bool isFloating(DType type);
std::string name(DType type);  // as in PyTorch: "float32", "int64"; DefaultFloat is "float"
std::optional<DType> dtypeFromName(const std::string& name);

}  // namespace netwright
