// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/class_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "core/base/text.h"
#include "core/convert/module_tree.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/class_printer.h"
#include "core/convert/pytorch/op_source.h"
#include "core/graph/formula.h"
#include "core/layers/expressions/expression.h"

namespace netwright::convert::pytorch {
namespace {

using program::InitStep;
using program::Op;
using program::ValueId;

class PyTorch final : public python::Dialect {
 public:
  explicit PyTorch(const Scope& scope) : scope_(scope) {}
  std::string value(ValueId value) const override { return scope_.at(value); }
  std::string training(const Op&) const override { return "self.training"; }
  std::string size(const std::string& tensor, size_t dim) const override {
    return fmt::format("{}.size({})", tensor, dim);
  }
  std::string type(DType type) const override { return dtypeText(type); }
  std::string number(double value) const override { return pytorch::number(value); }

 private:
  const Scope& scope_;
};

std::string tupleText(const program::Shape& shape) {
  std::vector<std::string> sizes;
  for (const program::Dim& d : shape) sizes.push_back(std::to_string(d.constant().value()));
  return sizes.size() == 1 ? sizes[0] : fmt::format("({})", joined(sizes, ", "));
}

bool isPlace(const std::string& component) {
  return !component.empty() && std::isdigit(static_cast<unsigned char>(component[0]));
}

// The weights in __init__, drawn in the order of the program's recipe.
class Weights {
 public:
  Weights(const program::Program& program, const NodePlan& plan, ClassSource& out)
      : program_(program), plan_(plan), out_(out) {}

  std::vector<std::string> lines() {
    for (const program::State* s : plan_.states) declare(*s);
    for (const InitStep& step : program_.initialisation)
      if (const program::State& s = program_.states[static_cast<size_t>(step.state)];
          std::find(plan_.states.begin(), plan_.states.end(), &s) != plan_.states.end())
        begin(step, s);
    return std::move(lines_);
  }

 private:
  // Some of what it holds are modules by number.
  bool hasPlaces(const std::string& holder) const {
    return std::any_of(plan_.states.begin(), plan_.states.end(), [&](const program::State* s) {
      return s->id.slot.starts_with(holder + ".") && isPlace(s->id.slot.substr(holder.size() + 1));
    });
  }

  void declare(const program::State& s) {
    const std::vector<std::string> path = components(s.id.slot);
    std::string owner = "self", holder;
    for (size_t i = 0; i + 1 < path.size(); ++i) {
      holder += (i > 0 ? "." : "") + path[i];
      const bool list = i + 2 == path.size() && isPlace(path[i + 1]);  // of weights themselves
      const char* module = !hasPlaces(holder) ? "nn.Module()" : list ? "nn.ParameterList()" : "nn.ModuleList()";
      const std::string place = attribute("self", holder);
      if (holders_.insert(holder).second)
        lines_.push_back(isPlace(path[i]) ? fmt::format("{}.append({})", owner, module)
                                          : fmt::format("{} = {}", place, module));
      owner = place;
    }
    const std::string& name = path.back();
    const bool listed = isPlace(name);  // of weights: nn.ParameterList
    const program::TensorType& type = program_.tensorType(s.value);
    const std::string size = tupleText(type.shape);
    if (listed)
      lines_.push_back(fmt::format("{}.append(nn.Parameter(torch.empty({})))", owner, size));
    else if (s.kind == program::StateKind::Parameter)
      lines_.push_back(fmt::format("{}.{} = nn.Parameter(torch.empty({}))", owner, name, size));
    else
      lines_.push_back(fmt::format("{}.register_buffer({}, torch.zeros({}{}))", owner, python::quoted(name), size,
                                   isFloating(type.dtype) ? "" : ", dtype=" + dtypeText(type.dtype)));
  }

  void begin(const InitStep& step, const program::State& s) {
    std::string target = attribute("self", s.id.slot);
    if (step.row >= 0) target += fmt::format("[{}]", step.row);
    switch (step.kind) {
      case InitStep::Kind::Uniform:
        lines_.push_back(fmt::format("nn.init.uniform_({}, {}, {})", target, number(step.a), number(step.b)));
        return;
      case InitStep::Kind::Normal:
        lines_.push_back(fmt::format("nn.init.normal_({}, {}, {})", target, number(step.a), number(step.b)));
        return;
      case InitStep::Kind::Fill:
        if (s.kind == program::StateKind::Parameter || step.a != 0)
          lines_.push_back(fmt::format("nn.init.constant_({}, {})", target, number(step.a)));
        return;
      case InitStep::Kind::Function: {
        std::string call = fmt::format("nn.init.{}_({}", step.function, target);
        for (const auto& [name, value] : step.params) call += fmt::format(", {}={}", name, graph::sourceText(value));
        lines_.push_back(call + ")");
        return;
      }
      case InitStep::Kind::Values:
        if (s.kind == program::StateKind::Buffer)
          out_.constants.push_back(s.id.slot);
        else
          out_.otherStart = fmt::format("the weight {} begins with numbers of its own", s.name);
        return;
      default:
        out_.otherStart = fmt::format("the weight {} begins in a way that PyTorch has no words for", s.name);
    }
  }

  const program::Program& program_;
  const NodePlan& plan_;
  ClassSource& out_;
  std::set<std::string> holders_;
  std::vector<std::string> lines_;
};

// The name of an argument of forward(): the port that brings it, or the slot of a weight that is another node's.
std::string argumentName(const program::Program& program, const NodePlan& plan, ValueId value) {
  for (const layers::PortSpec& port : plan.layer->inputs)
    if (const auto it = plan.in.find(port.name); it != plan.in.end() && it->second == value) return port.name;
  for (const program::State& s : program.states)
    if (s.value == value) return s.id.slot.substr(s.id.slot.rfind('.') + 1);
  return "x";
}

// The code of an expression node, with its inputs as arguments.
// Nothing where it is better written op by op.
std::vector<std::string> expressionLines(const program::Program& program, const NodePlan& plan) {
  if (plan.layer->id != layers::expressions::kKind || !plan.foreign.empty()) return {};
  std::vector<std::string> text;
  std::map<program::ValueId, std::string> arguments;  // by value: a tensor at two inputs comes once
  for (const layers::PortSpec& port : plan.layer->inputs) {
    const auto it = plan.in.find(port.name);
    if (it == plan.in.end()) continue;
    const auto [known, fresh] = arguments.emplace(it->second, port.name);
    if (!fresh) text.push_back(fmt::format("        {} = {}", port.name, known->second));
  }
  const std::vector<std::string> lines = codeOf(program, plan);
  if (lines.empty()) return {};
  for (const std::string& line : lines) text.push_back(line.empty() ? "" : "        " + line);
  return text;
}

}  // namespace

std::string firstSentence(const std::string& doc) {
  return doc.substr(0, doc.find(". ")) + (doc.find(". ") < doc.size() ? "." : "");
}

std::string attribute(std::string owner, const std::string& slot) {
  for (const std::string& component : components(slot))
    owner += isPlace(component) ? fmt::format("[{}]", component) : "." + component;
  return owner;
}

std::vector<std::vector<ValueId>> readsOf(const std::vector<const Op*>& ops) {
  std::vector<std::vector<ValueId>> all;
  for (const Op* op : ops) {
    all.emplace_back();
    for (const program::Argument& a : op->args) {
      if (const auto* v = std::get_if<ValueId>(&a)) all.back().push_back(*v);
      if (const auto* list = std::get_if<std::vector<ValueId>>(&a))
        all.back().insert(all.back().end(), list->begin(), list->end());
    }
  }
  return all;
}

std::vector<std::string> statements(const program::Program& program, const std::vector<const Op*>& ops, Scope& scope,
                                    const std::string& wanted, size_t first) {
  const PyTorch dialect(scope);
  std::vector<std::string> lines;
  for (size_t i = 0; i < ops.size(); ++i) {
    const std::string right = opCall(program, *ops[i], dialect);  // before its results get names
    std::vector<std::string> names;
    for (const ValueId r : ops[i]->results) names.push_back(scope.result(r, wanted, first + i));
    lines.push_back(fmt::format("{} = {}", joined(names, ", "), right));
  }
  return lines;
}

ClassSource classSource(const program::Program& program, const NodePlan& plan, const std::vector<ValueId>& read) {
  ClassSource out;
  out.takes = plan.tensors();
  out.takes.insert(out.takes.end(), plan.foreign.begin(), plan.foreign.end());
  for (const ValueId v : plan.results())
    if (std::find(read.begin(), read.end(), v) != read.end()) out.gives.push_back(v);

  std::vector<std::string> text{"(nn.Module):"};
  if (plan.layer->id != layers::expressions::kKind)
    text.insert(text.end(),
                {fmt::format("    \"\"\"{}\"\"\"", python::inDocstring(firstSentence(plan.layer->doc))), ""});
  const std::vector<std::string> weights = Weights(program, plan, out).lines();
  if (!weights.empty()) {
    text.insert(text.end(), {"    def __init__(self):", "        super().__init__()"});
    for (const std::string& line : weights) text.push_back("        " + line);
    text.emplace_back();
  }
  std::vector<const Op*> all = plan.preparations;
  for (const auto* more : {&plan.ops, &plan.effects}) all.insert(all.end(), more->begin(), more->end());
  Scope scope(readsOf(all), out.gives);
  std::string head = "def forward(self";
  for (const ValueId v : out.takes) head += ", " + scope.parameter(v, argumentName(program, plan, v));
  for (const program::State* s : plan.states) scope.take(s->value, attribute("self", s->id.slot));
  text.push_back("    " + broken(head + "):", 4));
  if (const std::vector<std::string> code = expressionLines(program, plan); !code.empty()) {
    out.gives.clear();  // all that the code returns
    for (const layers::PortSpec& port : plan.layer->outputs) out.gives.push_back(plan.out.at(port.name));
    text.insert(text.end(), code.begin(), code.end());
    out.body = joined(text, "\n") + "\n";
    return out;
  }
  size_t next = 0;  // statement
  const auto inTraining = [&](const std::vector<const Op*>& ops) {
    if (!ops.empty()) text.emplace_back("        if self.training:");
    for (const Op* op : ops) {
      const std::string line = op->info->mutates.empty() ? statements(program, {op}, scope, "y", next)[0]
                                                         : opCall(program, *op, PyTorch(scope));
      text.push_back("            " + broken(line, 12));
      ++next;
    }
  };
  inTraining(plan.preparations);
  for (const std::string& line : statements(program, plan.ops, scope, "y", next))
    text.push_back("        " + broken(line, 8));
  next += plan.ops.size();
  inTraining(plan.effects);
  std::vector<std::string> results;
  for (const ValueId v : out.gives) results.push_back(scope.at(v));
  text.push_back("        return " + joined(results, ", "));
  out.body = joined(text, "\n") + "\n";
  return out;
}

}  // namespace netwright::convert::pytorch
