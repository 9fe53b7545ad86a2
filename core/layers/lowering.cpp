// SPDX-License-Identifier: Apache-2.0
#include "core/layers/lowering.h"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

#include "core/base/text.h"
#include "core/layers/lower_graph.h"
#include "core/layers/lower_loss.h"
#include "core/layers/registry.h"

namespace netwright::layers {
namespace {

using program::InitStep;

InitStep step(InitStep::Kind kind, double a, double b) {
  InitStep s;
  s.kind = kind;
  s.a = a;
  s.b = b;
  return s;
}

}  // namespace

namespace init {

Initialiser uniform(double low, double high) { return {step(InitStep::Kind::Uniform, low, high)}; }
Initialiser normal(double mean, double deviation) { return {step(InitStep::Kind::Normal, mean, deviation)}; }
Initialiser fill(double value) { return {step(InitStep::Kind::Fill, value, 0)}; }
Initialiser ones() { return fill(1); }
Initialiser zeros() { return fill(0); }
Initialiser values(std::vector<double> all) {
  InitStep s = step(InitStep::Kind::Values, 0, 0);
  s.values = std::move(all);
  return {s};
}

Initialiser kaimingUniform(int64_t fanIn) {
  if (fanIn == 0) return {};
  const double a = std::sqrt(5.0),
               gain = std::sqrt(2.0 / (1 + a * a));  // the very expressions of torch.nn.init, for equal bits
  const double deviation = gain / std::sqrt(static_cast<double>(fanIn)), bound = std::sqrt(3.0) * deviation;
  return uniform(-bound, bound);
}

Initialiser fanInUniform(int64_t fanIn) {
  const double bound = fanIn > 0 ? 1 / std::sqrt(static_cast<double>(fanIn)) : 0;
  return uniform(-bound, bound);
}

// In the very expressions of torch.nn.init, for equal bits.
Initialiser xavierUniform(int64_t fanIn, int64_t fanOut) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(fanIn + fanOut)), bound = std::sqrt(3.0) * deviation;
  return uniform(-bound, bound);
}
Initialiser xavierNormal(int64_t fanIn, int64_t fanOut) {
  return normal(0, std::sqrt(2.0 / static_cast<double>(fanIn + fanOut)));
}

Initialiser function(std::string name, Attributes params) {
  program::InitStep step;
  step.kind = program::InitStep::Kind::Function;
  step.function = std::move(name);
  step.params = std::move(params);
  return {std::move(step)};
}

}  // namespace init

Dim Value::dim(int i) const {
  const auto rank = static_cast<int>(this->rank());
  if (i < 0) i += rank;
  return i >= 0 && i < rank ? type().shape[static_cast<size_t>(i)] : Dim(1);
}

Lowering::Lowering(program::Builder& builder, const LayerSpec& layer, const graph::Node& node,
                   std::map<std::string, program::ValueId> inputs)
    : builder_(builder), layer_(layer), node_(node), inputs_(std::move(inputs)) {}

Value Lowering::input(const char* port) const {
  const auto it = inputs_.find(port);
  return it == inputs_.end() ? Value{} : wrap(it->second);
}

template <>
double Lowering::get<double>(const char* param) const {
  const Attribute& value = node_.params.at(param);
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}
template <class T>
T Lowering::get(const char* param) const {
  return std::get<T>(node_.params.at(param));
}
template int64_t Lowering::get<int64_t>(const char*) const;
template bool Lowering::get<bool>(const char*) const;
template std::string Lowering::get<std::string>(const char*) const;

bool Lowering::isNone(const char* param) const { return std::holds_alternative<None>(node_.params.at(param)); }

Shape Lowering::ints(const char* param) const {
  const Attribute& value = node_.params.at(param);
  const ParamSpec* spec = layer_.findParam(param);
  assert(spec && "the layer has no such parameter");
  if (const auto* one = std::get_if<int64_t>(&value)) return Shape(std::max<size_t>(1, spec->length), Dim(*one));
  const auto& list = std::get<std::vector<int64_t>>(value);
  return {list.begin(), list.end()};
}

int64_t Lowering::inferred(const char* param, const Dim& fromWire, const char* code) {
  const auto known = fromWire.constant();
  const auto* pinned = std::get_if<int64_t>(&node_.params.at(param));
  const int64_t value = pinned ? *pinned : known.value_or(0);
  if (!pinned && !known)
    check(false, "NW-P001", param,
          {{"param", param},
           {"problem", fmt::format("must be a fixed number, but the wire's size is {}", fromWire.text())}});
  if (pinned && known && *pinned != *known)
    check(false, code, param, {{"expected", grouped(*pinned)}, {"received", grouped(*known)}},
          {Fix{fmt::format("Let {} take {}", node_.name, grouped(*known)), {SetParamStep{node_.id, param, Auto{}}}}});
  if (!pinned) inferredValues[param] = value;
  return value;
}

bool Lowering::check(bool ok, const char* code, const char* param, std::map<std::string, std::string> args,
                     std::vector<Fix> fixes) {
  if (ok) return true;
  Diagnostic d;
  d.code = code;
  d.args = std::move(args);
  d.args["layer"] = label(node_);
  d.node = {node_.id};
  d.param = param;
  d.fixes = std::move(fixes);
  diagnostics.push_back(std::move(d));
  return false;
}

bool Lowering::requireRank(const Value& x, size_t low, size_t high, const char* form) {
  const size_t rank = x.rank();
  if (rank >= low && rank <= high) return true;
  return check(false, "NW-S001", "",
               {{"expected", low == high ? std::to_string(low) : fmt::format("{} to {}", low, high)},
                {"form", form},
                {"shape", program::text(x.type().shape)}});
}

Value Lowering::state(program::StateKind kind, const char* slot, TensorType type, const Initialiser& initialiser) {
  ParameterId id{{node_.id}, slot};
  if (const auto one = node_.shared.find(slot); one != node_.shared.end())
    id = one->second;
  else if (const auto all = node_.shared.find("*"); all != node_.shared.end())
    id.owner = all->second.owner;
  const bool fresh = builder_.stateIndex(id) < 0;
  const program::ValueId value = builder_.state(kind, id, slot, std::move(type));
  if (fresh) fresh_[value] = builder_.stateIndex(id);
  initialise(wrap(value), initialiser);
  return wrap(value);
}

void Lowering::initialise(const Value& parameter, const Initialiser& initialiser) {
  const auto fresh = fresh_.find(parameter.id);
  if (fresh == fresh_.end()) return;  // another node's, or none
  for (InitStep s : initialiser) {
    s.state = fresh->second;
    builder_.initialise(std::move(s));
  }
}

void Lowering::initialiseAs(const Value& parameter, const Value& other) {
  const auto fresh = fresh_.find(parameter.id), source = fresh_.find(other.id);
  if (fresh == fresh_.end() || source == fresh_.end()) return;
  builder_.dropInitialisation(fresh->second);
  initialiseFrom(other, parameter, step(InitStep::Kind::Copy, 0, 0));
}

void Lowering::initialiseFrom(const Value& source, const Value& parameter, InitStep step, const Value& other) {
  const auto fresh = fresh_.find(parameter.id), from = fresh_.find(source.id), along = fresh_.find(other.id);
  if (fresh == fresh_.end() || from == fresh_.end() || (other && along == fresh_.end())) return;
  step.state = fresh->second;
  step.source = from->second;
  if (other) step.other = along->second;
  builder_.initialise(std::move(step));
}

Value Lowering::parameter(const char* slot, Shape shape, const Initialiser& initialiser) {
  return state(program::StateKind::Parameter, slot, {DType::DefaultFloat, std::move(shape)}, initialiser);
}

Value Lowering::parameterIf(const char* flag, const char* slot, Shape shape, const Initialiser& initialiser) {
  if (!get<bool>(flag)) return {};
  return parameter(slot, std::move(shape), initialiser);
}

Value Lowering::buffer(const char* slot, DType dtype, Shape shape, const Initialiser& initialiser) {
  return state(program::StateKind::Buffer, slot, {dtype, std::move(shape)}, initialiser);
}

Argument Lowering::optional(const Value& value) { return value ? Argument(value.id) : Argument(None{}); }

Value Lowering::op(const char* id, std::vector<Argument> args, program::Phase phase) {
  if (!diagnostics.empty()) return {};
  for (const Argument& a : args) {
    if (const auto* v = std::get_if<program::ValueId>(&a); v && !*v) return {};
    if (const auto* list = std::get_if<std::vector<program::ValueId>>(&a))
      for (const program::ValueId v : *list)
        if (!v) return {};
  }
  const program::ValueId result = builder_.op(id, std::move(args), phase);
  if (auto failure = builder_.takeFailure()) check(false, failure->code.c_str(), "", std::move(failure->args));
  return wrap(result);
}

std::vector<Value> Lowering::results(const char* id, std::vector<Argument> args) {
  if (!op(id, std::move(args))) return std::vector<Value>(program::opInfo(id).schema.returns.size());
  std::vector<Value> all;
  for (const program::ValueId v : builder_.program().ops.back().results) all.push_back(wrap(v));
  return all;
}

std::vector<Value> Lowering::control(const program::OpInfo& info, std::vector<Argument> args,
                                     std::vector<std::shared_ptr<const program::Program>> regions,
                                     std::vector<TensorType> results) {
  std::vector<Value> all(results.size());
  if (!diagnostics.empty()) return all;
  all.clear();
  for (const program::ValueId v : builder_.control(info, std::move(args), std::move(regions), std::move(results)))
    all.push_back(wrap(v));
  return all;
}

void Lowering::guardIndex(const Value& value, const Dim& limit, int64_t ignore, const char* code) {
  builder_.guardIndex(value.id, limit, ignore, code);
}
Value Lowering::programInput(TensorType type) { return wrap(builder_.input(node_.name, std::move(type))); }
Value Lowering::programTarget(const std::string& wanted) {
  if (!columns) return {};
  std::vector<std::string> names, targets;
  const DataColumn* column = nullptr;
  for (const DataColumn& c : *columns) {
    names.push_back(c.name);
    if (c.target) targets.push_back(c.name);
    if (c.name == wanted || (wanted.empty() && c.target)) column = &c;
  }
  const bool clear = !wanted.empty() || targets.size() == 1;
  if (clear && column) return wrap(targetInput(builder_, column->name, column->type));
  const auto& known = targets.empty() || !wanted.empty() ? names : targets;
  std::vector<Fix> fixes;
  for (const std::string& name : wanted.empty() ? targets : std::vector{nearest(wanted, names)})
    if (fixes.size() < 3 && !name.empty())
      fixes.push_back({fmt::format("Bind {} to {}", node_.name, name), {SetParamStep{node_.id, "column", name}}});
  const char* code = !wanted.empty() ? "NW-D020" : targets.empty() ? "NW-D022" : "NW-D021";
  check(false, code, "column", {{"column", wanted}, {"columns", joined(known, ", ")}}, std::move(fixes));
  return {};
}
void Lowering::programOutput(const Value& value) { builder_.output(node_.name, value.id); }
void Lowering::output(const char* port, const Value& value) { outputs[port] = value.id; }

}  // namespace netwright::layers
