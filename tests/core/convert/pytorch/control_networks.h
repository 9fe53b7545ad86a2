// SPDX-License-Identifier: Apache-2.0
// Control flow that hands values on in other ways than those of tests/support/control_graphs.h, for tests of PyTorch
// source.
#pragma once

#include <vector>

#include "tests/support/control_graphs.h"

namespace netwright::convert::testing {

inline graph::Document withInput(std::vector<int64_t> shape = {6}) {
  graph::Document d;
  test::add(d, {"input", "x", {{"shape", std::move(shape)}}});
  return d;
}

inline test::LayerCase linear(const char* name) { return {"linear", name, {{"out_features", int64_t{6}}}}; }
inline test::LayerCase result(const char* name) { return {"block_output", name, {}}; }

// Two values that change places in every step, with what they were before stacked.
inline graph::Document exchanged() {
  graph::Document d = withInput();
  const BlockId body = test::define(
      d, "Exchange", {"a", "b"},
      {{linear("fc"), {"a"}}, {result("first"), {"b"}}, {result("second"), {"fc"}}, {result("old"), {"a"}}});
  test::add(d, test::code("half", "y = x * 0.5"), {"x=x"});
  test::addControl(d, {"loop", "loop", {{"count", int64_t{3}}, {"carried", int64_t{2}}}}, {body}, {"a=x", "b=half:y"});
  test::add(d, {"output", "first", {}}, {"loop:first"});
  test::add(d, {"output", "second", {}}, {"loop:second"});
  test::add(d, {"output", "old", {}}, {"loop:old"});
  return d;
}

// Ways that hand on what they are given, in another order or as it is.
inline graph::Document handedOn() {
  graph::Document d = withInput();
  const BlockId busy =
      test::define(d, "Busy", {"a", "b"}, {{linear("fc"), {"a"}}, {result("p"), {"fc"}}, {result("q"), {"a"}}});
  const BlockId idle = test::define(d, "Idle", {"a", "b"}, {{result("p"), {"a"}}, {result("q"), {"b"}}});
  test::add(d, test::code("parts", "a = x * 2\nb = x - 1\nc = (x.mean() > 0).float()"), {"x=x"});
  test::addControl(d, {"if", "way", {}}, {busy, idle}, {"condition=parts:c", "a=parts:a", "b=parts:b"});
  test::add(d, {"output", "p", {}}, {"way:p"});
  test::add(d, {"output", "q", {}}, {"way:q"});
  return d;
}

// One result; where the condition holds it is what came in.
inline graph::Document skipped() {
  graph::Document d = withInput();
  const BlockId idle = test::define(d, "Skip", {"h"}, {{result("y"), {"h"}}});
  const BlockId busy = test::define(d, "Work", {"h"}, {{linear("fc"), {"h"}}, {result("y"), {"fc"}}});
  test::add(d, test::code("small", "y = x.abs().mean() < 0.3"), {"x=x"});
  test::addControl(d, {"if", "way", {}}, {idle, busy}, {"condition=small:y", "h=x"});
  test::add(d, {"output", "out", {}}, {"way:y"});
  return d;
}

// Until a condition no longer holds, with the step's number; and so many steps or none.
inline graph::Document numbered() {
  graph::Document d = withInput();
  const BlockId until = test::define(d, "Until", {"h", "step"},
                                     {{test::code("next", "y = h * 0.5 + step * 0.01"), {"h=h", "step=step"}},
                                      {result("y"), {"next:y"}},
                                      {test::code("far", "y = h.abs().max() > 0.2"), {"h=next:y"}},
                                      {result("again"), {"far:y"}}});
  const BlockId layer = test::define(d, "Layer", {"h"}, {{linear("fc"), {"h"}}, {result("y"), {"fc"}}});
  test::addControl(d, {"loop", "until", {{"count", None{}}}}, {until}, {"h=x"});
  test::add(d, test::code("any", "y = x.mean() > 0"), {"x=x"});
  test::addControl(d, {"loop", "some", {{"count", int64_t{2}}}}, {layer}, {"start=any:y", "h=until:y"});
  test::add(d, {"output", "out", {}}, {"some:y"});
  return d;
}

// At most six steps; large numbers take more of them.
inline graph::Document endsEarly() {
  graph::Document d = withInput();
  const BlockId body = test::define(d, "Halve", {"h"},
                                    {{test::code("half", "y = h * 0.5"), {"h=h"}},
                                     {result("y"), {"half:y"}},
                                     {result("steps"), {"half:y"}},
                                     {test::code("far", "y = h.abs().max() > 0.2"), {"h=half:y"}},
                                     {result("again"), {"far:y"}}});
  test::addControl(d, {"loop", "loop", {{"count", int64_t{6}}}}, {body}, {"h=x"});
  test::add(d, test::code("sum", "y = s.sum(dim=1)"), {"s=loop:steps"});
  test::add(d, {"output", "last", {}}, {"loop:y"});
  test::add(d, {"output", "total", {}}, {"sum:y"});
  return d;
}

// A block with a Switch and a Scan over two sequences inside, used twice with other weights and once with the same.
inline graph::Document insideBlocks() {
  graph::Document d = withInput({4, 6});
  const BlockId cell = test::define(d, "Cell", {"h", "a", "b"},
                                    {{linear("fc"), {"a"}},
                                     {test::code("sum", "y = tanh(h + fc) * b"), {"h=h", "fc=fc", "b=b"}},
                                     {result("y"), {"sum:y"}},
                                     {result("all"), {"sum:y"}}});
  const BlockId left = test::define(d, "Left", {"h", "s"}, {{linear("fc"), {"h"}}, {result("y"), {"fc"}}});
  const BlockId right = test::define(
      d, "Right", {"h", "s"}, {{test::code("sum", "y = h + s.mean(dim=1)"), {"h=h", "s=s"}}, {result("y"), {"sum:y"}}});
  const BlockId whole = test::define(d, "Whole", {"x"}, {{test::code("start", "y = x[:, 0]"), {"x=x"}}});
  graph::Document& inside = d.blocks.back().body;
  test::addControl(inside, {"scan", "scan", {{"sliced", int64_t{2}}}}, {cell}, {"h=start:y", "a=x", "b=x"});
  test::add(inside, test::code("which", "y = (h.mean() > 0).long()"), {"h=scan:y"});
  test::addControl(inside, {"switch", "way", {}}, {left, right}, {"index=which:y", "h=scan:y", "s=scan:all"});
  test::add(inside, test::code("wide", "y = x + h.unsqueeze(1)"), {"x=x", "h=way:y"});
  test::add(inside, result("y"), {"wide:y"});
  for (const char* name : {"one", "two", "three"}) {
    test::add(d, {"block", name, {{"repeat", int64_t{1}}}},
              {name == std::string("one")   ? "x=x"
               : name == std::string("two") ? "x=one:y"
                                            : "x=two:y"});
    d.nodes.back().bodies = {whole};
  }
  d.nodes.back().shared["*"] = {{d.findByName("one")->id}, ""};
  test::add(d, {"output", "out", {}}, {"three:y"});
  return d;
}

// Expressions whose names are those of others around them, of keywords, and of Python's words.
inline graph::Document sameNames() {
  graph::Document d = withInput();
  test::add(d, test::code("one", "dim = x.sum(dim=1, keepdim=True)\ny = x - dim"), {"x=x"});
  test::add(d, test::code("two", "x = dim + 1\ny = x.mean(dim=-1, keepdim=True) * x\nz = x * dim"), {"dim=one:y"});
  test::add(d, test::code("three", "y, z = (a * b).chunk(2, dim=1)"), {"a=two:y", "b=two:z"});
  test::add(d, test::code("four", "y = cat([b, a, x], dim=1)"), {"a=three:y", "b=three:z", "x=x"});
  test::add(d, {"output", "out", {}}, {"four:y"});
  return d;
}

inline std::vector<test::ControlCase> moreControlCases() {
  return {{"exchanged", exchanged(), {6}}, {"handed on", handedOn(), {6}},   {"skipped", skipped(), {6}},
          {"numbered", numbered(), {6}},   {"ends early", endsEarly(), {6}}, {"inside blocks", insideBlocks(), {4, 6}},
          {"same names", sameNames(), {6}}};
}

}  // namespace netwright::convert::testing
