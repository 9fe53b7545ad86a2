// SPDX-License-Identifier: Apache-2.0
#include "core/convert/torchscript/source.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "core/base/text.h"
#include "core/convert/name_table.h"
#include "core/convert/python/identifier.h"
#include "core/convert/python/op_text.h"
#include "core/program/control.h"

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

// Writes the statements of a program: which expression stands for each value.
class Writer final : public python::Dialect {
 public:
  // `locals`: the names of variables, which all that forward() runs shares.
  Writer(const program::Program& program, const ModuleTree& tree, NameTable& locals)
      : program_(program), tree_(tree), locals_(locals) {}

  std::string forward(const ModelPart& part) {
    std::string out = fmt::format("  def forward(self: __torch__.{}", tree_.root().type);
    for (const program::Port* p : part.inputs) out += fmt::format(",\n    {}: Tensor", declare(p->value, p->name));
    for (const program::State* s : part.states) expressions_[s->value] = tree_.weight(s->value);
    out += fmt::format(") -> {}:\n", resultType());
    out += inTraining(part.preparations, "    ");
    for (const Op* op : part.ops) out += statement(*op, "    ");
    out += inTraining(part.effects, "    ");
    const std::vector<std::string> names = results();
    return out + fmt::format("    return {}\n", names.size() == 1 ? names[0] : tuple(names));
  }

 private:
  std::string declare(ValueId value, const std::string& name) {
    return expressions_[value] = locals_.take(identifier(name));
  }
  std::vector<std::string> declareResults(const Op& op) {
    std::vector<std::string> names;
    for (const ValueId r : op.results) names.push_back(declare(r, program_.value(r).name));
    return names;
  }

  std::string resultType() const {
    if (program_.outputs.size() == 1) return "Tensor";
    return fmt::format("Tuple[{}]", joined(std::vector<std::string>(program_.outputs.size(), "Tensor"), ", "));
  }
  std::vector<std::string> results() const {
    std::vector<std::string> names;
    for (const program::Port& p : program_.outputs) names.push_back(expressions_.at(p.value));
    return names;
  }
  static std::string tuple(const std::vector<std::string>& items) { return fmt::format("({})", joined(items, ", ")); }

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
    if (program::isControl(op)) return op.info == &program::branchOp() ? branch(op, indent) : loop(op, indent);
    const std::string right = call(op);  // before its results get names
    return fmt::format("{}{} = {}\n", indent, joined(declareResults(op), ", "), right);
  }

  // Counting batches and the like: in training only, those of a node together.
  std::string inTraining(const std::vector<const Op*>& ops, const std::string& indent) {
    std::string out;
    for (size_t i = 0; i < ops.size();) {
      const Op& first = *ops[i];
      const std::string condition = first.mode == Mode::Follow ? training(first) : "";
      std::string lines;
      for (; i < ops.size() && ops[i]->node == first.node; ++i)
        lines += statement(*ops[i], condition.empty() ? indent : indent + "  ");
      if (first.mode == Mode::Eval) continue;
      out += condition.empty() ? lines : fmt::format("{0}if {1}:\n{2}{0}else:\n{0}  pass\n", indent, condition, lines);
    }
    return out;
  }

  // What a program that an op runs does with these expressions as its inputs.
  struct Body {
    std::string text;
    std::vector<std::string> results;
  };
  Body body(const program::Program& region, const std::vector<std::string>& inputs, const std::string& indent) {
    Writer inner(region, tree_, locals_);
    for (size_t i = 0; i < inputs.size(); ++i) inner.expressions_[region.inputs[i].value] = inputs[i];
    std::vector<const Op*> before;
    for (const Op& op : region.ops)
      if (op.phase == program::Phase::BeforeForward) before.push_back(&op);
    std::string text = inner.inTraining(before, indent);
    for (const Op& op : region.ops)
      if (op.phase == program::Phase::Forward) text += inner.statement(op, indent);
    return {text, inner.results()};
  }

  std::vector<std::string> values(const std::vector<ValueId>& list) const {
    std::vector<std::string> all;
    for (const ValueId v : list) all.push_back(value(v));
    return all;
  }

  static std::string failIf(const std::string& condition, const std::string& text, const std::string& indent) {
    return fmt::format("{0}if {1}:\n{0}  ops.prim.RaiseException({2})\n{0}else:\n{0}  pass\n", indent, condition,
                       quoted(text));
  }

  std::string branch(const Op& op, const std::string& indent) {
    const program::Branch branch = program::branchOf(op);
    const std::vector<std::string> operands = values(branch.operands);
    const size_t count = op.regions.size();
    std::string out, condition = fmt::format("bool({})", value(branch.choice)), number;
    if (program_.tensorType(branch.choice).dtype != DType::Bool) {
      number = locals_.take(identifier(nodeName(op) + "_index"));
      out = fmt::format("{}{} = int({})\n", indent, number, value(branch.choice));
      out += failIf(fmt::format("{0} < 0 or {0} >= {1}", number, count),
                    fmt::format("{} has {} bodies, numbered from 0.", op.layer, count), indent);
    }
    const std::vector<std::string> names = declareResults(op);
    for (size_t i = 0; i < count; ++i) {
      if (!number.empty()) condition = fmt::format("{} == {}", number, i);
      if (count > 1)
        out += indent + (i == 0          ? fmt::format("if {}:\n", condition)
                         : i + 1 < count ? fmt::format("elif {}:\n", condition)
                                         : "else:\n");
      const std::string inner = count > 1 ? indent + "  " : indent;
      const Body chosen = body(*op.regions[i], operands, inner);
      out += chosen.text;
      for (size_t k = 0; k < names.size(); ++k) out += fmt::format("{}{} = {}\n", inner, names[k], chosen.results[k]);
    }
    return out;
  }

  // How many steps there are at most, of a loop that knows it; else empty.
  std::string countOf(const program::Loop& loop) const {
    if (!loop.scanned.empty()) return size(value(loop.scanned.front()), static_cast<size_t>(loop.dim));
    if (loop.liveCount) return fmt::format("int({})", value(loop.liveCount));
    return loop.count ? std::to_string(*loop.count->constant()) : "";
  }

  std::string loop(const Op& op, const std::string& indent) {
    const program::Loop loop = program::loopOf(op);
    const std::string inner = indent + "  ", node = nodeName(op), count = countOf(loop);
    const auto local = [&](const char* suffix) { return locals_.take(identifier(node + suffix)); };
    const std::string step = local("_step"), goesOn = local("_goes_on");
    const std::string start = loop.start ? fmt::format("bool({})", value(loop.start)) : "True";
    std::vector<std::string> given, before = values(loop.carried), lists;
    const std::vector<std::string> scanned = values(loop.scanned), captured = values(loop.captured);
    const std::vector<std::string> names = declareResults(op);
    const std::vector<std::string> carried(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(before.size()));

    std::string out, head;
    for (size_t i = 0; i < carried.size(); ++i) out += fmt::format("{}{} = {}\n", indent, carried[i], before[i]);
    for (size_t i = 0; i < loop.stacked; ++i) {
      lists.push_back(local("_parts"));
      out += fmt::format("{}{} = annotate(List[Tensor], [])\n", indent, lists.back());
    }
    if (loop.again) {
      out += fmt::format("{0}{1} = 0\n{0}{2} = {3}\n", indent, step, goesOn, start);
      out +=
          fmt::format("{}while {}{}:\n", indent, goesOn, count.empty() ? "" : fmt::format(" and {} < {}", step, count));
    } else {
      const std::string times = loop.start ? fmt::format("{} if {} else 0", count, start) : count;
      out += fmt::format("{}for {} in range({}):\n", indent, step, times);
    }
    if (loop.limit > 0)
      out += failIf(fmt::format("{} >= {}", step, loop.limit),
                    fmt::format("{} did not stop after {} steps.", op.layer, grouped(loop.limit)), inner);
    if (loop.index) {
      given.push_back(local("_number"));
      const std::vector<ValueId> read = program::valuesOf(op);
      const std::string device = read.empty() ? "" : fmt::format(", device={}.device", value(read.front()));
      out +=
          fmt::format("{}{} = torch.tensor({}, dtype={}{})\n", inner, given.back(), step, type(DType::Int64), device);
    }
    given.insert(given.end(), carried.begin(), carried.end());
    for (const std::string& whole : scanned) {
      given.push_back(local("_part"));
      out += fmt::format("{}{} = torch.select({}, {}, {})\n", inner, given.back(), whole, loop.dim, step);
    }
    given.insert(given.end(), captured.begin(), captured.end());
    Body next = body(*op.regions.front(), given, inner);
    out += next.text;
    if (loop.again) {
      out += fmt::format("{0}{1} = bool({2})\n{0}{3} = {3} + 1\n", inner, goesOn, next.results.front(), step);
      next.results.erase(next.results.begin());
    }
    for (size_t i = 0; i < lists.size(); ++i)
      out += fmt::format("{}_ = torch.append({}, {})\n", inner, lists[i], next.results[carried.size() + i]);
    next.results.resize(carried.size());
    if (carried.size() == 1) out += fmt::format("{}{} = {}\n", inner, carried[0], next.results[0]);
    if (carried.size() > 1) out += fmt::format("{}{} = {}\n", inner, joined(carried, ", "), tuple(next.results));
    for (size_t i = 0; i < lists.size(); ++i)
      out += fmt::format("{}{} = torch.stack({}, dim={})\n", indent, names[carried.size() + i], lists[i], loop.dim);
    return out;
  }

  const program::Program& program_;
  const ModuleTree& tree_;
  NameTable& locals_;
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
  if (program::isControl(op)) return std::nullopt;
  return python::unprintable(program, op);
}

std::string sourceOf(const program::Program& program, const ModelPart& part, const ModuleTree& tree) {
  NameTable locals;
  std::string out = classHead(tree.root()) + Writer(program, tree, locals).forward(part);
  addClasses(tree.root(), out);
  return out;
}

}  // namespace netwright::convert::torchscript
