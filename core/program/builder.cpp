// SPDX-License-Identifier: Apache-2.0
#include "core/program/builder.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "core/program/control.h"

namespace netwright::program {
namespace {

// FNV-1a over the node path and the ordinal: equal in every version and on every machine.
uint64_t stableId(const NodePath& node, int ordinal) {
  uint64_t hash = 14695981039346656037ull;
  const auto mix = [&](uint64_t v) {
    for (int i = 0; i < 8; ++i) hash = (hash ^ (v >> (8 * i) & 0xff)) * 1099511628211ull;
  };
  for (const NodeId id : node) mix(static_cast<uint64_t>(id.value));
  mix(static_cast<uint64_t>(ordinal));
  return hash;
}

}  // namespace

void Builder::enter(Origin origin) {
  origin_ = std::move(origin);
  ordinal_ = 0;
  failure_.reset();
}

ValueId Builder::value(ValueType type, std::string name) {
  program_.values.push_back({std::move(type), std::move(name)});
  return {static_cast<int>(program_.values.size()) - 1};
}

void Builder::guard(DimGuard guard) {
  if (outer_) return outer_->guard(std::move(guard));
  program_.dimGuards.push_back(std::move(guard));
}

ValueId Builder::input(std::string name, TensorType type) {
  const ValueId id = value(std::move(type), name);
  program_.inputs.push_back({id, std::move(name), origin_.node});
  return id;
}

void Builder::output(std::string name, ValueId id) { program_.outputs.push_back({id, std::move(name), origin_.node}); }

int Builder::stateIndex(const ParameterId& id) const {
  if (outer_) return outer_->stateIndex(id);
  const auto it = stateIndices_.find(id);
  return it == stateIndices_.end() ? -1 : it->second;
}

ValueId Builder::state(StateKind kind, const ParameterId& id, const std::string& slot, TensorType type) {
  return state(kind, id, origin_.name + "." + slot, std::move(type), origin_.part);
}

ValueId Builder::state(StateKind kind, const ParameterId& id, const std::string& name, TensorType type, Part part) {
  if (outer_) {
    const ValueId theirs = outer_->state(kind, id, name, type, part);
    for (const auto& [outer, own] : captured_)
      if (outer == theirs) return own;
    const std::string known = outer_->program_.value(theirs).name;
    captured_.emplace_back(theirs, input(known, std::move(type)));
    return captured_.back().second;
  }
  if (const int known = stateIndex(id); known >= 0) {
    State& state = program_.states[static_cast<size_t>(known)];
    if (part == Part::Model) state.part = Part::Model;
    return state.value;
  }
  const ValueId v = value(std::move(type), name);
  stateIndices_[id] = static_cast<int>(program_.states.size());
  program_.states.push_back({id, name, kind, v, part});
  return v;
}

void Builder::initialise(InitStep step) {
  if (outer_) return outer_->initialise(std::move(step));
  program_.initialisation.push_back(std::move(step));
}

void Builder::dropInitialisation(int state) {
  if (outer_) return outer_->dropInitialisation(state);
  std::erase_if(program_.initialisation, [&](const InitStep& s) { return s.state == state; });
}

void Builder::orderInitialisation(const std::vector<NodeId>& owners) {
  std::unordered_map<NodeId, size_t> places;
  for (size_t i = 0; i < owners.size(); ++i) places[owners[i]] = i;
  std::vector<size_t> ranks;  // of the states
  for (const State& s : program_.states) {
    const auto it = s.id.owner.empty() ? places.end() : places.find(s.id.owner.front());
    ranks.push_back(it == places.end() ? owners.size() : it->second);
  }
  auto& steps = program_.initialisation;
  const auto before = [&](const InitStep& a, const InitStep& b) {
    return ranks[static_cast<size_t>(a.state)] < ranks[static_cast<size_t>(b.state)];
  };
  if (!std::is_sorted(steps.begin(), steps.end(), before)) std::stable_sort(steps.begin(), steps.end(), before);
}

ValueId Builder::op(const std::string& id, std::vector<Argument> args, Phase phase) {
  const OpInfo& info = opInfo(id);
  for (size_t i = args.size(); i < info.schema.arguments.size(); ++i) {
    assert(info.schema.arguments[i].fallback && "an argument without default was left out");
    args.push_back(*info.schema.arguments[i].fallback);
  }
  assert(args.size() == info.schema.arguments.size());
  OpCall call = inspect(info, args, argumentTypes(program_.values, args), Answer::Unknown);
  if (!call.failureCode.empty()) {
    failure_ = Failure{std::move(call.failureCode), std::move(call.failureArgs)};
    return {};
  }
  Op& op = append(info, std::move(args));
  op.phase = phase;
  op.macs = call.macs;
  for (ValueType& type : call.results) op.results.push_back(value(std::move(type), origin_.name));
  for (OpCall::Guard& g : call.guards)
    guard({g.a, g.b, std::move(g.code), std::move(g.args), origin_.node, origin_.layer});
  return op.results.empty() ? ValueId{} : op.results.front();
}

Op& Builder::append(const OpInfo& info, std::vector<Argument> args) {
  Op& op = program_.ops.emplace_back();
  op.id = stableId(origin_.node, ordinal_++);
  op.info = &info;
  op.args = std::move(args);
  op.node = origin_.node;
  op.layer = origin_.layer;
  op.mode = origin_.mode;
  op.part = origin_.part;
  return op;
}

std::vector<ValueId> Builder::control(const OpInfo& info, std::vector<Argument> args,
                                      std::vector<std::shared_ptr<const Program>> regions,
                                      std::vector<TensorType> results) {
  assert(args.size() == info.schema.arguments.size());
  Op& op = append(info, std::move(args));
  op.regions = std::move(regions);
  for (const auto& region : op.regions) op.macs = max(op.macs, region->macs());
  op.macs = timesOf(op) * op.macs;
  for (TensorType& type : results) op.results.push_back(value(std::move(type), origin_.name));
  return op.results;
}

bool Builder::requireEqual(const Dim& a, const Dim& b, std::string code, std::map<std::string, std::string> args) {
  const Answer answer = a.equals(b);
  if (answer == Answer::No) failure_ = Failure{std::move(code), std::move(args)};
  if (answer == Answer::Unknown) guard({a, b, std::move(code), std::move(args), origin_.node, origin_.layer});
  return answer != Answer::No;
}

void Builder::guardIndex(ValueId value, const Dim& limit, int64_t ignore, std::string code) {
  program_.indexGuards.push_back({value, limit, ignore, std::move(code), origin_.node, origin_.layer, origin_.part});
}

std::optional<Builder::Failure> Builder::takeFailure() { return std::exchange(failure_, std::nullopt); }

}  // namespace netwright::program
