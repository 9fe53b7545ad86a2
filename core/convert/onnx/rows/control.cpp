// SPDX-License-Identifier: Apache-2.0
// Control flow: If, Loop and Scan. What they run reads weights and constants of the graph around it by name. Files
// cannot raise errors: a number that names no body takes the nearest, and a loop ends after its limit.
#include "core/program/control.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>

#include "core/convert/onnx/rows.h"

namespace netwright::convert::onnx::rows {
namespace {

using program::ValueId;
using Names = std::vector<std::string>;

std::shared_ptr<Graph> shared(Graph graph) { return std::make_shared<Graph>(std::move(graph)); }

std::string whole(OpPrinter& p, const char* suffix, int64_t value) {
  HostTensor tensor(DType::Int64, {});
  tensor.as<int64_t>()[0] = value;
  return p.constant(suffix, std::move(tensor));
}

// Halves the bodies until one is left, so that many of them are no deep nest.
class BranchPrinter {
 public:
  explicit BranchPrinter(OpPrinter& p) : p_(p), count_(p.op().regions.size()), operands_(p.list("operands")) {
    if (p.dtype("choice") == DType::Bool) return;
    for (size_t first = 1; first < count_; ++first)
      isBelow_.push_back(
          p.node("Less", {p.tensor("choice"), whole(p, "first", static_cast<int64_t>(first))}, "is_below"));
  }

  void print() {
    Names outputs;
    for (size_t i = 0; i < p_.op().results.size(); ++i) outputs.push_back(p_.declare(i));
    if (count_ > 1) return p_.append(choice(0, count_, outputs));
    Graph only = p_.region(0, operands_);
    const std::vector<ValueInfo> results = only.outputs;
    p_.append(std::move(only));
    for (size_t i = 0; i < outputs.size(); ++i) p_.append(p_.make("Identity", {results[i].name}, {outputs[i]}));
  }

 private:
  // One of the bodies [first, end).
  Graph part(size_t first, size_t end) {
    if (end - first == 1) return p_.region(first, operands_);
    Graph graph;
    Names outputs;
    for (size_t i = 0; i < p_.op().results.size(); ++i) {
      outputs.push_back(p_.fresh("chosen"));
      graph.outputs.push_back(p_.resultInfo(i, outputs.back()));
    }
    graph.nodes.push_back(choice(first, end, outputs));
    graph.name = graph.nodes.front().name;
    return graph;
  }

  Node choice(size_t first, size_t end, const Names& outputs) {
    const size_t middle = first + (end - first) / 2;
    const std::string condition = isBelow_.empty() ? p_.tensor("choice") : isBelow_[middle - 1];
    std::vector<Attribute> parts{{"then_branch", shared(part(first, middle))},
                                 {"else_branch", shared(part(middle, end))}};
    return p_.make("If", {condition}, outputs, std::move(parts));
  }

  OpPrinter& p_;
  const size_t count_;
  const Names operands_;
  Names isBelow_;  // by number of a body less one: whether the number is below it
};

void branch(OpPrinter& p) { BranchPrinter(p).print(); }

// The number of steps and whether there is a first one.
Names ends(OpPrinter& p, const program::Loop& loop) {
  int64_t most = loop.limit > 0 ? loop.limit : std::numeric_limits<int64_t>::max();
  if (loop.count && !loop.liveCount) most = std::min(most, *loop.count->constant());
  std::string count = whole(p, "most", most);
  if (loop.liveCount) count = p.node("Min", {p.tensor("live_count"), count}, "count");
  return {count, loop.start ? p.tensor("start") : p.number("start", 1, DType::Bool)};
}

// Puts the steps, which come first, where they belong.
std::vector<int64_t> stepsTo(int64_t dim, size_t rank) {
  std::vector<int64_t> perm;
  for (int64_t i = 1; i < static_cast<int64_t>(rank); ++i) perm.push_back(i);
  perm.insert(perm.begin() + dim, 0);
  return perm;
}

void printLoop(OpPrinter& p, const program::Loop& loop) {
  Names given(loop.index + loop.carried.size()), inputs = ends(p, loop);
  const Names captured = p.list("captured"), carried = p.list("carried");
  given.insert(given.end(), captured.begin(), captured.end());
  inputs.insert(inputs.end(), carried.begin(), carried.end());
  Graph body = p.region(0, given);
  if (!loop.index) body.inputs.insert(body.inputs.begin(), ValueInfo{p.fresh("step"), "", DType::Int64, {}});
  const ValueInfo goesOn{p.fresh("goes_on"), "", DType::Bool, {}};
  body.inputs.insert(body.inputs.begin() + 1, goesOn);
  if (!loop.again) {
    const ValueInfo still{p.fresh("goes_on"), "", DType::Bool, {}};
    body.nodes.push_back(p.make("Identity", {goesOn.name}, {still.name}));
    body.outputs.insert(body.outputs.begin(), still);
  }
  Names outputs;
  std::vector<Node> reorder;
  for (size_t i = 0; i < p.op().results.size(); ++i) {
    if (i < loop.carried.size() || loop.dim == 0) {
      outputs.push_back(p.declare(i));
      continue;
    }
    outputs.push_back(p.fresh("by_step"));
    reorder.push_back(
        p.make("Transpose", {outputs.back()}, {p.declare(i)}, {{"perm", stepsTo(loop.dim, p.resultShape(i).size())}}));
  }
  p.append(p.make("Loop", inputs, outputs, {{"body", shared(std::move(body))}}));
  for (Node& n : reorder) p.append(std::move(n));
}

void printScan(OpPrinter& p, const program::Loop& loop) {
  Names given(loop.carried.size() + loop.scanned.size()), inputs = p.list("carried"), outputs;
  const Names captured = p.list("captured"), scanned = p.list("scanned");
  given.insert(given.end(), captured.begin(), captured.end());
  inputs.insert(inputs.end(), scanned.begin(), scanned.end());
  for (size_t i = 0; i < p.op().results.size(); ++i) outputs.push_back(p.declare(i));
  std::vector<Attribute> attributes{{"body", shared(p.region(0, given))},
                                    {"num_scan_inputs", static_cast<int64_t>(scanned.size())},
                                    {"scan_input_axes", Ints(scanned.size(), loop.dim)}};
  if (loop.stacked > 0) attributes.push_back({"scan_output_axes", Ints(loop.stacked, loop.dim)});
  p.append(p.make("Scan", inputs, outputs, std::move(attributes)));
}

void loop(OpPrinter& p) {
  const program::Loop loop = program::loopOf(p.op());
  loop.scanned.empty() ? printLoop(p, loop) : printScan(p, loop);
}

// Readers of protobuf take messages in each other 100 deep, and each graph inside is three.
constexpr int kDeepestGraphs = 30;

// How many graphs lie in each other.
int depthOf(const program::Op& op) {
  int inside = 0;
  for (const auto& region : op.regions)
    for (const program::Op& inner : region->ops) inside = std::max(inside, depthOf(inner));
  if (op.info == &program::branchOp()) return inside + static_cast<int>(std::bit_width(op.regions.size() - 1));
  return inside + (program::isControl(op) ? 1 : 0);
}

Refusal refuseDeep(const program::Program&, const program::Op& op) {
  if (depthOf(op) <= kDeepestGraphs) return std::nullopt;
  return fmt::format("its blocks run others more than {} deep, which readers do not take", kDeepestGraphs);
}

Refusal refuseLoop(const program::Program& program, const program::Op& op) {
  if (auto reason = refuseDeep(program, op)) return reason;
  const program::Loop loop = program::loopOf(op);
  if (!loop.scanned.empty() && (loop.again || loop.index || loop.start || loop.liveCount))
    return "it goes along a dimension and counts or ends its steps in another way too";
  if (loop.scanned.empty() && loop.count && !loop.liveCount && !loop.count->constant())
    return "its number of steps follows from a size that is only known at run time";
  return std::nullopt;
}

}  // namespace

Rows control() {
  return {{program::branchOp().id(), {branch, refuseDeep}}, {program::loopOp().id(), {loop, refuseLoop}}};
}

}  // namespace netwright::convert::onnx::rows
