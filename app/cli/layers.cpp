// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/help/text.h"
#include "core/layers/registry.h"

namespace netwright::cli {
namespace {

Json describe(const layers::LayerSpec& l) {
  Json params = Json::array();
  for (const ParamSpec& p : l.params)
    params.push_back({{"name", p.name}, {"default", netwright::toJson(p.fallback)}, {"unit", p.unit}, {"doc", p.doc}});
  const auto ports = [](const std::vector<layers::PortSpec>& list) {
    Json all = Json::array();
    for (const layers::PortSpec& p : list)
      all.push_back({{"name", p.name}, {"form", p.form}, {"optional", p.optional}, {"when", p.when}});
    return all;
  };
  return {{"id", l.id},
          {"version", l.version},
          {"title", l.title},
          {"category", layers::title(l.category)},
          {"torch", l.torchName},
          {"keras", l.kerasName},
          {"doc", l.doc},
          {"formula", l.formula},
          {"paper", l.paper},
          {"params", params},
          {"inputs", ports(l.inputs)},
          {"outputs", ports(l.outputs)}};
}

void list() {
  std::string category;
  for (const layers::LayerSpec& l : layers::registry()) {
    if (layers::title(l.category) != category) fmt::print("{}\n", bold(category = layers::title(l.category)));
    fmt::print("  {:28} {:34} {}\n", l.id, l.torchName, l.doc);
  }
}

}  // namespace

void addLayers(CLI::App& app) {
  CLI::App* command = app.add_subcommand("layers", "List the layers, or explain one.");
  struct Options {
    std::string id;
    bool json = false;
  };
  auto o = std::make_shared<Options>();
  command->add_option("LAYER", o->id, "Explain this layer: conv2d.");
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] {
    const layers::LayerSpec* one = o->id.empty() ? nullptr : layers::findLayer(o->id);
    if (!o->id.empty() && !one) {
      std::vector<std::string> ids;
      for (const layers::LayerSpec& l : layers::registry()) ids.push_back(l.id);
      failInput(fmt::format("There is no layer '{}'. Did you mean '{}'?", o->id, nearest(o->id, ids)), "", "");
    }
    if (!o->json)
      return one ? fmt::print("{}", help::asText(help::pageOf(*help::findEntry("layer/" + one->id)), {bold, dim}))
                 : list();
    Json all = Json::array();
    for (const layers::LayerSpec& l : layers::registry()) all.push_back(describe(l));
    printJson(one ? describe(*one) : all);
  });
}

}  // namespace netwright::cli
