// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/op_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"

namespace netwright::convert::pytorch {
namespace {

using program::Argument;
using program::Dim;
using program::Op;

// How many arguments remain when those at the end that are the schema's defaults are left out.
size_t givenArguments(const Op& op) {
  size_t count = op.args.size();
  while (count > 0 && op.info->schema.arguments[count - 1].fallback == op.args[count - 1]) --count;
  return count;
}

// Ops that have signs or methods instead of functions; nothing for all others.
std::string ownForm(const program::Program& program, const Op& op, const python::Dialect& dialect) {
  const auto text = [&](size_t i) { return python::argumentText(program, op, i, dialect); };
  const auto bare = [](const std::string& list) { return list.substr(1, list.size() - 2); };
  const std::string id = op.info->id();
  const bool plain = op.args.size() < 3 || op.args[2] == Argument(Dim(1));
  if (id == "add.Tensor" && plain) return fmt::format("{} + {}", text(0), text(1));
  if (id == "sub.Tensor" && plain) return fmt::format("{} - {}", text(0), text(1));
  if (id == "mul.Tensor" || id == "mul.Scalar") return fmt::format("{} * {}", text(0), text(1));
  if (id == "div.Tensor") return fmt::format("{} / {}", text(0), text(1));
  if (id == "permute" || id == "expand") return fmt::format("{}.{}({})", text(0), id, bare(text(1)));
  if (id == "unsqueeze") return fmt::format("{}.unsqueeze({})", text(0), text(1));
  if (id == "reshape") return fmt::format("{}.reshape({})", text(0), text(1) == "[]" ? "()" : bare(text(1)));
  if (id == "transpose.int") return fmt::format("{}.transpose({}, {})", text(0), text(1), text(2));
  if (id == "new_zeros" && givenArguments(op) == 2) return fmt::format("{}.new_zeros({})", text(0), text(1));
  if (id == "embedding_renorm_")
    return fmt::format("torch.no_grad()(torch.embedding_renorm_)({}, {}, {}, {})", text(0), text(1), text(2), text(3));
  if (id == "copy_") return fmt::format("{}.copy_({})", text(0), text(1));
  if (id == "add_.Scalar") return fmt::format("{}.add_({})", text(0), text(1));
  return "";
}

}  // namespace

std::string functionOf(const program::OpInfo& op) {
  // Functions that call their arguments as the schema does.
  static const std::map<std::string, std::string> kFunctions{
      {"adaptive_avg_pool2d", "F."},
      {"amax", "torch."},
      {"argmax", "torch."},
      {"avg_pool2d", "F."},
      {"batch_norm", "torch."},
      {"cat", "torch."},
      {"conv1d", "torch."},
      {"conv2d", "torch."},
      {"conv_transpose2d.input", "torch."},
      {"dropout", "torch."},
      {"embedding", "torch."},
      {"exp", "torch."},
      {"flatten.using_ints", "torch."},
      {"gelu", "F."},
      {"layer_norm", "torch."},
      {"leaky_relu", "F."},
      {"linear", "F."},
      {"lstm.input", "torch."},
      {"max_pool2d", "torch."},
      {"mean.dim", "torch."},
      {"masked_fill.Scalar", "torch."},
      {"narrow", "torch."},
      {"randn_like", "torch."},
      {"relu", "torch."},
      {"scaled_dot_product_attention", "F."},
      {"select.int", "torch."},
      {"sigmoid", "torch."},
      {"silu", "F."},
      {"softmax.int", "torch."},
      {"tanh", "torch."},
      {"unflatten.int", "torch."},
  };
  const program::Schema& schema = op.schema;
  const auto it = kFunctions.find(schema.id());
  if (it != kFunctions.end()) return it->second + schema.name;
  return fmt::format("torch.ops.aten.{}.{}", schema.name, schema.overload.empty() ? "default" : schema.overload);
}

std::string opCall(const program::Program& program, const Op& op, const python::Dialect& dialect) {
  if (std::string form = ownForm(program, op, dialect); !form.empty()) return form;
  std::vector<std::string> args;
  bool named = false;  // tensors by place, the rest by name
  for (size_t i = 0; i < givenArguments(op); ++i) {
    const program::SchemaArgument& spec = op.info->schema.arguments[i];
    const bool tensors = spec.isTensor() || std::holds_alternative<std::vector<program::ValueId>>(op.args[i]);
    named = named || !tensors;
    const std::string value = python::argumentText(program, op, i, dialect);
    args.push_back(named ? fmt::format("{}={}", spec.name, value) : value);
  }
  return fmt::format("{}({})", functionOf(*op.info), joined(args, ", "));
}

std::string dtypeText(DType type) {
  return "torch." + std::string(name(type == DType::DefaultFloat ? DType::Float32 : type));
}

}  // namespace netwright::convert::pytorch
