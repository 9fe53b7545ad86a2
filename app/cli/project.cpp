// SPDX-License-Identifier: Apache-2.0
// netwright-cli project: the project folder as a whole.
#include "core/project/project.h"

#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/project/archive.h"
#include "core/project/check.h"

namespace netwright::cli {
namespace fs = std::filesystem;
namespace {

// "digits/" -> "digits.nwz", in the present folder; "." by the folder's own name.
std::string archiveName(const std::string& folder) {
  const fs::path whole = fs::absolute(project::projectFolder(folder)).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string() + ".nwz";
}

void addPack(CLI::App& project) {
  struct Options {
    std::string folder, output;
    bool runs = false, json = false;
  };
  CLI::App* command = project.add_subcommand("pack", "Pack a project into one file for passing it on.");
  auto o = std::make_shared<Options>();
  command->add_option("PROJECT", o->folder, "Folder of the project.")->required();
  command->add_option("-o,--output", o->output, "The archive; the folder's name with .nwz if not given.");
  command->add_flag("--with-runs", o->runs, "Runs and their checkpoints too.");
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] {
    const std::string output = o->output.empty() ? archiveName(o->folder) : o->output;
    const project::Packed packed = project::pack({o->folder, output, o->runs});
    Json left = Json::array();
    for (const project::LeftOut& l : packed.leftOut) left.push_back({{"path", l.path}, {"reason", l.reason}});
    if (o->json)
      return printJson(
          {{"archive", output}, {"files", packed.files}, {"size", packed.size}, {"left_out", std::move(left)}});
    fmt::print("{} Packed {} files into {} ({}).\n", green("✓"), packed.files, output,
               byteText(static_cast<double>(packed.size)));
    for (const project::LeftOut& l : packed.leftOut) fmt::print("{} Left out: {} {}.\n", yellow("!"), l.path, l.reason);
  });
}

void addUnpack(CLI::App& project) {
  struct Options {
    std::string archive, folder;
    bool json = false;
  };
  CLI::App* command = project.add_subcommand("unpack", "Unpack a packed project into a new folder.");
  auto o = std::make_shared<Options>();
  command->add_option("ARCHIVE", o->archive, "A file made by 'project pack'.")->required();
  command->add_option("FOLDER", o->folder, "The new folder; the archive's name without .nwz if not given.");
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] {
    const std::string folder = o->folder.empty() ? fs::path(o->archive).stem().string() : o->folder;
    project::unpack(o->archive, folder);
    if (o->json) return printJson({{"folder", folder}});
    fmt::print("{} Unpacked {} into {}.\n", green("✓"), o->archive, folder);
  });
}

void printChecked(const project::Checked& checked) {
  for (const project::Finding& f : checked.findings) {
    const std::string sign = f.severity == Severity::Error     ? red("✗")
                             : f.severity == Severity::Warning ? yellow("!")
                                                               : dim("i");
    fmt::print("{} {}: {}\n", sign, f.part, f.text);
    if (!f.next.empty()) fmt::print("  {}\n", f.next);
  }
  if (checked.ok())
    fmt::print("{} The project is sound: {} runs, {} checkpoints.\n", green("✓"), checked.runs, checked.artifacts);
}

void addCheck(CLI::App& project) {
  struct Options {
    std::string folder;
    bool json = false;
  };
  CLI::App* command =
      project.add_subcommand("check", "Check project.json, data, runs and checkpoints; changes nothing.");
  auto o = std::make_shared<Options>();
  command->add_option("PROJECT", o->folder, "Folder of the project.")->required();
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->callback([o] {
    const project::Checked checked = project::check(o->folder);
    if (!checked.ok()) setExitCode(kInputError);
    if (!o->json) return printChecked(checked);
    Json findings = Json::array();
    for (const project::Finding& f : checked.findings)
      findings.push_back(
          {{"severity", severityName(f.severity)}, {"part", f.part}, {"text", f.text}, {"next", f.next}});
    printJson({{"ok", checked.ok()},
               {"runs", checked.runs},
               {"checkpoints", checked.artifacts},
               {"findings", std::move(findings)}});
  });
}

}  // namespace

void addProject(CLI::App& app) {
  CLI::App* command = app.add_subcommand("project", "Pack, unpack and check project folders.");
  command->require_subcommand(1);
  addPack(*command);
  addUnpack(*command);
  addCheck(*command);
}

}  // namespace netwright::cli
