// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/united.h"

#include <algorithm>
#include <set>

#include "core/program/control.h"

namespace netwright::convert::pytorch {
namespace {

using program::Op;
using program::Program;
using program::ValueId;
using Values = std::vector<ValueId>;

class Uniter {
 public:
  explicit Uniter(const Program& program) {
    out_.program = program;
    out_.program.ops.clear();
    for (const program::State& s : program.states) weights_.insert(s.value);
    Values same;
    for (size_t i = 0; i < program.values.size(); ++i) same.push_back({static_cast<int>(i)});
    for (const Op& op : program.ops) add(op, same, {});
  }

  United take() { return std::move(out_); }

 private:
  static ValueId mapped(const Values& values, ValueId v) { return v ? values[static_cast<size_t>(v.index)] : v; }
  static Values mapped(const Values& values, Values list) {
    for (ValueId& v : list) v = mapped(values, v);
    return list;
  }

  // `values`: what the values of the op's program are called here. `owner`: the node whose region that is.
  void add(Op op, const Values& values, NodeId owner) {
    for (program::Argument& a : op.args) {
      if (auto* v = std::get_if<ValueId>(&a)) *v = mapped(values, *v);
      if (auto* list = std::get_if<Values>(&a)) *list = mapped(values, *list);
    }
    op.results = mapped(values, op.results);
    const NodeId node = op.node.back();
    for (const ValueId v : op.results) makers_[v] = op;
    if (program::isControl(op)) addControl(op, node);
    if (node != owner) out_.program.ops.push_back(std::move(op));
  }

  // Before conversions of the node itself.
  ValueId plain(ValueId v, NodeId node) const {
    static const std::set<std::string> kConversions{"ne.Scalar", "reshape", "squeeze.dim", "to.dtype", "unsqueeze"};
    for (auto maker = makers_.find(v);
         maker != makers_.end() && maker->second.node.back() == node && kConversions.contains(maker->second.info->id());
         maker = makers_.find(v))
      v = std::get<ValueId>(maker->second.args.front());
    return v;
  }

  // Takes in a region; its first inputs are new values, the others those that it is given.
  Values addRegion(const Program& region, NodeId node, size_t place, const Values& given) {
    Values values(region.values.size());
    const size_t fresh = region.inputs.size() - given.size();
    for (size_t i = 0; i < given.size(); ++i)
      values[static_cast<size_t>(region.inputs[fresh + i].value.index)] = given[i];
    for (size_t i = 0; i < values.size(); ++i)
      if (!values[i]) {
        values[i] = {static_cast<int>(out_.program.values.size())};
        out_.program.values.push_back(region.values[i]);
      }
    for (const Op& op : region.ops) add(op, values, node);
    return out_.regions[{node, place}] = values;
  }

  void addControl(const Op& op, NodeId node) {
    ControlFlow flow;
    flow.results = op.results;
    op.info == &program::loopOp() ? addLoop(op, node, flow) : addBranch(op, node, flow);
    std::erase_if(flow.operands, [&](ValueId v) { return weights_.contains(v); });
    out_.control[node] = std::move(flow);
  }

  void addBranch(const Op& op, NodeId node, ControlFlow& flow) {
    const program::Branch branch = program::branchOf(op);
    flow.choice = plain(branch.choice, node);
    flow.operands = branch.operands;
    for (size_t k = 0; k < op.regions.size(); ++k) {
      const Values values = addRegion(*op.regions[k], node, k, branch.operands);
      ControlFlow::Region& region = flow.regions.emplace_back();
      for (const program::Port& p : op.regions[k]->outputs) region.outputs.push_back(mapped(values, p.value));
    }
  }

  void addLoop(const Op& op, NodeId node, ControlFlow& flow) {
    const program::Loop loop = program::loopOf(op);
    const Program& body = *op.regions.front();
    flow.loops = true;
    flow.count = loop.count;
    flow.liveCount = plain(loop.liveCount, node);
    flow.start = plain(loop.start, node);
    flow.carried = loop.carried;
    flow.scanned = loop.scanned;
    flow.operands = loop.captured;
    flow.dim = loop.dim;
    const Values values = addRegion(body, node, 0, loop.captured);
    ControlFlow::Region& region = flow.regions.emplace_back();
    size_t next = 0;
    if (loop.index) region.index = mapped(values, body.inputs[next++].value);
    for (size_t i = 0; i < loop.carried.size(); ++i) {
      region.carriedNames.push_back(body.inputs[next].name);
      region.carried.push_back(mapped(values, body.inputs[next++].value));
    }
    for (size_t i = 0; i < loop.scanned.size(); ++i) {
      region.partNames.push_back(body.inputs[next].name);
      const ValueId part = mapped(values, body.inputs[next++].value);
      region.parts.push_back(part);
      for (const auto& [result, maker] : makers_)  // as it is given to the body
        if (maker.node.back() == node && maker.info->id() == "unsqueeze" &&
            std::get<ValueId>(maker.args.front()) == part) {
          region.parts.back() = result;
          flow.keepsDim = true;
        }
    }
    for (size_t i = 0; i < body.outputs.size(); ++i) {
      const ValueId v = plain(mapped(values, body.outputs[i].value), node);
      if (loop.again && i == 0)
        region.again = v;
      else
        region.outputs.push_back(v);
    }
  }

  United out_;
  std::set<ValueId> weights_;
  std::map<ValueId, Op> makers_;
};

}  // namespace

std::vector<ValueId> ControlFlow::inputs() const {
  Values all;
  for (const ValueId v : {choice, liveCount, start})
    if (v) all.push_back(v);
  for (const Values* list : {&carried, &scanned, &operands}) all.insert(all.end(), list->begin(), list->end());
  return all;
}

std::vector<ValueId> ControlFlow::reads() const {
  Values all = inputs();
  for (const Region& r : regions) {
    all.insert(all.end(), r.outputs.begin(), r.outputs.end());
    if (r.again) all.push_back(r.again);
  }
  return all;
}

United united(const Program& program) { return Uniter(program).take(); }

}  // namespace netwright::convert::pytorch
