// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/layers/lower_graph.h"
#include "core/project/from_export.h"
#include "core/project/from_table.h"
#include "core/project/project.h"

namespace netwright::cli {

void addTemplates(CLI::App& app) {
  CLI::App* command = app.add_subcommand("templates", "List the projects one can start from.");
  auto json = std::make_shared<bool>(false);
  command->add_flag("--json", *json, "Answer as JSON.");
  command->callback([json] {
    Json list = Json::array();
    for (const project::Topic& topic : project::topics()) {
      if (!*json) fmt::print("{}\n", bold(topic.title));
      for (const project::Template& t : topic.templates) {
        const int64_t parameters = layers::lowerGraph(t.project().graph).program.parameterCount();
        if (*json)
          list.push_back({{"id", t.id},
                          {"title", t.title},
                          {"topic", topic.id},
                          {"description", t.description},
                          {"parameters", parameters}});
        else
          fmt::print("{:16} {} {}\n{:16} {}\n", t.id, bold(t.title), dim(grouped(parameters) + " parameters"), "",
                     t.description);
      }
    }
    if (*json) printJson(list);
  });
}

namespace {

void newFromTable(const std::string& folder, const std::string& table, bool json) {
  project::TableGuess guess;
  project::createFromTable(folder, table, &guess);
  if (json)
    return printJson({{"folder", folder},
                      {"target", guess.target},
                      {"classes", guess.classes},
                      {"features", guess.features},
                      {"rows", guess.rows}});
  fmt::print("{} Made {}. {}\nTrain it: netwright-cli train {}. Another target: --set data.target=NAME\n", green("✓"),
             folder, guess.text, folder);
}

void newFromExport(const std::string& folder, const std::string& file, bool json) {
  const project::Project p = project::createFromExport(folder, file);
  if (json) return printJson({{"folder", folder}, {"nodes", p.graph.nodes.size()}, {"start", p.run.start}});
  fmt::print(
      "{} Made {} from {}: {} nodes; the next run starts from its weights. Choose its data: --set data.source=…\n",
      green("✓"), folder, file, p.graph.nodes.size());
}

}  // namespace

void addNew(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "new", "Make a project folder from a template, for a table of yours, or from an exported file.");
  struct Options {
    std::string id = "digits-cnn", folder, table, exported;
    bool json = false;
  };
  auto o = std::make_shared<Options>();
  command->add_option("--template", o->id, "Which template; 'netwright-cli templates' lists them.")
      ->capture_default_str();
  command
      ->add_option("--data", o->table,
                   "A table (CSV) instead: target, types, split and scaling are guessed, and a network that fits.")
      ->excludes("--template");
  command
      ->add_option(
          "--from", o->exported,
          "A file that Netwright exported (.onnx, .pt, .pth, .safetensors): its network, and its weights as the "
          "start of the next run.")
      ->excludes("--template")
      ->excludes("--data");
  command->add_option("FOLDER", o->folder, "The new folder; it must not exist or be empty.")->required();
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] {
    if (!o->table.empty()) return newFromTable(o->folder, o->table, o->json);
    if (!o->exported.empty()) return newFromExport(o->folder, o->exported, o->json);
    const project::Project p = project::createProject(o->folder, o->id);
    if (o->json)
      printJson({{"folder", o->folder}, {"template", o->id}, {"nodes", p.graph.nodes.size()}});
    else
      fmt::print("{} Made {} from {}. Train it: netwright-cli train {}\n", green("✓"), o->folder, o->id, o->folder);
  });
}

}  // namespace netwright::cli
