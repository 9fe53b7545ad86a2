// SPDX-License-Identifier: Apache-2.0
#include "core/program/type.h"

#include <fmt/format.h>

namespace netwright::program {

std::string text(const ValueType& type) {
  if (type.kind == ValueType::Kind::Unknown) return "unknown";
  if (type.kind == ValueType::Kind::TensorList) return fmt::format("list of {} tensors", type.tensors.size());
  const TensorType& t = type.tensor();
  if (t.dtype == DType::DefaultFloat) return text(t.shape);
  return fmt::format("{} {}", name(t.dtype), text(t.shape));
}

}  // namespace netwright::program
