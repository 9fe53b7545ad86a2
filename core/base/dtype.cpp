// SPDX-License-Identifier: Apache-2.0
#include "core/base/dtype.h"

#include <array>

namespace netwright {
namespace {

struct Row {
  DType type;
  const char* name;
  size_t size;
  bool floating;
};
constexpr std::array<Row, 11> kRows{{{DType::DefaultFloat, "float", 4, true},
                                     {DType::Float32, "float32", 4, true},
                                     {DType::Float64, "float64", 8, true},
                                     {DType::Float16, "float16", 2, true},
                                     {DType::BFloat16, "bfloat16", 2, true},
                                     {DType::Int8, "int8", 1, false},
                                     {DType::Int16, "int16", 2, false},
                                     {DType::Int32, "int32", 4, false},
                                     {DType::Int64, "int64", 8, false},
                                     {DType::UInt8, "uint8", 1, false},
                                     {DType::Bool, "bool", 1, false}}};

const Row& row(DType type) { return kRows[static_cast<size_t>(type)]; }

}  // namespace

size_t byteSize(DType type) { return row(type).size; }
bool isFloating(DType type) { return row(type).floating; }
std::string name(DType type) { return row(type).name; }

std::optional<DType> dtypeFromName(const std::string& name) {
  for (const Row& r : kRows)
    if (name == r.name) return r.type;
  return std::nullopt;
}

}  // namespace netwright
