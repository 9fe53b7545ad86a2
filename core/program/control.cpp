// SPDX-License-Identifier: Apache-2.0
#include "core/program/control.h"

namespace netwright::program {
namespace {

OpInfo info(const char* text) {
  OpInfo made;
  made.schemaText = text;
  made.schema = parseSchema(text);
  made.infer = [](OpCall&) {};  // the layers that make these ops know their types
  return made;
}

const Argument& argument(const Op& op, const char* name) { return op.args[op.info->schema.index(name)]; }

ValueId value(const Op& op, const char* name) {
  const auto* v = std::get_if<ValueId>(&argument(op, name));
  return v ? *v : ValueId{};
}

const std::vector<ValueId>& list(const Op& op, const char* name) {
  return std::get<std::vector<ValueId>>(argument(op, name));
}

int64_t number(const Op& op, const char* name) { return std::get<Dim>(argument(op, name)).constant().value_or(0); }

}  // namespace

const OpInfo& branchOp() {
  static const OpInfo kInfo = info("netwright::branch(Tensor choice, Tensor[] operands) -> Tensor[]");
  return kInfo;
}

const OpInfo& loopOp() {
  static const OpInfo kInfo = info(
      "netwright::loop(int? count, Tensor? live_count, Tensor? start, bool again, bool index, Tensor[] carried, "
      "Tensor[] scanned, Tensor[] captured, int dim, int limit) -> Tensor[]");
  return kInfo;
}

Branch branchOf(const Op& op) { return {value(op, "choice"), list(op, "operands")}; }

Loop loopOf(const Op& op) {
  Loop loop;
  if (const auto* count = std::get_if<Dim>(&argument(op, "count"))) loop.count = *count;
  loop.liveCount = value(op, "live_count");
  loop.start = value(op, "start");
  loop.again = std::get<bool>(argument(op, "again"));
  loop.index = std::get<bool>(argument(op, "index"));
  loop.carried = list(op, "carried");
  loop.scanned = list(op, "scanned");
  loop.captured = list(op, "captured");
  loop.dim = number(op, "dim");
  loop.limit = number(op, "limit");
  loop.stacked = op.results.size() - loop.carried.size();
  return loop;
}

std::vector<DecidedSize> decidedSizes(const Program& program, const Op& op) {
  std::vector<DecidedSize> found;
  for (size_t r = 0; r < op.results.size(); ++r) {
    const Value& value = program.value(op.results[r]);
    const Shape& shape = value.type.tensor().shape;
    for (size_t d = 0; d < shape.size(); ++d) {
      std::string text = shape[d].text();
      if (!shape[d].constant() && text.starts_with(value.name + ".") && shape[d] == Dim::symbol(text))
        found.push_back({r, d, std::move(text)});
    }
  }
  return found;
}

Dim timesOf(const Op& op) {
  if (op.info != &loopOp()) return 1;
  const auto* count = std::get_if<Dim>(&argument(op, "count"));
  return count ? *count : Dim(1);
}

}  // namespace netwright::program
