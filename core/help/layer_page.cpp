// SPDX-License-Identifier: Apache-2.0
// The page of a layer: words and facts of its spec, and what lowering an example tells.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/convert/pytorch/module_row.h"
#include "core/help/example.h"
#include "core/help/param_text.h"
#include "core/help/sections.h"
#include "core/layers/registry.h"
#include "core/program/control.h"

namespace netwright::help {
namespace {

using layers::LayerSpec;

int64_t forOneSample(const program::Dim& dim) { return dim.evaluate({{"N", 1}}).value_or(0); }

std::string givenText(const Example& example) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : example.given) texts.push_back(code(name + " = " + toText(value)));
  return joined(texts, ", ");
}

Section shapes(const LayerSpec& layer, const Example& example) {
  Section section{"shapes", "Shapes", {}};
  const std::string given = givenText(example);
  section.paragraphs = {given.empty() ? "The example has all parameters at their defaults. N is the batch."
                                      : "The example has " + given + ", all else at the defaults. N is the batch."};
  section.table.heads = {"", "Port", "Shape", "Example"};
  const auto rows = [&](const char* side, const std::vector<layers::PortSpec>& ports) {
    for (const layers::PortSpec& p : ports) {
      const auto shape = example.shapes.find(p.name);
      std::string form = p.form;
      if (p.optional) form += "; may stay without a wire";
      if (!p.when.empty()) form += "; with " + p.when;
      section.table.rows.push_back(
          {side, code(p.name), form, shape == example.shapes.end() ? "" : code(shape->second)});
    }
  };
  rows("in", layer.inputs);
  rows("out", layer.outputs);
  return section;
}

// Numbers that the layer keeps, by their names in PyTorch's state_dict.
Section weights(const Example& example) {
  Section section{"weights", "Weights", {}};
  section.table.heads = {"Name", "Shape", "Kind"};
  for (const program::State& s : example.lowered.program.states)
    if (s.id.owner == NodePath{example.node})
      section.table.rows.push_back({code(s.id.slot), code(program::text(example.lowered.program.type(s.value))),
                                    s.kind == program::StateKind::Parameter ? "learned" : "kept, not learned"});
  return section;
}

Section cost(const Example& example) {
  const layers::NodeReport& report = example.report();
  const int64_t macs = forOneSample(report.macs);
  std::string text = fmt::format("In the example: {} parameters, {} multiply-accumulates (MACs) for a sample.",
                                 grouped(report.parameters), grouped(macs));
  if (report.parameters == 0 && macs == 0)
    text = "Nothing to learn and no multiply-accumulates: the cost is reading and writing the values.";
  return {"cost", "Cost", {text}};
}

Section elsewhere(const LayerSpec& layer, const Example& example) {
  Section section{"elsewhere", "In PyTorch and Keras", {}};
  section.list = true;
  const bool control = layer.category == layers::Category::Control;
  std::string torch =
      !layer.torchName.empty() ? "PyTorch: " + code(layer.torchName)
      : control ? "PyTorch: Python's own " + code(layer.id == "if" || layer.id == "switch" ? "if" : "for") + "."
                : "PyTorch: no layer of its own; exported as a class of its ops.";
  Attributes params = example.self().params;
  for (const auto& [name, value] : example.report().inferred) params[name] = value;
  if (const convert::pytorch::ModuleRow* row = convert::pytorch::findRow(layer.id))
    torch += "; the example is " + code(convert::pytorch::construction(layer, *row, params));
  section.paragraphs.push_back(torch);
  if (!layer.kerasName.empty()) section.paragraphs.push_back("Keras: " + code(layer.kerasName));
  return section;
}

Section ops(const Example& example) {
  std::vector<std::string> keys;
  for (const program::Op* op : example.ops())
    if (const std::string key = "op/" + op->info->id(); std::find(keys.begin(), keys.end(), key) == keys.end())
      if (!program::isControl(*op)) keys.push_back(key);
  if (keys.empty()) return {};
  return {"ops", "Made of", {"The example is lowered to " + joinedLinks(keys) + "."}};
}

}  // namespace

Page layerPage(const Entry& entry) {
  const LayerSpec& layer = *layers::findLayer(entry.id);
  PageBuilder page(entry);
  page.formula(layer.formula);
  page.words();
  page.pitfalls();
  const std::optional<Example> example = exampleOf(layer);
  if (example) page.add(shapes(layer, *example));
  page.parameters(layer.params);
  if (example) {
    page.add(weights(*example));
    page.add(cost(*example));
    page.add(elsewhere(layer, *example));
    page.add(ops(*example));
    if (layer.category != layers::Category::Loss) page.add(exportsOf(example->lowered.program, example->ops()));
  }
  if (!layer.paper.empty()) page.add({"paper", "Paper", {layer.paper}});
  page.seeAlso();
  return page.take();
}

}  // namespace netwright::help
