// SPDX-License-Identifier: Apache-2.0
#include "core/engine/guards.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/messages.h"
#include "core/base/text.h"
#include "core/engine/node_error.h"

namespace netwright::engine {
namespace {

using program::Dim;

[[noreturn]] void refuse(const NodePath& node, const std::string& layer, const std::string& code,
                         std::map<std::string, std::string> args, int64_t sample = -1) {
  args["layer"] = layer;
  throw NodeError(node, code, std::move(args), sample);
}

// Takes the sizes of one input into the bindings; false if they contradict its type.
bool bind(const program::Shape& type, const std::vector<int64_t>& sizes, program::Bindings& bindings) {
  if (type.size() != sizes.size()) return false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (const auto fixed = type[i].constant()) {
      if (*fixed != sizes[i]) return false;
      continue;
    }
    const auto [it, fresh] = bindings.emplace(type[i].text(), sizes[i]);
    if (!fresh && it->second != sizes[i]) return false;
  }
  return true;
}

void makeConcrete(program::Shape& shape, const program::Bindings& bindings) {
  for (Dim& d : shape)
    if (const auto v = d.evaluate(bindings)) d = Dim(*v);
}

std::vector<program::ValueType> concreteTypes(const program::Program& program, const program::Op& op,
                                              const program::Bindings& bindings) {
  auto types = program::argumentTypes(program.values, op.args);
  for (program::ValueType& type : types)
    for (program::TensorType& t : type.tensors) makeConcrete(t.shape, bindings);
  return types;
}

std::vector<program::Argument> concreteArguments(const program::Op& op, const program::Bindings& bindings) {
  std::vector<program::Argument> args = op.args;
  for (program::Argument& a : args)
    if (auto* sizes = std::get_if<program::Shape>(&a)) makeConcrete(*sizes, bindings);
  return args;
}

}  // namespace

void checkIndices(const program::IndexGuard& guard, const HostTensor& values) {
  const int64_t limit = guard.limit.constant().value_or(INT64_MAX);
  const auto all = values.as<int64_t>();
  for (size_t k = 0; k < all.size(); ++k)
    if ((all[k] < 0 || all[k] >= limit) && all[k] != guard.ignore)
      refuse(guard.node, guard.layer, guard.code,
             {{"label", grouped(all[k])},
              {"classes", grouped(limit)},
              {"last", grouped(limit - 1)},
              {"needed", grouped(all[k] + 1)}},
             values.shape.empty() ? 0 : static_cast<int64_t>(k) / (values.count() / values.shape.front()));
}

bool Guards::Last::matches(const std::vector<const HostTensor*>& given, int kind) const {
  if (!approved || approved->second != kind || given.size() != feeds.size()) return false;
  for (size_t i = 0; i < given.size(); ++i) {
    if (!given[i]) return false;
    if (given[i]->dtype != feeds[i].first || given[i]->shape != feeds[i].second) return false;
  }
  return true;
}

const program::Bindings& Guards::check(const std::vector<const HostTensor*>& feeds, bool training, bool withLoss) {
  const int kind = 2 * training + withLoss;
  if (last_.matches(feeds, kind)) {
    checkFeeds(feeds, withLoss);
    return last_.approved->first;
  }
  last_ = {};
  program::Bindings bindings;
  for (size_t i = 0; i < program_.inputs.size(); ++i) {
    if (!feeds[i]) continue;
    const program::Port& port = program_.inputs[i];
    const program::TensorType& type = program_.tensorType(port.value);
    if (type.dtype == DType::Int64 && feeds[i]->dtype != DType::Int64)  // else indices would be read from other bytes
      refuse(port.node, fmt::format("Input '{}'", port.name), "NW-S012",
             {{"received", fmt::format("{} numbers", name(feeds[i]->dtype))}, {"expected", "int64 numbers"}});
    if (!bind(type.shape, feeds[i]->shape, bindings))
      refuse(port.node, fmt::format("Input '{}'", port.name), "NW-S012",
             {{"received", fmt::format("({})", fmt::join(feeds[i]->shape, ", "))},
              {"expected", program::text(type.shape)}});
  }
  checkFeeds(feeds, withLoss);
  const std::pair key{std::move(bindings), kind};
  auto known = approved_.find(key);
  if (known == approved_.end()) {
    checkShapes(key.first, training, withLoss);
    known = approved_.insert(key).first;
  }
  last_.approved = &*known;
  for (const HostTensor* feed : feeds)
    last_.feeds.emplace_back(feed ? feed->dtype : DType::Float32, feed ? feed->shape : std::vector<int64_t>{-1});
  return known->first;
}

void Guards::checkFeeds(const std::vector<const HostTensor*>& feeds, bool withLoss) const {
  for (const program::IndexGuard& guard : program_.indexGuards)
    for (size_t i = 0; i < program_.inputs.size(); ++i)
      if (program_.inputs[i].value == guard.value && feeds[i] && (withLoss || guard.part == program::Part::Model))
        checkIndices(guard, *feeds[i]);
}

void Guards::checkShapes(const program::Bindings& bindings, bool training, bool withLoss) const {
  for (const program::DimGuard& g : program_.dimGuards) {
    const auto a = g.a.evaluate(bindings), b = g.b.evaluate(bindings);
    if (!a || !b || *a == *b) continue;
    std::vector<std::string> sizes;
    for (const auto& [symbol, size] : bindings) sizes.push_back(fmt::format("{} = {}", symbol, size));
    auto args = g.args;
    args["layer"] = g.layer;
    refuse(g.node, g.layer, "NW-S011", {{"message", messageText(g.code, args)}, {"sizes", joined(sizes, ", ")}});
  }
  checkOps(program_, bindings, training, withLoss);
}

void Guards::checkOps(const program::Program& program, const program::Bindings& bindings, bool training,
                      bool withLoss) {
  for (const program::Op& op : program.ops) {
    if (op.part == program::Part::Loss && !withLoss) continue;
    for (const auto& region : op.regions) checkOps(*region, bindings, training, withLoss);
    const auto args = concreteArguments(op, bindings);
    const bool trains = op.mode == Mode::Follow ? training : op.mode == Mode::Train;
    const program::OpCall call = program::inspect(*op.info, args, concreteTypes(program, op, bindings),
                                                  trains ? program::Answer::Yes : program::Answer::No);
    if (!call.failureCode.empty()) refuse(op.node, op.layer, call.failureCode, call.failureArgs);
  }
}

}  // namespace netwright::engine
