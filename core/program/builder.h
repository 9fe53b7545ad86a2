// SPDX-License-Identifier: Apache-2.0
// Builds a program op by op with type inference. Lowering uses it; it reports complaints instead of throwing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/program/program.h"

namespace netwright::program {

class Builder {
 public:
  Builder() = default;
  // Of a region: its states belong to the program around it, and are inputs of it, behind those that it has before its
  // first op. `outer` must outlive it.
  explicit Builder(Builder* outer) : outer_(outer) {}

  // Where the following ops, states and complaints belong.
  struct Origin {
    NodePath node;
    std::string name;   // the node's name: prefix of states' names
    std::string layer;  // as messages call it
    Mode mode = Mode::Follow;
    Part part = Part::Model;
  };
  void enter(Origin origin);

  ValueId input(std::string name, TensorType type);
  void output(std::string name, ValueId value);
  void loss(LossTerm term) { program_.losses.push_back(std::move(term)); }
  void measured(std::string name, ValueId value) {
    program_.measured.push_back({value, std::move(name), origin_.node});
  }
  // Puts the initialisation recipe into the order in which `owners` are listed (module order, not the order of
  // execution).
  void orderInitialisation(const std::vector<NodeId>& owners);
  // A parameter or buffer of the current node, created once per id (sharing refers to an existing one).
  ValueId state(StateKind kind, const ParameterId& id, const std::string& slot, TensorType type);
  int stateIndex(const ParameterId& id) const;  // -1 if absent
  void initialise(InitStep step);
  void dropInitialisation(int state);  // the steps so far: it will be a copy

  // Appends an op; trailing arguments may be left out and take the schema's defaults. Returns its first result, or an
  // invalid id after a complaint (kept in `failure`).
  ValueId op(const std::string& id, std::vector<Argument> args, Phase phase = Phase::Forward);
  // Appends an op of control.h. Returns its results, of the types given.
  std::vector<ValueId> control(const OpInfo& info, std::vector<Argument> args,
                               std::vector<std::shared_ptr<const Program>> regions, std::vector<TensorType> results);
  // Of a region: the states of the program around it that it reads, and as which inputs.
  const std::vector<std::pair<ValueId, ValueId>>& captured() const { return captured_; }
  // What a batch must hold for `a` to equal `b`; false and a failure if it cannot be.
  bool requireEqual(const Dim& a, const Dim& b, std::string code, std::map<std::string, std::string> args);
  void guardIndex(ValueId value, const Dim& limit, int64_t ignore, std::string code);

  struct Failure {
    std::string code;
    std::map<std::string, std::string> args;
  };
  std::optional<Failure> takeFailure();
  const Origin& origin() const { return origin_; }

  const Program& program() const { return program_; }
  Program take() { return std::move(program_); }

 private:
  ValueId value(ValueType type, std::string name);
  void guard(DimGuard guard);  // those of regions hold for the batch as a whole
  ValueId state(StateKind kind, const ParameterId& id, const std::string& name, TensorType type, Part part);
  Op& append(const OpInfo& info, std::vector<Argument> args);
  Builder* outer_ = nullptr;
  std::vector<std::pair<ValueId, ValueId>> captured_;
  Program program_;
  std::unordered_map<ParameterId, int> stateIndices_;
  Origin origin_;
  int ordinal_ = 0;
  std::optional<Failure> failure_;
};

}  // namespace netwright::program
