// SPDX-License-Identifier: Apache-2.0
#include "core/program/program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

namespace netwright::program {
namespace {

struct ArgumentText {
  std::string operator()(None) const { return "none"; }
  std::string operator()(ValueId v) const { return fmt::format("%{}", v.index); }
  std::string operator()(const std::vector<ValueId>& list) const {
    std::vector<std::string> items;
    for (const ValueId v : list) items.push_back((*this)(v));
    return fmt::format("[{}]", fmt::join(items, ", "));
  }
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(const Dim& d) const { return d.text(); }
  std::string operator()(double v) const { return fmt::format("{}", v); }
  std::string operator()(const std::string& s) const { return fmt::format("\"{}\"", s); }
  std::string operator()(const Shape& s) const {
    std::vector<std::string> items;
    for (const Dim& d : s) items.push_back(d.text());
    return fmt::format("[{}]", fmt::join(items, ", "));
  }
  std::string operator()(DType t) const { return name(t); }
  std::string operator()(TrainingFlag) const { return "training"; }
  std::string operator()(TrainingNumber n) const { return fmt::format("{} in training", n.value); }
};

}  // namespace

int64_t Program::parameterCount() const {
  int64_t total = 0;
  for (const State& s : states)
    if (s.kind == StateKind::Parameter && s.part == Part::Model)
      total += product(tensorType(s.value).shape).constant().value_or(0);
  return total;
}

Dim Program::macs() const {
  Dim total = 0;
  for (const Op& op : ops)
    if (op.part == Part::Model) total = total + op.macs;
  return total;
}

std::vector<ValueId> valuesOf(const Op& op) {
  std::vector<ValueId> all;
  for (const Argument& a : op.args) {
    if (const auto* value = std::get_if<ValueId>(&a)) all.push_back(*value);
    if (const auto* list = std::get_if<std::vector<ValueId>>(&a)) all.insert(all.end(), list->begin(), list->end());
  }
  return all;
}

void dropUnread(Program& program) {
  std::vector<bool> read(program.values.size());
  const auto mark = [&](ValueId value) {
    if (value) read[static_cast<size_t>(value.index)] = true;
  };
  for (const Port& p : program.outputs) mark(p.value);
  for (const LossTerm& t : program.losses) mark(t.value);
  for (const Port& p : program.measured) mark(p.value);
  auto kept = program.ops.end();  // what is kept gathers at the end
  for (auto op = program.ops.end(); op != program.ops.begin();) {
    --op;
    const bool used = std::any_of(op->results.begin(), op->results.end(),
                                  [&](ValueId result) { return read[static_cast<size_t>(result.index)]; });
    if (!used && op->info->mutates.empty()) continue;
    for (const ValueId v : valuesOf(*op)) mark(v);
    if (--kept != op) *kept = std::move(*op);
  }
  program.ops.erase(program.ops.begin(), kept);
}

std::string text(const Program& program) {
  std::string out;
  for (const Port& p : program.inputs)
    out += fmt::format("input %{} {} : {}\n", p.value.index, p.name, text(program.type(p.value)));
  for (const State& s : program.states)
    out += fmt::format("{} %{} {} : {}\n", s.kind == StateKind::Parameter ? "parameter" : "buffer", s.value.index,
                       s.name, text(program.type(s.value)));
  for (const Op& op : program.ops) {
    std::vector<std::string> results, args;
    for (const ValueId r : op.results) results.push_back(fmt::format("%{}", r.index));
    for (const Argument& a : op.args) args.push_back(std::visit(ArgumentText{}, a));
    const std::string type = op.results.empty() ? "" : " : " + text(program.type(op.results[0]));
    out += fmt::format("{} = {}({}){}{}\n", fmt::join(results, ", "), op.info->id(), fmt::join(args, ", "), type,
                       op.part == Part::Loss ? "  # loss" : "");
    for (const auto& region : op.regions) {
      out += "  region\n";
      std::istringstream lines(text(*region));
      for (std::string line; std::getline(lines, line);) out += "  " + line + "\n";
    }
  }
  for (const Port& p : program.outputs) out += fmt::format("output %{} {}\n", p.value.index, p.name);
  return out;
}

std::vector<ValueType> argumentTypes(const std::vector<Value>& values, const std::vector<Argument>& args) {
  std::vector<ValueType> types(args.size());
  for (size_t i = 0; i < args.size(); ++i) {
    if (const auto* id = std::get_if<ValueId>(&args[i])) types[i] = values[static_cast<size_t>(id->index)].type;
    if (const auto* list = std::get_if<std::vector<ValueId>>(&args[i])) {
      types[i].kind = ValueType::Kind::TensorList;
      for (const ValueId v : *list) types[i].tensors.push_back(values[static_cast<size_t>(v.index)].type.tensor());
    }
  }
  return types;
}

OpCall inspect(const OpInfo& info, const std::vector<Argument>& args, std::vector<ValueType> types, Answer training) {
  OpCall call(info.schema, std::move(types), args, training);
  info.infer(call);
  return call;
}

}  // namespace netwright::program
