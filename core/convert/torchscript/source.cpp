// SPDX-License-Identifier: Apache-2.0
#include "core/convert/torchscript/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/text.h"
#include "core/convert/name_table.h"
#include "core/convert/torchscript/identifier.h"

namespace netwright::convert::torchscript {
namespace {

using program::Argument;
using program::Dim;
using program::Op;
using program::ValueId;

// c10::ScalarType, whose numbers stand for dtypes in source.
int scalarType(DType type) {
  constexpr std::array<std::pair<DType, int>, 10> kCodes{{{DType::UInt8, 0},
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

// Always with a point or an exponent: TorchScript tells whole and real numbers apart.
std::string real(double value) {
  const std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + "." : text;
}

// Where the size of a dimension can be read off while the network runs.
struct SizeSource {
  ValueId tensor;
  size_t dim;
};
std::optional<SizeSource> sizeSource(const program::Program& program, const Op& op, const Dim& dim) {
  for (const Argument& a : op.args) {
    const auto* value = std::get_if<ValueId>(&a);
    if (!value) continue;
    const program::Shape& shape = program.tensorType(*value).shape;
    const auto found = std::find(shape.begin(), shape.end(), dim);
    if (found != shape.end()) return SizeSource{*value, static_cast<size_t>(found - shape.begin())};
  }
  return std::nullopt;
}

// Writes forward(): which expression stands for each value.
class ForwardWriter {
 public:
  ForwardWriter(const program::Program& program, const ModelPart& part, const ModuleTree& tree)
      : program_(program), part_(part), tree_(tree) {}

  std::string write() {
    std::string out = fmt::format("  def forward(self: __torch__.{}", tree_.root().className);
    for (const program::Port* p : part_.inputs) out += fmt::format(",\n    {}: Tensor", declare(p->value, p->name));
    for (const program::State* s : part_.states) expressions_[s->value] = tree_.weight(s->value);
    out += fmt::format(") -> {}:\n", resultType());
    for (const Op* op : part_.ops) out += statement(*op, "    ");
    for (const Op* op : part_.effects) out += effect(*op);
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

  std::string training(const Op& op) const {
    if (op.mode != Mode::Follow) return op.mode == Mode::Train ? "True" : "False";
    return tree_.module(nodeName(op)) + ".training";
  }
  // A number, or the size of an input of the op that is always the same.
  std::string size(const Op& op, const Dim& dim) const {
    if (const auto known = dim.constant()) return std::to_string(*known);
    const SizeSource source = *sizeSource(program_, op, dim);
    return fmt::format("torch.size({}, {})", expressions_.at(source.tensor), source.dim);
  }
  const std::string& nodeName(const Op& op) const { return program_.value(op.results.at(0)).name; }

  std::string print(const Op& op, const program::SchemaArgument& spec, const Argument& argument) const;

  // torch.conv2d(x, self.conv1.weight, None, stride=[1, 1], ...): tensors by place, the rest by name.
  std::string call(const Op& op) const {
    std::vector<std::string> args;
    bool named = false;
    for (size_t i = 0; i < op.args.size(); ++i) {
      const program::SchemaArgument& spec = op.info->schema.arguments[i];
      named = named || !spec.isTensor();
      const std::string value = print(op, spec, op.args[i]);
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

  // Counting batches and the like: in training only, after all else.
  std::string effect(const Op& op) {
    if (op.mode == Mode::Eval) return "";
    if (op.mode == Mode::Train) return statement(op, "    ");
    const std::string condition = training(op);
    return fmt::format("    if {}:\n{}    else:\n      pass\n", condition, statement(op, "      "));
  }

  const program::Program& program_;
  const ModelPart& part_;
  const ModuleTree& tree_;
  NameTable locals_;
  std::map<ValueId, std::string> expressions_;
};

std::string ForwardWriter::print(const Op& op, const program::SchemaArgument& spec, const Argument& argument) const {
  struct Visitor {
    const ForwardWriter& writer;
    const Op& op;
    const program::SchemaArgument& spec;
    std::string operator()(None) { return "None"; }
    std::string operator()(ValueId v) { return writer.expressions_.at(v); }
    std::string operator()(const std::vector<ValueId>& list) {
      std::vector<std::string> items;
      for (const ValueId v : list) items.push_back((*this)(v));
      return fmt::format("[{}]", joined(items, ", "));
    }
    std::string operator()(bool v) { return v ? "True" : "False"; }
    std::string operator()(const Dim& d) {
      const int64_t v = d.constant().value();
      return spec.type.rfind("float", 0) == 0 ? real(static_cast<double>(v)) : std::to_string(v);
    }
    std::string operator()(double v) { return real(v); }
    std::string operator()(const std::string& s) { return quoted(s); }
    std::string operator()(const program::Shape& s) {
      std::vector<std::string> items;
      for (const Dim& d : s) items.push_back(writer.size(op, d));
      return fmt::format("[{}]", joined(items, ", "));
    }
    std::string operator()(DType t) { return std::to_string(scalarType(t)); }
    std::string operator()(program::TrainingFlag) { return writer.training(op); }
    std::string operator()(program::TrainingNumber n) {
      return fmt::format("({} if {} else 0.)", real(n.value), writer.training(op));
    }
  };
  return std::visit(Visitor{*this, op, spec}, argument);
}

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
  std::string out = fmt::format("class {}(Module):\n", module.className);
  out += fmt::format("  __parameters__ = {}\n", nameList(module, program::StateKind::Parameter));
  out += fmt::format("  __buffers__ = {}\n", nameList(module, program::StateKind::Buffer));
  for (const Module::Slot& s : module.slots) out += declaration(s.name, "Tensor");
  out += declaration("training", "bool");
  for (const Module::Child& c : module.children) out += declaration(c.name, "__torch__." + c.module->className);
  return out;
}

void addClasses(const Module& module, std::string& out) {
  for (const Module::Child& c : module.children) {
    out += classHead(*c.module);
    addClasses(*c.module, out);
  }
}

}  // namespace

std::optional<std::string> refusal(const program::Program& program, const Op& op) {
  const auto readable = [&](const Dim& d) { return d.constant() || sizeSource(program, op, d); };
  if (!op.regions.empty()) return fmt::format("its control flow {} cannot be written yet", op.info->id());
  for (const Argument& a : op.args) {
    const auto* d = std::get_if<Dim>(&a);
    const auto* s = std::get_if<program::Shape>(&a);
    if ((d && !d->constant()) || (s && !std::all_of(s->begin(), s->end(), readable)))
      return fmt::format("{} has a size that is only known at run time", op.info->id());
    if (const auto* v = std::get_if<double>(&a); v && !std::isfinite(*v))
      return fmt::format("{} has an infinite number as argument", op.info->id());
  }
  return std::nullopt;
}

std::string sourceOf(const program::Program& program, const ModelPart& part, const ModuleTree& tree) {
  std::string out = classHead(tree.root()) + ForwardWriter(program, part, tree).write();
  addClasses(tree.root(), out);
  return out;
}

}  // namespace netwright::convert::torchscript
