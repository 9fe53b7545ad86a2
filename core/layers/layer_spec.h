// SPDX-License-Identifier: Apache-2.0
// What a layer is: words, parameters, ports and its lowering to primitive ops. From it follow palette, form, JSON,
// shapes, execution, gradients, cost, help and op-level export. One layer, one file in builtin/, with the words of its
// help page in a .md beside it (prose.h).
#pragma once

#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/param_spec.h"

namespace netwright::layers {

class Lowering;

enum class Category {
  InputOutput,
  Linear,
  Convolution,
  Pooling,
  Padding,
  Activation,
  Normalization,
  Regularization,
  Sequence,
  Shape,
  Combine,
  Arithmetic,
  Function,
  Comparison,
  Reduction,
  Selection,
  Source,
  Loss,
  Control,  // loops and branches
  Block     // made of others by people
};
std::string title(Category category);

struct PortSpec {
  std::string name;       // "x"
  std::string form;       // shape in words: "(N, C, H, W)"
  bool optional = false;  // an input that may stay without a wire
  std::string when;       // there only while this bool parameter is true; empty: always
};

struct Ports {
  std::vector<PortSpec> inputs, outputs;
};

struct LayerSpec {
  std::string id;     // stable, lower snake: "conv2d"
  std::string title;  // "Conv2d"
  Category category = Category::Shape;
  int version = 1;
  std::string doc;                   // one sentence
  std::string formula;               // plain text
  std::string torchName;             // "nn.Conv2d", "torch.amax"; empty if PyTorch has no such thing
  size_t torchNeeds = 0;             // leading parameters without a default in PyTorch
  std::string kerasName;             // "layers.Conv2D"; empty if Keras has no counterpart
  std::string paper;                 // where it was described first: "He et al. 2015, arXiv:1512.03385"
  std::string stem;                  // of new nodes' names: "conv" gives conv1, conv2
  std::vector<std::string> aliases;  // further words that the search finds
  std::vector<ParamSpec> params;
  std::vector<PortSpec> inputs, outputs;
  // Of a layer whose ports follow from its parameters: a text, a count. `names` are the variables and parameters that
  // formulas may use where the node stands; their values may be missing. `inputs` and `outputs` are then those of the
  // defaults.
  Ports (*portsFor)(const Attributes& params, const Attributes& names) = nullptr;
  void (*lower)(Lowering&) = nullptr;
  std::vector<BlockId> bodies;                    // that a new node has: of an instance its block
  std::vector<void (*)(Attributes&)> migrations;  // the k-th turns the parameters of version k + 1 into the next one's

  LayerSpec& describe(std::string sentence, std::string formulaText = "") {
    doc = std::move(sentence);
    formula = std::move(formulaText);
    return *this;
  }
  LayerSpec& torch(std::string name, size_t needs = 0) {
    torchName = std::move(name);
    torchNeeds = needs;
    return *this;
  }
  LayerSpec& keras(std::string name) {
    kerasName = std::move(name);
    return *this;
  }
  LayerSpec& describedIn(std::string source) {
    paper = std::move(source);
    return *this;
  }
  LayerSpec& named(std::string nodeStem) {
    stem = std::move(nodeStem);
    return *this;
  }
  LayerSpec& alias(std::vector<std::string> words) {
    aliases = std::move(words);
    return *this;
  }
  LayerSpec& param(ParamSpec spec) {
    params.push_back(std::move(spec));
    return *this;
  }
  LayerSpec& input(std::string name, std::string form) {
    inputs.push_back({std::move(name), std::move(form), false, ""});
    return *this;
  }
  LayerSpec& optionalInput(std::string name, std::string form) {
    inputs.push_back({std::move(name), std::move(form), true, ""});
    return *this;
  }
  LayerSpec& output(std::string name, std::string form) {
    outputs.push_back({std::move(name), std::move(form), false, ""});
    return *this;
  }
  // An output that only an option brings.
  LayerSpec& outputWhen(std::string param, std::string name, std::string form) {
    outputs.push_back({std::move(name), std::move(form), false, std::move(param)});
    return *this;
  }
  // One more version, and how parameters of the one before are brought to it.
  LayerSpec& migrates(void (*f)(Attributes&)) {
    migrations.push_back(f);
    ++version;
    return *this;
  }
  LayerSpec& portsFrom(Ports (*f)(const Attributes&, const Attributes&)) {
    portsFor = f;
    return *this;
  }
  LayerSpec& lowering(void (*f)(Lowering&)) {
    lower = f;
    return *this;
  }

  const ParamSpec* findParam(const std::string& name) const;
  Attributes defaults() const;
};

// The ports that a node with these parameters has; parameters that are missing count as false. Where names matter,
// specOf (node_spec.h) knows them.
std::vector<PortSpec> inputsOf(const LayerSpec& layer, const Attributes& params);
std::vector<PortSpec> outputsOf(const LayerSpec& layer, const Attributes& params);

std::vector<LayerSpec> builtinLayers();  // generated by CMake from the folder builtin/

}  // namespace netwright::layers
