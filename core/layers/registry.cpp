// SPDX-License-Identifier: Apache-2.0
#include "core/layers/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <unordered_map>

#include "core/layers/prose.h"

namespace netwright::layers {
namespace {

constexpr std::array kTitles{"Input and output", "Linear",        "Convolution",    "Pooling",      "Padding",
                             "Activation",       "Normalization", "Regularization", "Sequence",     "Shape",
                             "Combine",          "Arithmetic",    "Function",       "Comparison",   "Reduction",
                             "Selection",        "Source",        "Loss",           "Control flow", "Blocks"};

std::string lower(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return s;
}

// 0: no match; higher is better. Letters in order ("cv2") count least.
int score(const std::string& candidate, const std::string& wanted) {
  const std::string text = lower(candidate);
  if (text == wanted) return 5;
  if (text.rfind(wanted, 0) == 0) return 4;
  if (text.find(wanted) != std::string::npos) return 3;
  size_t at = 0;
  for (const char c : wanted)
    if ((at = text.find(c, at)) == std::string::npos)
      return 0;
    else
      ++at;
  return 1;
}

}  // namespace

std::string title(Category category) { return kTitles[static_cast<size_t>(category)]; }

const ParamSpec* LayerSpec::findParam(const std::string& name) const {
  const auto it = std::find_if(params.begin(), params.end(), [&](const ParamSpec& p) { return p.name == name; });
  return it == params.end() ? nullptr : &*it;
}

Attributes LayerSpec::defaults() const { return netwright::defaults(params); }

namespace {
bool holds(const std::string& option, const Attributes& params) {
  const auto found = params.find(option);
  const bool* on = found == params.end() ? nullptr : std::get_if<bool>(&found->second);
  return on && *on;
}
std::vector<PortSpec> present(const std::vector<PortSpec>& ports, const Attributes& params) {
  std::vector<PortSpec> list;
  for (const PortSpec& p : ports)
    if (p.when.empty() || holds(p.when, params)) list.push_back(p);
  return list;
}
}  // namespace

std::vector<PortSpec> inputsOf(const LayerSpec& layer, const Attributes& params) {
  if (layer.portsFor) return layer.portsFor(params, {}).inputs;
  return present(layer.inputs, params);
}
std::vector<PortSpec> outputsOf(const LayerSpec& layer, const Attributes& params) {
  if (layer.portsFor) return layer.portsFor(params, {}).outputs;
  return present(layer.outputs, params);
}

void migrate(graph::Document& document) {
  for (graph::Node& node : document.nodes) {
    const LayerSpec* layer = findLayer(node.kind);
    if (!layer) continue;
    migrate(*layer, node.version, node.params);
    node.version = std::max(node.version, layer->version);
  }
  for (graph::Block& block : document.blocks) migrate(block.body);
}

void migrate(const LayerSpec& layer, int64_t version, Attributes& params) {
  for (; version < layer.version; ++version) layer.migrations[static_cast<size_t>(version) - 1](params);
}

const std::vector<LayerSpec>& registry() {
  static const std::vector<LayerSpec> kLayers = [] {
    std::vector<LayerSpec> all = builtinLayers();
    std::stable_sort(all.begin(), all.end(), [](const LayerSpec& a, const LayerSpec& b) {
      return std::tie(a.category, a.title) < std::tie(b.category, b.title);
    });
    return all;
  }();
  return kLayers;
}

const LayerSpec* findLayer(const std::string& id) {
  static const std::unordered_map<std::string, const LayerSpec*> kById = [] {
    std::unordered_map<std::string, const LayerSpec*> all;
    for (const LayerSpec& l : registry()) {
      [[maybe_unused]] const bool fresh = all.emplace(l.id, &l).second;
      assert(fresh && "two layers have one id");
    }
    return all;
  }();
  const auto it = kById.find(id);
  return it == kById.end() ? nullptr : it->second;
}

bool comparesOutputs(const LayerSpec& layer) {
  return layer.category == Category::Loss && layer.inputs.size() == 2 && layer.inputs[0].name == "input" &&
         layer.inputs[1].name == "target";
}

graph::Node newNode(const LayerSpec& layer, const graph::Document& document, graph::Point position) {
  graph::Node node;
  node.id = document.freshId();
  node.kind = layer.category == Category::Block ? graph::kInstance : layer.id;
  node.version = layer.version;
  node.name = document.freshName(layer.stem.empty() ? layer.id : layer.stem);
  node.params = layer.defaults();
  node.bodies = layer.bodies;
  node.position = position;
  return node;
}

std::string label(const graph::Node& node) {
  if (node.kind == graph::kInstance) return fmt::format("Block '{}'", node.name);
  const LayerSpec* layer = findLayer(node.kind);
  return fmt::format("{} '{}'", layer ? layer->title : "Unknown layer", node.name);
}

std::vector<const LayerSpec*> searchLayers(const std::string& words) {
  const std::string wanted = lower(words);
  std::vector<std::pair<int, const LayerSpec*>> found, loose;  // loose: letters in order only ("cv2")
  for (const LayerSpec& l : registry()) {
    bool holds = wanted.empty();
    int best = std::max(score(l.title, wanted) * 2, score(l.id, wanted) * 2);
    best = std::max({best, score(l.torchName, wanted), score(title(l.category), wanted) >= 3 ? 2 : 0});
    bool exact = false;  // of several that fit alike, the one that is called so
    for (const std::string& a : l.aliases) {
      best = std::max(best, score(a, wanted));
      exact = exact || lower(a) == wanted;
    }
    for (const std::string* text : {&l.title, &l.id, &l.torchName}) holds = holds || score(*text, wanted) >= 3;
    holds = holds || score(title(l.category), wanted) >= 3 ||
            std::any_of(l.aliases.begin(), l.aliases.end(), [&](const auto& a) { return score(a, wanted) >= 3; });
    if (holds || best > 0) (holds ? found : loose).emplace_back(2 * best + (exact ? 1 : 0), &l);
  }
  if (found.empty() && !wanted.empty())  // no name fits: words of the help
    for (const LayerSpec& l : registry()) {
      std::vector<std::string> texts{l.kerasName, l.doc};
      if (const auto words = prose().find(l.id); words != prose().end())
        texts.insert(texts.end(), words->second.paragraphs.begin(), words->second.paragraphs.end());
      if (std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return score(text, wanted) >= 3; }))
        found.emplace_back(1, &l);
    }
  if (found.empty()) found = std::move(loose);
  std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first || wanted.empty()) return a.first > b.first;
    // "drop" is meant to be Dropout rather than Dropout1d, and "pool" that of images.
    const auto rank = [](const LayerSpec* l) { return std::pair(l->title.size(), !l->title.ends_with("2d")); };
    return rank(a.second) < rank(b.second);
  });
  std::vector<const LayerSpec*> layers;
  for (const auto& [s, l] : found) layers.push_back(l);
  return layers;
}

}  // namespace netwright::layers
