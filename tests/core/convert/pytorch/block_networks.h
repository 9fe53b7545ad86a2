// SPDX-License-Identifier: Apache-2.0
// Small networks made of blocks, for tests of PyTorch source.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/core/convert/networks.h"

namespace netwright::convert::testing {

inline ParamSpec integer(const std::string& name, int64_t fallback) {
  ParamSpec spec;
  spec.name = name;
  spec.fallback = fallback;
  return spec;
}

inline Formula formula(const char* text) { return {text}; }

// y = relu(fc(x)) with `features` numbers.
inline Sketch layerBody() {
  return Sketch()
      .add("block_input", "x", {})
      .add("linear", "fc", {"x"}, {{"out_features", formula("features")}})
      .add("relu", "act", {"fc"})
      .add("block_output", "y", {"act"});
}

inline Sketch withLayer(const List& shape = {8}) {
  return Sketch()
      .define(1, "layer", {integer("features", 8)}, layerBody(), "A linear layer. And what follows it.")
      .input("x", shape);
}

inline Sketch sameTwice() {
  return withLayer().instance("a", 1, {"x=x"}).instance("b", 1, {"x=a:y"}).output("out", "b:y");
}

inline Sketch ofTwoSizes() {
  return withLayer()
      .instance("a", 1, {"x=x"}, {{"features", int64_t{4}}})
      .instance("b", 1, {"x=a:y"}, {{"features", int64_t{6}}})
      .output("out", "b:y");
}

// A block of blocks: widens four times and comes back.
inline Sketch nestedBlocks() {
  return withLayer()
      .define(2, "Bottle neck", {integer("width", 4)},
              Sketch()
                  .add("block_input", "x", {})
                  .instance("wide", 1, {"x=x"}, {{"features", formula("width * 4")}})
                  .instance("narrow", 1, {"x=wide:y"}, {{"features", formula("width")}})
                  .add("block_output", "y", {"narrow:y"}))
      .instance("first", 2, {"x=x"}, {{"width", int64_t{3}}})
      .instance("second", 2, {"x=first:y"}, {{"width", int64_t{5}}})
      .output("out", "second:y");
}

// Four copies, each larger than the one before; and three that are alike.
inline Sketch repeatedBlocks() {
  return withLayer()
      .instance("growing", 1, {"x=x"}, {{"repeat", int64_t{4}}, {"features", formula("8 + 2 * index")}})
      .instance("equal", 1, {"x=growing:y"}, {{"repeat", int64_t{3}}, {"features", int64_t{14}}})
      .output("out", "equal:y");
}

// Looks at what comes over an optional port, which one of the two has.
inline Sketch optionalPort() {
  return Sketch()
      .define(1, "Look", {},
              Sketch()
                  .add("block_input", "x", {})
                  .add("block_input", "memory", {}, {{"optional", true}})
                  .add("multihead_attention", "attention", {"x", "key=memory"}, {{"num_heads", int64_t{2}}})
                  .add("block_output", "y", {"attention"}))
      .input("x", {5, 8})
      .instance("self", 1, {"x=x"})
      .instance("cross", 1, {"x=self:y", "memory=x"})
      .output("out", "cross:y");
}

// A block with weights, running statistics and two results.
inline Sketch sharedBlock(bool another) {
  return Sketch()
      .define(1, "Encoder", {},
              Sketch()
                  .add("block_input", "x", {})
                  .add("linear", "fc", {"x"}, {{"out_features", int64_t{8}}})
                  .add("batch_norm1d", "norm", {"fc"})
                  .add("tanh", "tanh", {"norm"})
                  .add("block_output", "y", {"tanh"})
                  .add("block_output", "raw", {"fc"}))
      .input("left", {8})
      .input("right", {8})
      .instance("one", 1, {"x=left"})
      .instance("two", 1, {"x=right"}, {}, another ? Mode::Eval : Mode::Follow)
      .share("two", "one", {"*"})
      .add("add", "sum", {"one:y", "two:y"})
      .add("add", "sum2", {"one:raw", "two:raw"})
      .output("out", "sum")
      .output("raw", "sum2");
}

// The second instance leaves a result unread; the weights of the first are read from outside.
inline Sketch weightFromInside() {
  return Sketch()
      .define(1, "Two ways", {},
              Sketch()
                  .add("block_input", "x", {})
                  .add("linear", "up", {"x"}, {{"out_features", int64_t{8}}})
                  .add("linear", "down", {"x"}, {{"out_features", int64_t{8}}})
                  .add("block_output", "high", {"up"})
                  .add("block_output", "low", {"down"}))
      .input("x", {8})
      .instance("a", 1, {"x=x"})
      .add("add", "sum", {"a:high", "a:low"})
      .instance("b", 1, {"x=sum"})
      .add("linear", "head", {"b:low"}, {{"out_features", int64_t{8}}})
      .shareInside("head", "a", "down", "weight")
      .output("out", "head");
}

// Every step of a sequence, beside an instance that takes a whole one.
inline Sketch everyStep() {
  return withLayer({5, 8})
      .instance("steps", 1, {"x=x"}, {{"time_distributed", true}})
      .instance("whole", 1, {"x=steps:y"})
      .output("out", "whole:y");
}

inline Sketch fixedModes() {
  return Sketch()
      .define(1, "Normed", {},
              Sketch()
                  .add("block_input", "x", {})
                  .add("linear", "fc", {"x"}, {{"out_features", int64_t{8}}})
                  .add("batch_norm1d", "norm", {"fc"})
                  .add("block_output", "y", {"norm"}))
      .input("x", {8})
      .instance("frozen", 1, {"x=x"}, {}, Mode::Eval)
      .instance("free", 1, {"x=frozen:y"})
      .output("out", "free:y");
}

// What comes out of the block on one side goes in on the other: it is no function.
inline Sketch throughTwice() {
  return Sketch()
      .define(1, "Pair", {},
              Sketch()
                  .add("block_input", "a", {})
                  .add("block_input", "b", {})
                  .add("linear", "left", {"a"}, {{"out_features", int64_t{8}}})
                  .add("linear", "right", {"b"}, {{"out_features", int64_t{8}}})
                  .add("block_output", "c", {"left"})
                  .add("block_output", "d", {"right"}))
      .input("x", {8})
      .add("relu", "relu", {})
      .instance("pair", 1, {"a=x", "b=relu:y"})
      .wire("pair:c", "relu:x")
      .output("out", "pair:d");
}

// Sizes in statements, not only in constructors; a chain of modules called by numbers, and one that lies beside them.
inline Sketch numbersEverywhere() {
  return Sketch()
      .define(1, "Fold", {integer("rows", 2)},
              Sketch()
                  .add("block_input", "x", {})
                  .add("reshape", "rows", {"x"}, {{"shape", formula("(rows, -1)")}})
                  .add("flatten", "flat", {"rows"})
                  .add("block_output", "y", {"flat"}))
      .define(2, "Chain", {},
              Sketch()
                  .add("block_input", "x", {})
                  .add("linear", "0", {"x"}, {{"out_features", int64_t{8}}})
                  .add("relu", "1", {"0"})
                  .add("block_output", "y", {"1"}))
      .input("x", {8})
      .instance("two", 1, {"x=x"})
      .instance("four", 1, {"x=two:y"}, {{"rows", int64_t{4}}})
      .add("linear", "chain.before", {"four:y"}, {{"out_features", int64_t{8}}})
      .instance("chain", 2, {"x=chain.before"})
      .instance("list.0", 2, {"x=chain:y"})
      .instance("list.1", 2, {"x=list.0:y"})
      .output("out", "list.1:y");
}

// Layers that PyTorch has no module for: the same in one size, another in the other; and a tensor at two ports.
inline Sketch classesInside() {
  return Sketch()
      .define(1, "Places", {},
              Sketch()
                  .add("block_input", "x", {})
                  .add("block_input", "other", {})
                  .add("positional_encoding", "place", {"x"}, {{"kind", std::string("learned")}})
                  .add("add", "sum", {"place", "other"})
                  .add("block_output", "y", {"sum"})
                  .add("block_output", "same", {"x"}))
      .input("x", {5, 4})
      .input("z", {6, 4})
      .instance("a", 1, {"x=x", "other=x"})
      .instance("b", 1, {"x=a:y", "other=a:same"})
      .instance("c", 1, {"x=z", "other=z"})
      .output("out", "b:y")
      .output("third", "c:y");
}

// Names that are words of Python, of nn.Module or of the file.
inline Sketch hostileBlocks() {
  const std::string hostile = "\"\"\"\nimport os # \\";
  return Sketch()
      .define(1, hostile, {integer("nn", 8), integer("self", 3)},
              Sketch()
                  .add("block_input", "class", {})
                  .add("linear", "train", {"class"}, {{"out_features", formula("nn")}})
                  .add("linear", "a b", {"train"}, {{"out_features", formula("self * 2")}})
                  .add("block_output", "return", {"a b"})
                  .annotate({1, graph::Annotation::Kind::Frame, hostile, "", {-1e4, -1e4}, {1e5, 1e5}, ""}),
              hostile)
      .input("self", {8})
      .instance("train", 1, {"class=self"})
      .instance("a\n.\"b", 1, {"class=train:return"}, {{"nn", int64_t{7}}, {"self", int64_t{4}}})
      .output("out", "a\n.\"b:return");
}

inline std::map<std::string, Sketch> blockNetworks() {
  return {{"same_twice", sameTwice()},
          {"of_two_sizes", ofTwoSizes()},
          {"nested", nestedBlocks()},
          {"repeated", repeatedBlocks()},
          {"optional_port", optionalPort()},
          {"shared", sharedBlock(false)},
          {"shared_in_another_mode", sharedBlock(true)},
          {"weight_from_inside", weightFromInside()},
          {"every_step", everyStep()},
          {"fixed_modes", fixedModes()},
          {"through_twice", throughTwice()},
          {"numbers_everywhere", numbersEverywhere()},
          {"classes_inside", classesInside()},
          {"hostile", hostileBlocks()}};
}

}  // namespace netwright::convert::testing
