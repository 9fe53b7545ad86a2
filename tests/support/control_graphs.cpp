// SPDX-License-Identifier: Apache-2.0
#include "tests/support/control_graphs.h"

#include <stdexcept>

namespace netwright::test {

using graph::Document;

BlockId define(Document& document, const std::string& name, const std::vector<std::string>& inputs,
               const std::vector<std::pair<LayerCase, std::vector<std::string>>>& inside) {
  graph::Block block;
  block.id = document.freshBlockId();
  block.name = name;
  for (const std::string& port : inputs) add(block.body, {"block_input", port, {}});
  for (const auto& [layer, from] : inside) add(block.body, layer, from);
  document.blocks.push_back(block);
  return block.id;
}

void addControl(Document& document, const LayerCase& layer, std::vector<BlockId> bodies,
                const std::vector<std::string>& inputs) {
  add(document, layer, inputs);
  document.nodes.back().bodies = std::move(bodies);
}

LayerCase code(const std::string& name, const std::string& text) { return {"expression", name, {{"code", text}}}; }

namespace {

using Ints = std::vector<int64_t>;

LayerCase input(Ints shape) { return {"input", "x", {{"shape", std::move(shape)}}}; }
LayerCase linear(const std::string& name, int64_t features) { return {"linear", name, {{"out_features", features}}}; }
const LayerCase kOut{"block_output", "y", {}};

// h -> tanh(fc(h))
BlockId layerBlock(Document& d, const std::string& name) {
  return define(d, name, {"h"}, {{linear("fc", 6), {"h"}}, {{"tanh", "act", {}}, {"fc"}}, {kOut, {"act"}}});
}

ControlCase counted() {
  Document d;
  add(d, input({6}));
  addControl(d, {"loop", "loop", {{"count", int64_t{3}}}}, {layerBlock(d, "Layer")}, {"h=x"});
  add(d, {"output", "out", {}}, {"loop:y"});
  return {"counted", d, {6}};
}

// The deeper, the larger the numbers of the batch.
ControlCase liveCount() {
  Document d;
  add(d, input({6}));
  add(d, code("depth", "y = (x.abs().mean() * 10).int()"), {"x=x"});
  addControl(d, {"loop", "loop", {}}, {layerBlock(d, "Layer")}, {"count=depth:y", "h=x"});
  add(d, {"output", "out", {}}, {"loop:y"});
  return {"live count", d, {6}};
}

ControlCase whileTrue() {
  Document d;
  add(d, input({6}));
  const BlockId body = define(d, "Halve", {"h"},
                              {{code("half", "y = h * 0.5"), {"h=h"}},
                               {kOut, {"half:y"}},
                               {code("far", "y = half.abs().max() > 0.1"), {"half=half:y"}},
                               {{"block_output", "again", {}}, {"far:y"}}});
  add(d, code("first", "y = x.abs().max() > 0.2"), {"x=x"});
  addControl(d, {"loop", "loop", {{"count", None{}}}}, {body}, {"start=first:y", "h=x"});
  add(d, {"output", "out", {}}, {"loop:y"});
  return {"while", d, {6}};
}

// Results of all steps, one for each of three halving rounds, with the step's number and a constant.
ControlCase stacked() {
  Document d;
  add(d, input({6}));
  const BlockId body = define(d, "Step", {"h", "bias", "step"},
                              {{linear("fc", 6), {"h"}},
                               {code("next", "y = h.tanh() + bias * step"), {"h=fc", "bias=bias", "step=step"}},
                               {kOut, {"next:y"}},
                               {code("part", "y = h[:, 0:2]"), {"h=next:y"}},
                               {{"block_output", "parts", {}}, {"part:y"}}});
  add(d, linear("bias", 6), {"x"});
  addControl(d, {"loop", "loop", {{"count", int64_t{3}}}}, {body}, {"h=x", "bias=bias"});
  add(d, {"output", "last", {}}, {"loop:y"});
  add(d, {"output", "all", {}}, {"loop:parts"});
  return {"stacked", d, {6}};
}

// Stops early; the number of results is the batch's.
ControlCase earlyExit() {
  Document d;
  add(d, input({6}));
  const BlockId body = define(d, "Step", {"h"},
                              {{linear("fc", 6), {"h"}},
                               {code("next", "y = h * 0.5"), {"h=fc"}},
                               {kOut, {"next:y"}},
                               {{"block_output", "steps", {}}, {"next:y"}},
                               {code("far", "y = h.abs().max() > 0.05"), {"h=next:y"}},
                               {{"block_output", "again", {}}, {"far:y"}}});
  addControl(d, {"loop", "loop", {{"count", int64_t{5}}}}, {body}, {"h=x"});
  add(d, code("sum", "y = s.sum(dim=1)"), {"s=loop:steps"});
  add(d, {"output", "last", {}}, {"loop:y"});
  add(d, {"output", "total", {}}, {"sum:y"});
  return {"early exit", d, {6}};
}

ControlCase branches() {
  Document d;
  add(d, input({6}));
  const BlockId thorough = define(
      d, "Thorough", {"h"},
      {{linear("fc1", 12), {"h"}}, {{"relu", "act", {}}, {"fc1"}}, {linear("fc2", 6), {"act"}}, {kOut, {"fc2"}}});
  const BlockId quick = define(d, "Quick", {"h"}, {{code("scale", "y = h * 2"), {"h=h"}}, {kOut, {"scale:y"}}});
  add(d, code("large", "y = x.mean() > 0"), {"x=x"});
  addControl(d, {"if", "way", {}}, {thorough, quick}, {"condition=large:y", "h=x"});
  add(d, {"output", "out", {}}, {"way:y"});
  return {"if", d, {6}};
}

ControlCase choices() {
  Document d;
  add(d, input({6}));
  std::vector<BlockId> bodies{layerBlock(d, "First"), layerBlock(d, "Second")};
  bodies.push_back(define(d, "Third", {"h"}, {{code("neg", "y = -h"), {"h=h"}}, {kOut, {"neg:y"}}}));
  add(d, code("which", "y = x.mean(dim=0)[0:3].argmax(dim=0)"), {"x=x"});
  addControl(d, {"switch", "way", {}}, bodies, {"index=which:y", "h=x"});
  add(d, {"output", "out", {}}, {"way:y"});
  return {"switch", d, {6}};
}

ControlCase scan() {
  Document d;
  add(d, input({4, 5}));
  const BlockId cell = define(d, "Cell", {"h", "x", "gain"},
                              {{linear("recurrent", 6), {"h"}},
                               {linear("into", 6), {"x"}},
                               {code("sum", "y = tanh(a + b) * g"), {"a=recurrent", "b=into", "g=gain"}},
                               {kOut, {"sum:y"}},
                               {{"block_output", "all", {}}, {"sum:y"}}});
  add(d, code("start", "w = param(6, init=normal)\nh = w + x[:, 0, 0:1] * 0"), {"x=x"});
  add(d, code("gain", "y = x.mean() + 1"), {"x=x"});
  addControl(d, {"scan", "scan", {}}, {cell}, {"h=start:h", "x=x", "gain=gain:y"});
  add(d, {"output", "last", {}}, {"scan:y"});
  add(d, {"output", "all", {}}, {"scan:all"});
  return {"scan", d, {4, 5}};
}

// Each sample goes the way that its gate says.
ControlCase mixture() {
  Document d;
  add(d, input({6}));
  const std::vector<BlockId> experts{layerBlock(d, "Small"), layerBlock(d, "Large")};
  Document& body = d;
  const BlockId sample = define(body, "Sample", {"x"}, {{linear("gate", 2), {"x"}}, {{"softmax", "p", {}}, {"gate"}}});
  Document& inside = d.blocks.back().body;
  add(inside, code("which", "y = p.argmax(dim=1)"), {"p=p"});
  addControl(inside, {"switch", "expert", {}}, experts, {"index=which:y", "h=x"});
  add(inside, code("weighted", "y = e * p.max()"), {"e=expert:y", "p=p"});
  add(inside, kOut, {"weighted:y"});
  addControl(d, {"map", "each", {{"keepdim", true}}}, {sample}, {"x=x"});
  add(d, {"output", "out", {}}, {"each:y"});
  return {"mixture of experts", d, {6}};
}

// A Loop whose body is an If.
ControlCase nested() {
  Document d;
  add(d, input({6}));
  const BlockId grow = layerBlock(d, "Grow");
  const BlockId keep = define(d, "Keep", {"h"}, {{code("same", "y = h + 1"), {"h=h"}}, {kOut, {"same:y"}}});
  const BlockId step = define(d, "Step", {"h"}, {{code("low", "y = h.mean() < 0.3"), {"h=h"}}});
  Document& inside = d.blocks.back().body;
  addControl(inside, {"if", "way", {}}, {grow, keep}, {"condition=low:y", "h=h"});
  add(inside, kOut, {"way:y"});
  addControl(d, {"loop", "loop", {{"count", int64_t{4}}}}, {step}, {"h=x"});
  add(d, {"output", "out", {}}, {"loop:y"});
  return {"if inside a loop", d, {6}};
}

}  // namespace

ControlCase nestedIfs(int depth) {
  Document d;
  const BlockId keep = define(d, "Keep", {"h"}, {{code("same", "y = h * 2"), {"h=h"}}, {kOut, {"same:y"}}});
  BlockId inner = keep;
  for (int i = 1; i < depth; ++i) {
    const BlockId outer = define(d, "Level " + std::to_string(i), {"h"},
                                 {{code("high", "y = h.mean() > " + std::to_string(i * 0.01)), {"h=h"}}});
    Document& inside = d.blocks.back().body;
    addControl(inside, {"if", "way", {}}, {inner, keep}, {"condition=high:y", "h=h"});
    add(inside, kOut, {"way:y"});
    inner = outer;
  }
  add(d, input({6}));
  add(d, code("large", "y = x.mean() > 0"), {"x=x"});
  addControl(d, {"if", "way", {}}, {inner, keep}, {"condition=large:y", "h=x"});
  add(d, {"output", "out", {}}, {"way:y"});
  return {"nested ifs", d, {6}};
}

std::vector<ControlCase> controlCases() {
  return {counted(),  liveCount(), whileTrue(), stacked(), earlyExit(),
          branches(), choices(),   scan(),      mixture(), nested()};
}

graph::Document controlGraph(const std::string& name) {
  for (ControlCase& c : controlCases())
    if (c.name == name) return std::move(c.graph);
  throw std::out_of_range("no network " + name);
}

}  // namespace netwright::test
