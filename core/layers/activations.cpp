// SPDX-License-Identifier: Apache-2.0
#include "core/layers/activations.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>

#include "core/base/dtype.h"

namespace netwright::layers {
namespace {

// Operators whose result looks at its argument's memory.
constexpr std::array<std::string_view, 16> kViews{"view",    "detach", "flatten", "reshape",   "unflatten", "transpose",
                                                  "permute", "select", "slice",   "unsqueeze", "squeeze",   "expand",
                                                  "split",   "chunk",  "unbind",  "narrow"};

bool isView(const program::Op& op) {
  const std::string id = op.info->id();
  const std::string_view name = std::string_view(id).substr(0, id.find('.'));
  for (const std::string_view view : kViews)
    if (name == view) return true;
  return false;
}

std::optional<int64_t> bytesOf(const program::TensorType& type, const program::Bindings& bindings) {
  int64_t count = 1;
  for (const program::Dim& d : type.shape) {
    const auto size = d.evaluate(bindings);
    if (!size) return std::nullopt;
    count *= *size;
  }
  return count * static_cast<int64_t>(byteSize(type.dtype == DType::DefaultFloat ? DType::Float32 : type.dtype));
}

std::optional<int64_t> bytesOf(const program::ValueType& type, const program::Bindings& bindings) {
  if (type.isTensor()) return bytesOf(type.tensor(), bindings);
  int64_t sum = 0;
  for (const program::TensorType& t : type.tensors) {
    const auto bytes = bytesOf(t, bindings);
    if (!bytes) return std::nullopt;
    sum += *bytes;
  }
  return sum;
}

}  // namespace

std::map<NodeId, int64_t> activationBytes(const program::Program& program, int64_t batch) {
  const program::Bindings bindings{{"N", batch}};
  std::map<NodeId, int64_t> bytes;
  std::set<NodeId> unknown;
  const auto add = [&](const NodePath& node, program::ValueId value, bool free) {
    if (node.empty()) return;
    const auto size = free ? std::optional<int64_t>(0) : bytesOf(program.type(value), bindings);
    if (size)
      bytes[node.back()] += *size;
    else
      unknown.insert(node.back());
  };
  const auto isTarget = [&](const program::Port& input) {  // of a loss: it belongs to an Output node
    return std::any_of(program.outputs.begin(), program.outputs.end(),
                       [&](const program::Port& output) { return output.node == input.node; });
  };
  for (const program::Port& port : program.inputs)
    if (!isTarget(port)) add(port.node, port.value, false);
  for (const program::Op& op : program.ops)
    if (op.part == program::Part::Model)
      for (const program::ValueId result : op.results) add(op.node, result, isView(op));
  for (const NodeId node : unknown) bytes.erase(node);
  return bytes;
}

}  // namespace netwright::layers
