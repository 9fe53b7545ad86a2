// SPDX-License-Identifier: Apache-2.0
#include "core/help/example.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/base/text.h"
#include "core/layers/new_bodies.h"
#include "core/layers/node_spec.h"
#include "core/layers/prose.h"
#include "core/layers/registry.h"

namespace netwright::help {
namespace {

using layers::LayerSpec;

struct Input {
  std::string dtype = "float";  // "float", "int64" or "bool"
  std::vector<int64_t> sizes;   // without the batch
};

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

std::vector<std::string> parts(const std::string& text) {
  std::vector<std::string> list;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(';', start), text.size());
    if (const std::string part = trimmed(text.substr(start, end - start)); !part.empty()) list.push_back(part);
    start = end + 1;
  }
  return list;
}

// "int64 (N, 5)"
Input inputFrom(const std::string& text) {
  const size_t open = text.find("(N"), close = text.find(')');
  assert(open != std::string::npos && close != std::string::npos && "an input of an example begins with the batch N");
  Input input;
  if (const std::string dtype = trimmed(text.substr(0, open)); !dtype.empty()) input.dtype = dtype;
  for (const std::string& size : words(text.substr(open + 2, close - open - 2)))
    input.sizes.push_back(std::stoll(size));
  return input;
}

Input usualInput(const layers::PortSpec& port, const Input* first) {
  static const std::vector<std::pair<std::string, std::vector<int64_t>>> kSizes{{"(N, C, L)", {4, 16}},
                                                                                {"(N, C, H, W)", {4, 16, 16}},
                                                                                {"(N, C, D, H, W)", {4, 8, 8, 8}},
                                                                                {"(N, C, *)", {4, 16, 16}},
                                                                                {"(N, L, ", {10, 16}},
                                                                                {"(N, S, ", {10, 16}},
                                                                                {"(N, *, features)", {10, 16}},
                                                                                {"(N,)", {}}};
  Input input;
  input.sizes = first ? first->sizes : std::vector<int64_t>{16};
  for (const char* dtype : {"int64", "bool"})
    if (port.form.rfind(dtype, 0) == 0) input.dtype = dtype;
  for (const auto& [form, sizes] : kSizes)
    if (port.form.find(form) != std::string::npos) input.sizes = sizes;
  return input;
}

std::vector<Input> usualInputs(const LayerSpec& layer, bool optional) {
  std::vector<Input> inputs;
  for (const layers::PortSpec& port : layer.inputs)
    if (!port.optional || optional) inputs.push_back(usualInput(port, inputs.empty() ? nullptr : &inputs.front()));
  return inputs;
}

// Puts nodes and wires around the layer.
class Around {
 public:
  explicit Around(const LayerSpec& layer, const Attributes& given) : layer_(layer), given_(given) {
    document_.blocks = layers::newBodies(layer, document_);
    self_ = add(layer.id, layer.stem.empty() ? layer.id : layer.stem, given);
    for (const graph::Block& block : document_.blocks) document_.nodes.back().bodies.push_back(block.id);
    if (layer.category == layers::Category::Control) {
      const layers::LayerSpec spec = *layers::specOf(document_, document_.nodes.back());
      for (const layers::PortSpec& port : spec.inputs)
        if (port.form != "()") inputs_.push_back(port);
      outputs_ = spec.outputs;
    } else {
      inputs_ = layer.inputs;
      outputs_ = layers::outputsOf(layer, document_.nodes.back().params);
    }
  }

  graph::Document take(const std::vector<Input>& inputs) {
    NodeId first;
    for (size_t i = 0; i < inputs.size() && i < inputs_.size(); ++i) {
      const NodeId from = entrance(inputs[i], inputs_[i].name);
      if (!first) first = from;
      wire(from, "y", self_, inputs_[i].name);
    }
    if (layer_.category == layers::Category::Control)
      for (const layers::PortSpec& port : layer_.inputs)
        if (!port.optional) decide(first, port.name);
    const bool ends = layer_.outputs.empty() && layer_.id != "output";
    if ((inputs.empty() && layer_.id != "input") || ends)  // a graph has an input and an output
      wire(entrance({}, "batch"), "y", add("output", "out_batch", {}), "x");
    for (const layers::PortSpec& port : outputs_) wire(self_, port.name, add("output", "out_" + port.name, {}), "x");
    return std::move(document_);
  }
  NodeId self() const { return self_; }

 private:
  NodeId add(const std::string& kind, const std::string& name, const Attributes& params) {
    graph::Node node = layers::newNode(*layers::findLayer(kind), document_, {});
    node.name = name;
    for (const auto& [param, value] : params) node.params[param] = value;
    document_.nodes.push_back(node);
    return node.id;
  }
  // Inputs are numbers or indices; a condition is what is above zero of one.
  NodeId entrance(const Input& input, const std::string& name) {
    const NodeId data =
        add("input", "in_" + name,
            {{"shape", input.sizes}, {"dtype", std::string(input.dtype == "int64" ? "int64" : "float")}});
    if (input.dtype != "bool") return data;
    const NodeId condition = add("greater", "condition_" + name, {});
    wire(data, "y", condition, "a");
    return condition;
  }
  // One number of the batch chooses the way.
  void decide(NodeId from, const std::string& port) {
    const NodeId number = add(
        "expression", port, {{"code", std::string(port == "index" ? "y = (x.mean() > 0).int()" : "y = x.mean() > 0")}});
    wire(from, "y", number, "x");
    wire(number, "y", self_, port);
  }
  void wire(NodeId from, const std::string& output, NodeId to, const std::string& input) {
    document_.wires.push_back({{from, output}, {to, input}});
  }

  const LayerSpec& layer_;
  const Attributes given_;
  graph::Document document_;
  std::vector<layers::PortSpec> inputs_, outputs_;  // those that data enters and leaves by
  NodeId self_;
};

std::optional<Example> build(const LayerSpec& layer, const std::vector<Input>& inputs, const Attributes& given) {
  Example e;
  e.given = given;
  Around around(layer, given);
  e.node = around.self();
  e.graph = around.take(inputs);
  layers::TrainingRequest request;  // data with a class for each sample, for targets
  request.columns = {{"label", {DType::Int64, {}}, true}};
  e.lowered = layers::lowerForTraining(e.graph, request);
  if (!e.lowered.ok()) return std::nullopt;
  for (const graph::Wire& w : e.graph.wires) {
    const program::ValueType* type = e.lowered.typeAt(w.from);
    if (!type || !type->isTensor()) continue;  // an output that these parameters do not bring
    if (w.to.node == e.node) e.shapes[w.to.port] = program::text(*type);
    if (w.from.node == e.node) e.shapes[w.from.port] = program::text(*type);
  }
  return e;
}

struct Recipe {
  std::vector<Input> inputs;
  Attributes given;
};

Recipe recipeFrom(const LayerSpec& layer, const std::string& text) {
  Recipe recipe;
  for (const std::string& part : parts(text)) {
    const size_t sign = part.find('=');
    if (sign == std::string::npos) {
      recipe.inputs.push_back(inputFrom(part));
      continue;
    }
    const ParamSpec* param = layer.findParam(part.substr(0, sign));
    assert(param && "an example names a parameter of the layer");
    recipe.given[param->name] = param->parse(part.substr(sign + 1));
  }
  return recipe;
}

std::vector<Recipe> recipes(const LayerSpec& layer) {
  std::vector<Recipe> list;
  if (const auto words = layers::prose().find(layer.id); words != layers::prose().end())
    for (const std::string& text : words->second.examples) list.push_back(recipeFrom(layer, text));
  if (list.empty()) list.push_back({usualInputs(layer, false), {}});
  return list;
}

// Other values that the parameter may have, as far as they are few.
std::vector<Attribute> alternatives(const ParamSpec& param) {
  std::vector<Attribute> values;
  if (param.kind == ParamKind::Bool) values = {true, false};
  if (param.kind == ParamKind::Choice || param.kind == ParamKind::IntList || param.kind == ParamKind::Int)
    for (const std::string& choice : param.choices) values.emplace_back(choice);
  if (param.nullable) values.emplace_back(None{});
  return values;
}

}  // namespace

std::vector<const program::Op*> Example::ops() const {
  std::vector<const program::Op*> own;
  for (const program::Op& op : lowered.program.ops)
    if (op.node == NodePath{node}) own.push_back(&op);
  return own;
}

std::optional<Example> exampleFrom(const LayerSpec& layer, const std::string& text) {
  const Recipe recipe = recipeFrom(layer, text);
  return build(layer, recipe.inputs, recipe.given);
}

std::optional<Example> exampleOf(const LayerSpec& layer) {
  const Recipe first = recipes(layer).front();
  return build(layer, first.inputs, first.given);
}

std::vector<Example> variants(const LayerSpec& layer) {
  std::vector<Example> all;
  const auto take = [&](const std::vector<Input>& inputs, const Attributes& given) {
    if (std::optional<Example> e = build(layer, inputs, given)) all.push_back(std::move(*e));
  };
  for (const Recipe& recipe : recipes(layer)) {
    take(recipe.inputs, recipe.given);
    for (const ParamSpec& param : layer.params)
      for (const Attribute& value : alternatives(param)) {
        Attributes given = recipe.given;
        given[param.name] = value;
        take(recipe.inputs, given);
      }
  }
  take(usualInputs(layer, true), {});
  return all;
}

}  // namespace netwright::help
