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

program::ValueType concrete(const program::ValueType& type, const program::Bindings& bindings) {
  program::ValueType out = type;
  for (program::TensorType& t : out.tensors)
    for (Dim& d : t.shape)
      if (const auto v = d.evaluate(bindings)) d = Dim(*v);
  return out;
}

}  // namespace

void Guards::check(const std::vector<const HostTensor*>& feeds, bool training, bool withLoss) {
  program::Bindings bindings;
  for (size_t i = 0; i < program_.inputs.size(); ++i) {
    if (!feeds[i]) continue;
    const program::Port& port = program_.inputs[i];
    if (!bind(program_.tensorType(port.value).shape, feeds[i]->shape, bindings))
      refuse(port.node, fmt::format("Input '{}'", port.name), "NW-S012",
             {{"received", fmt::format("({})", fmt::join(feeds[i]->shape, ", "))},
              {"expected", program::text(program_.tensorType(port.value).shape)}});
  }
  if (withLoss) checkLabels(feeds);
  const std::pair key{bindings, 2 * training + withLoss};
  if (approved_.contains(key)) return;
  checkShapes(bindings, training, withLoss);
  approved_.insert(key);
}

void Guards::checkLabels(const std::vector<const HostTensor*>& feeds) const {
  for (const program::IndexGuard& guard : program_.indexGuards)
    for (size_t i = 0; i < program_.inputs.size(); ++i) {
      if (program_.inputs[i].value != guard.value || !feeds[i]) continue;
      const int64_t limit = guard.limit.constant().value_or(INT64_MAX);
      const auto labels = feeds[i]->as<int64_t>();
      for (size_t k = 0; k < labels.size(); ++k)
        if ((labels[k] < 0 || labels[k] >= limit) && labels[k] != guard.ignore)
          refuse(guard.node, guard.layer, "NW-D001",
                 {{"label", grouped(labels[k])},
                  {"classes", grouped(limit)},
                  {"last", grouped(limit - 1)},
                  {"needed", grouped(labels[k] + 1)}},
                 static_cast<int64_t>(k));
    }
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
  for (const program::Op& op : program_.ops) {
    if (op.part == program::Part::Loss && !withLoss) continue;
    auto types = program::argumentTypes(program_.values, op.args);
    for (program::ValueType& t : types) t = concrete(t, bindings);
    const bool trains = op.mode == Mode::Follow ? training : op.mode == Mode::Train;
    const program::OpCall call =
        program::inspect(*op.info, op.args, std::move(types), trains ? program::Answer::Yes : program::Answer::No);
    if (!call.failureCode.empty()) refuse(op.node, op.layer, call.failureCode, call.failureArgs);
  }
}

}  // namespace netwright::engine
