// SPDX-License-Identifier: Apache-2.0
// The page of an op: its schema, where layers use it, and what it comes to in an example.
#include <fmt/format.h>

#include <map>

#include "core/base/text.h"
#include "core/help/example.h"
#include "core/help/sections.h"
#include "core/layers/registry.h"

namespace netwright::help {
namespace {

// Where an op occurs.
struct Uses {
  std::vector<std::string> layers;  // keys
  program::Program program;         // of the first example that has it
  size_t index = 0;                 // of the op in it
};

// All ops that some layer comes to, with its example or a variant of it.
const std::map<std::string, Uses>& allUses() {
  static const std::map<std::string, Uses> kUses = [] {
    std::map<std::string, Uses> uses;
    for (const layers::LayerSpec& layer : layers::registry())
      for (const Example& example : variants(layer))
        for (size_t i = 0; i < example.lowered.program.ops.size(); ++i) {
          const program::Op& op = example.lowered.program.ops[i];
          if (op.node != NodePath{example.node}) continue;
          const auto [it, fresh] = uses.try_emplace(op.info->id());
          if (fresh) it->second.program = example.lowered.program, it->second.index = i;
          const std::string key = "layer/" + layer.id;
          if (it->second.layers.empty() || it->second.layers.back() != key) it->second.layers.push_back(key);
        }
    return uses;
  }();
  return kUses;
}

std::string typeText(const program::Program& program, program::ValueId id) {
  const program::ValueType& type = program.type(id);
  if (type.isTensor()) return program::text(type);
  std::vector<std::string> items;
  for (const program::TensorType& t : type.tensors) items.push_back(program::text(t));
  return "list of " + joined(items, ", ");
}

std::string argumentText(const program::Program& program, const program::Argument& argument) {
  if (const auto* id = std::get_if<program::ValueId>(&argument)) return typeText(program, *id);
  if (const auto* list = std::get_if<std::vector<program::ValueId>>(&argument)) {
    std::vector<std::string> items;
    for (const program::ValueId id : *list) items.push_back(typeText(program, id));
    return "[" + joined(items, ", ") + "]";
  }
  if (std::holds_alternative<None>(argument)) return "none";
  if (const auto* b = std::get_if<bool>(&argument)) return *b ? "true" : "false";
  if (const auto* d = std::get_if<program::Dim>(&argument)) return d->text();
  if (const auto* x = std::get_if<double>(&argument)) return fmt::format("{}", *x);
  if (const auto* s = std::get_if<std::string>(&argument)) return "\"" + *s + "\"";
  if (const auto* shape = std::get_if<program::Shape>(&argument)) return program::text(*shape);
  if (const auto* type = std::get_if<DType>(&argument)) return name(*type);
  if (const auto* n = std::get_if<program::TrainingNumber>(&argument))
    return fmt::format("{} in training, else 0", n->value);
  return "in training";
}

Section arguments(const program::OpInfo& info, const Uses* uses) {
  Section section{"arguments", "Arguments", {}};
  section.table.heads = {"Name", "Type", "Default"};
  if (uses) section.table.heads.push_back("Example");
  for (size_t i = 0; i < info.schema.arguments.size(); ++i) {
    const program::SchemaArgument& a = info.schema.arguments[i];
    std::vector<std::string> row{code(a.name), code(a.type),
                                 a.fallback ? code(argumentText(program::Program{}, *a.fallback)) : "needed"};
    if (uses) row.push_back(code(argumentText(uses->program, uses->program.ops[uses->index].args[i])));
    section.table.rows.push_back(std::move(row));
  }
  if (uses) {
    std::vector<std::string> results;
    for (const program::ValueId id : uses->program.ops[uses->index].results)
      results.push_back(code(typeText(uses->program, id)));
    section.paragraphs = {"In the example it gives " + joined(results, " and ") + "."};
  }
  return section;
}

Section facts(const program::OpInfo& info) {
  Section section{"facts", "Facts", {code(info.schemaText)}};
  section.list = true;
  section.paragraphs.push_back(info.differentiable ? "Gradients flow through it." : "It has no gradient.");
  if (info.random) section.paragraphs.push_back("It draws random numbers, from a seed of its own for each batch.");
  if (!info.deterministic) section.paragraphs.push_back("On a GPU its sums may come out in another order each time.");
  if (!info.mutates.empty())
    section.paragraphs.push_back("It writes to " + code(joined(info.mutates, ", ")) +
                                 " and keeps its place in the order.");
  return section;
}

}  // namespace

Page opPage(const Entry& entry) {
  const program::OpInfo& info = program::opInfo(entry.id);
  const auto found = allUses().find(entry.id);
  const Uses* uses = found == allUses().end() ? nullptr : &found->second;
  PageBuilder page(entry);
  page.words();
  page.pitfalls();
  page.add(facts(info));
  page.add(arguments(info, uses));
  if (!entry.torchName.empty()) page.add({"elsewhere", "In PyTorch", {code(entry.torchName)}});
  if (uses) {
    page.add({"layers", "Layers made of it", {joinedLinks(uses->layers)}});
    page.add(exportsOf(uses->program, {&uses->program.ops[uses->index]}));
  }
  page.seeAlso();
  return page.take();
}

}  // namespace netwright::help
