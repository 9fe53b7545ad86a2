// SPDX-License-Identifier: Apache-2.0
#include "core/convert/torchscript/source.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "core/base/text.h"
#include "core/convert/name_table.h"
#include "core/convert/python/identifier.h"
#include "core/convert/python/op_text.h"

namespace netwright::convert::torchscript {
namespace {

using program::Op;
using program::ValueId;
using python::identifier;
using python::isIdentifier;
using python::quoted;

// c10::ScalarType, whose numbers stand for dtypes in source.
int scalarType(DType type) {
  constexpr std::array<std::pair<DType, int>, 9> kCodes{{{DType::UInt8, 0},
                                                         {DType::Int8, 1},
                                                         {DType::Int16, 2},
                                                         {DType::Int32, 3},
                                                         {DType::Int64, 4},
                                                         {DType::Float16, 5},
                                                         {DType::Float64, 7},
                                                         {DType::Bool, 11},
                                                         {DType::BFloat16, 15}}};
  for (const auto& [known, code] : kCodes)
    if (known == type) return code;
  return 6;  // float32
}

// Always with a point or an exponent: TorchScript tells whole and real numbers apart. inf and nan are words of its own.
std::string real(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  const std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + "." : text;
}

// Writes forward(): which expression stands for each value.
class ForwardWriter final : public python::Dialect {
 public:
  ForwardWriter(const program::Program& program, const ModelPart& part, const ModuleTree& tree)
      : program_(program), part_(part), tree_(tree) {}

  std::string write() {
    std::string out = fmt::format("  def forward(self: __torch__.{}", tree_.root().type);
    for (const program::Port* p : part_.inputs) out += fmt::format(",\n    {}: Tensor", declare(p->value, p->name));
    for (const program::State* s : part_.states) expressions_[s->value] = tree_.weight(s->value);
    out += fmt::format(") -> {}:\n", resultType());
    out += inTraining(part_.preparations);
    for (const Op* op : part_.ops) out += statement(*op, "    ");
    out += inTraining(part_.effects);
    return out + fmt::format("    return {}\n", resultExpression());
  }

 private:
  std::string declare(ValueId value, const std::string& name) {
    return expressions_[value] = locals_.take(identifier(name));
  }

  std::string resultType() const {
    if (program_.outputs.size() == 1) return "Tensor";
    return fmt::format("Tuple[{}]", joined(std::vector<std::string>(program_.outputs.size(), "Tensor"), ", "));
  }
  std::string resultExpression() const {
    std::vector<std::string> names;
    for (const program::Port& p : program_.outputs) names.push_back(expressions_.at(p.value));
    return names.size() == 1 ? names[0] : fmt::format("({})", joined(names, ", "));
  }

  std::string value(ValueId value) const override { return expressions_.at(value); }
  std::string training(const Op& op) const override {
    if (op.mode != Mode::Follow) return op.mode == Mode::Train ? "True" : "False";
    return tree_.module(nodeName(op)) + ".training";
  }
  std::string size(const std::string& tensor, size_t dim) const override {
    return fmt::format("torch.size({}, {})", tensor, dim);
  }
  std::string type(DType type) const override { return std::to_string(scalarType(type)); }
  std::string number(double value) const override { return real(value); }
  const std::string& nodeName(const Op& op) const { return program_.value(op.results.at(0)).name; }

  // torch.conv2d(x, self.conv1.weight, None, stride=[1, 1], ...): tensors by place, the rest by name.
  std::string call(const Op& op) const {
    std::vector<std::string> args;
    bool named = false;
    for (size_t i = 0; i < op.args.size(); ++i) {
      const program::SchemaArgument& spec = op.info->schema.arguments[i];
      named = named || !spec.isTensor();
      const std::string value = python::argumentText(program_, op, i, *this);
      args.push_back(named ? fmt::format("{}={}", spec.name, value) : value);
    }
    return fmt::format("torch.{}({})", op.info->schema.name, joined(args, ", "));
  }

  std::string statement(const Op& op, const std::string& indent) {
    const std::string right = call(op);  // before its results get names
    std::vector<std::string> names;
    for (const ValueId r : op.results) names.push_back(declare(r, program_.value(r).name));
    return fmt::format("{}{} = {}\n", indent, joined(names, ", "), right);
  }

  // Counting batches and the like: in training only, those of a node together.
  std::string inTraining(const std::vector<const Op*>& ops) {
    std::string out;
    for (size_t i = 0; i < ops.size();) {
      const Op& first = *ops[i];
      const std::string condition = first.mode == Mode::Follow ? training(first) : "";
      std::string lines;
      for (; i < ops.size() && ops[i]->node == first.node; ++i)
        lines += statement(*ops[i], condition.empty() ? "    " : "      ");
      if (first.mode == Mode::Eval) continue;
      out += condition.empty() ? lines : fmt::format("    if {}:\n{}    else:\n      pass\n", condition, lines);
    }
    return out;
  }

  const program::Program& program_;
  const ModelPart& part_;
  const ModuleTree& tree_;
  NameTable locals_;
  std::map<ValueId, std::string> expressions_;
};

std::string nameList(const Module& module, program::StateKind kind) {
  std::string out = "[";
  for (const Module::Slot& s : module.slots)
    if (s.state->kind == kind) out += quoted(s.name) + ", ";
  return out + "]";
}

std::string declaration(const std::string& name, const std::string& type) {
  if (isIdentifier(name)) return fmt::format("  {} : {}\n", name, type);
  return fmt::format("  __annotations__[{}] = {}\n", quoted(name), type);
}

std::string classHead(const Module& module) {
  std::string out = fmt::format("class {}(Module):\n", module.type);
  out += fmt::format("  __parameters__ = {}\n", nameList(module, program::StateKind::Parameter));
  out += fmt::format("  __buffers__ = {}\n", nameList(module, program::StateKind::Buffer));
  for (const Module::Slot& s : module.slots) out += declaration(s.name, "Tensor");
  out += declaration("training", "bool");
  for (const auto& c : module.children) out += declaration(c->name, "__torch__." + c->type);
  return out;
}

void addClasses(const Module& module, std::string& out) {
  for (const auto& c : module.children) {
    out += classHead(*c);
    addClasses(*c, out);
  }
}

}  // namespace

std::optional<std::string> refusal(const program::Program& program, const Op& op) {
  if (op.phase == program::Phase::Forward && op.info->id() == "embedding_renorm_")
    return "it shortens its vectors while it computes";
  return python::unprintable(program, op);
}

std::string sourceOf(const program::Program& program, const ModelPart& part, const ModuleTree& tree) {
  std::string out = classHead(tree.root()) + ForwardWriter(program, part, tree).write();
  addClasses(tree.root(), out);
  return out;
}

}  // namespace netwright::convert::torchscript
