// SPDX-License-Identifier: Apache-2.0
#include "core/project/project.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/graph/expand.h"
#include "core/graph/formula.h"
#include "core/graph/graph_json.h"
#include "core/layers/node_spec.h"
#include "core/layers/registry.h"
#include "core/project/edit_lock.h"
#include "core/project/graph_text.h"
#include "core/run/initialiser.h"
#include "core/run/schedule_spec.h"
#include "core/store/process.h"

namespace netwright::project {
namespace fs = std::filesystem;
namespace {

constexpr const char* kGitIgnore = "runs.sqlite*\nartifacts/\n.netwright.lock\n.*.tmp\n";
constexpr uintmax_t kLargestFile = 256 << 20;  // bytes of a project.json that are read

Json section(const Json& json, const char* key, const std::string& source) {
  const auto it = json.find(key);
  if (it == json.end()) return Json::object();
  if (!it->is_object())
    failInput(fmt::format("{}: '{}' should be an object but is {}.", source, key, it->dump().substr(0, 60)), "",
              "Correct that value, or restore the file from version control or a backup.");
  return *it;
}

void refuseForeignLock(const fs::path& folder) {
  const auto owner = lockOwner(folder);
  const store::ProcessId self = store::thisProcess();
  if (!owner || (owner->host == store::hostName() && owner->pid == self.pid && owner->pidStart == self.start)) return;
  failEnvironment(fmt::format("{} is being edited by {}.", folder.string(), owner->text()),
                  "Two programs that save it would overwrite each other's edits.",
                  fmt::format("Close it there, or take it over in the window; if that program is gone, delete {}.",
                              lockFile(folder).string()));
}

std::string indented(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

// Losses outside the graph are layers too, of a version that the file tells.
void setLossVersions(run::RunConfig& config) {
  for (run::Objective& o : config.objectives)
    for (run::LossTerm& t : o.terms)
      if (const layers::LayerSpec* layer = layers::findLayer(t.loss))
        t.version = std::max<int64_t>(t.version, layer->version);
}

void migrateLosses(run::RunConfig& config) {
  constexpr int64_t kUnversionedCrossEntropy = 2;  // what it was when files began to tell
  for (run::Objective& o : config.objectives)
    for (run::LossTerm& t : o.terms) {
      const layers::LayerSpec* layer = layers::findLayer(t.loss);
      if (!layer || t.version > layer->version) continue;  // written by a newer program: kept as it is
      const int64_t unversioned = t.loss == "cross_entropy" ? kUnversionedCrossEntropy : 1;
      layers::migrate(*layer, t.version > 0 ? t.version : unversioned, t.params);
      t.version = 0;
    }
}

}  // namespace

std::string toText(const Project& project) try {
  const Json graph = graph::toJson(project.graph);
  std::string out = "{\n";
  const auto member = [&](const std::string& key, const std::string& value) {
    out += fmt::format("  {}: {},\n", Json(key).dump(), value);
  };
  member("netwright", std::to_string(kFormat));
  member("name", Json(project.name).dump());
  member("description", Json(project.description).dump());
  member("graph", graphLines(graph, "  "));
  member("data", indented(data::toJson(project.data).dump(2)));
  run::RunConfig config = project.run;
  setLossVersions(config);
  member("run", indented(run::toJson(config).dump(2)));
  if (!project.unknown.empty()) {
    const Json unknown = Json::parse(project.unknown);
    for (const auto& [key, value] : unknown.items()) member(key, indented(value.dump(2)));
  }
  out.erase(out.size() - 2);  // the last comma
  return out + "\n}\n";
} catch (const Json::type_error& e) {
  failInput("The project holds a text that is not UTF-8.", e.what(),
            "Rename the file or the node in question with letters that every program can read.");
}

Project fromText(const std::string& text, const std::string& source) {
  Json json = parseJson(text, source);
  if (!json.is_object() || !json.contains("netwright"))
    failInput(fmt::format("{} is not a Netwright project.", source),
              "It has no member \"netwright\" with the format number.",
              "Choose a folder made by 'netwright-cli new' or by the window.");
  const int64_t format = jsonGet<int64_t>(json, "netwright", 0, source);
  if (format > kFormat)
    failInput(fmt::format("{} has the format {}, but this program knows formats up to {}.", source, format, kFormat),
              "It was written by a newer version.", "Update Netwright to open it; the file was not changed.");
  if (format < 1)
    failInput(fmt::format("{}: the format number {} is not possible.", source, format), "",
              "Restore the file from version control or a backup.");
  migrate(json, format);
  Project project;
  project.name = jsonGet<std::string>(json, "name", "", source);
  project.description = jsonGet<std::string>(json, "description", "", source);
  project.graph = graph::fromJson(section(json, "graph", source), source);
  layers::migrate(project.graph);
  project.data = data::dataConfigFromJson(section(json, "data", source), source);
  project.run = run::runConfigFromJson(section(json, "run", source), source);
  migrateLosses(project.run);
  project.unknown = unknownMembers(json, {"netwright", "name", "description", "graph", "data", "run"});
  return project;
}

fs::path projectFile(const fs::path& folder) { return folder / "project.json"; }
fs::path databaseFile(const fs::path& folder) { return folder / "runs.sqlite"; }
fs::path artifactFolder(const fs::path& folder, const std::string& run) { return folder / "artifacts" / run; }

fs::path projectFolder(const fs::path& given) {
  const fs::path folder =
      given.filename() == "project.json" ? (given.has_parent_path() ? given.parent_path() : fs::path(".")) : given;
  if (!fs::exists(projectFile(folder)))
    failInput(fmt::format("There is no project in {}.", folder.string()), "The file project.json is missing.",
              fmt::format("Make one with: netwright-cli new --template digits-cnn {}", folder.string()));
  return folder;
}

Project load(const fs::path& given) {
  const fs::path folder = projectFolder(given);
  return fromText(loadText(folder), projectFile(folder).string());
}

std::string loadText(const fs::path& folder) { return readRegularFile(projectFile(folder), kLargestFile); }

void save(const Project& project, const fs::path& folder) {
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (ec)
    failEnvironment(fmt::format("Could not make the folder {}.", folder.string()), ec.message() + ".",
                    "Choose a folder that you may write to.");
  refuseForeignLock(folder);
  writeFileAtomic(projectFile(folder), toText(project));
  completeFolder(folder);
}

void completeFolder(const fs::path& folder) {
  std::error_code ec;
  fs::create_directory(folder / "artifacts", ec);  // if it fails, the first run says so
  if (!fs::exists(folder / ".gitignore", ec)) writeFileAtomic(folder / ".gitignore", kGitIgnore);
}

namespace {

const ParamSpec* findSpec(const std::vector<ParamSpec>& specs, const std::string& name) {
  const auto it = std::find_if(specs.begin(), specs.end(), [&](const ParamSpec& p) { return p.name == name; });
  return it == specs.end() ? nullptr : &*it;
}

// What a person typed for a setting that takes one value. A list where one value is wanted is no typing mistake.
Attribute parsed(const ParamSpec& spec, const std::string& text) {
  const std::vector<std::string> items = words(text);
  const bool takesOne =
      spec.kind == ParamKind::Int || spec.kind == ParamKind::Float || spec.kind == ParamKind::Inferred;
  if (!text.starts_with('=') && takesOne && items.size() > 1)
    failInput(fmt::format("'{}' takes one value, but '{}' has {}.", spec.name, text, items.size()),
              "A run is trained with one value of each setting.",
              fmt::format("Train once for each, then compare the runs: netwright-cli train --set {}={}, and so on; "
                          "netwright-cli runs compare.",
                          spec.name, items.front()));
  return spec.parse(text);
}

// Everything of the first objective that has a name of its own: for "did you mean".
std::vector<std::string> objectiveNames(const run::RunConfig& config) {
  std::vector<std::string> names{"optimiser", "schedule", "loss", "metrics", "frozen", "initialisers", "regularisers"};
  const run::Objective& o = config.objectives.front();
  for (const auto& [param, value] : run::completeParams(o.optimiser)) names.push_back(param);
  for (const auto& [param, value] : run::completeParams(o.schedule)) names.push_back(param);
  for (const ParamSpec& p : run::objectiveParams()) names.push_back(p.name);
  return names;
}

// The first objective's parts and their parameters: "optimiser", "lr", "schedule", "warmup_steps", "loss", "clip_norm".
bool setObjectiveByName(run::RunConfig& config, const std::string& name, const std::string& text) {
  run::Objective& o = config.objectives.front();
  if (name == "optimiser") return o.optimiser = {text, {}}, true;
  if (name == "schedule") return o.schedule = run::scheduleFromText(text), true;
  if (name == "metrics") return config.metrics = words(text), true;
  if (name == "frozen") return config.frozen = words(text), true;
  if (name == "initialisers") return config.initialisers = run::initialisersFromText(text), true;
  if (name == "regularisers") return o.regularisers = run::regularisersFromText(text), true;
  if (name == "loss" && !o.terms.empty()) {
    o.terms.front().loss = text;
    o.terms.front().params.clear();
    return true;
  }
  if (const auto* known = run::findOptimiser(o.optimiser.kind))
    if (const ParamSpec* p = findSpec(known->params, name)) return o.optimiser.params[name] = parsed(*p, text), true;
  if (const auto* known = run::findSchedule(o.schedule.kind))
    if (const ParamSpec* p = findSpec(known->params, name)) return o.schedule.params[name] = parsed(*p, text), true;
  if (const layers::LayerSpec* known = o.terms.empty() ? nullptr : layers::findLayer(o.terms.front().loss))
    if (const ParamSpec* p = known->findParam(name)) return o.terms.front().params[name] = parsed(*p, text), true;
  if (const ParamSpec* p = findSpec(run::objectiveParams(), name))
    return run::setObjectiveParam(o, name, parsed(*p, text)), true;
  return false;
}

}  // namespace

namespace {

// Lets a node use the weights of another ("encoder"), or one of them ("encoder.weight"), or its own again ("").
void share(const graph::Document& graph, graph::Node& node, const std::string& text) {
  if (text.empty()) return node.shared.clear();
  const size_t dot = text.rfind('.');
  const graph::Node *owner = graph.findByName(text), *part = nullptr;
  if (!owner && dot != std::string::npos) part = graph.findByName(text.substr(0, dot));
  std::vector<std::string> names;
  for (const graph::Node& n : graph.nodes)
    if (n.id != node.id) names.push_back(n.name);
  if ((!owner && !part) || owner == &node || part == &node)
    failInput(fmt::format("{} cannot use the weights of '{}'. Did you mean '{}'?", layers::label(node), text,
                          nearest(text, names)),
              "", "Name another node, or a weight of it as encoder.weight.");
  const std::string slot = owner ? "*" : text.substr(dot + 1);
  node.shared[slot] = {{(owner ? owner : part)->id}, owner ? "" : slot};
}

}  // namespace

void setByName(Project& project, const std::string& name, const std::string& text) {
  const size_t dot = name.rfind('.');
  if (dot == std::string::npos) {
    const auto& specs = run::runParams();
    const auto spec = std::find_if(specs.begin(), specs.end(), [&](const ParamSpec& p) { return p.name == name; });
    if (spec != specs.end()) return run::setRunParam(project.run, name, parsed(*spec, text));
    std::vector<std::string> names = objectiveNames(project.run);
    if (setObjectiveByName(project.run, name, text)) return;
    for (graph::Variable& v : project.graph.variables) {
      names.push_back(v.name);
      if (v.name != name) continue;
      v.value = graph::valueFromSource(text, graph::namesIn(project.graph, {}));
      return;
    }
    for (const ParamSpec& p : specs) names.push_back(p.name);
    failInput(fmt::format("There is no setting '{}'. Did you mean '{}'?", name, nearest(name, names)), "",
              "Settings of nodes are written node.param, for example conv1.kernel_size=5.");
  }
  const std::string nodeName = name.substr(0, dot), param = name.substr(dot + 1);
  if (nodeName == "data" && !project.graph.findByName("data")) return data::setDataByName(project.data, param, text);
  std::vector<std::string> names;
  for (graph::Node& node : project.graph.nodes) {
    names.push_back(node.name);
    if (node.name != nodeName) continue;
    if (param == "shared") return share(project.graph, node, text);
    const auto layer = layers::specOf(project.graph, node);
    const ParamSpec* spec = layer ? layer->findParam(param) : nullptr;
    if (!spec) {
      std::vector<std::string> params;
      if (layer)
        for (const ParamSpec& p : layer->params) params.push_back(p.name);
      failInput(fmt::format("{} has no parameter '{}'.", layers::label(node), param), "",
                params.empty() ? "It has none." : fmt::format("It has: {}.", joined(params, ", ")));
    }
    node.params[param] = parsed(*spec, text);
    return;
  }
  failInput(fmt::format("The graph has no node '{}'. Did you mean '{}'?", nodeName, nearest(nodeName, names)), "", "");
}

}  // namespace netwright::project
