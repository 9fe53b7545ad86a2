// SPDX-License-Identifier: Apache-2.0
// The commands as data, read off the parser that also prints --help: what documentation, the manual page and the
// shells' completion are generated from.
#pragma once

#include <string>
#include <vector>

#include "app/cli/command.h"

namespace netwright::cli {

struct OptionReference {
  std::vector<std::string> names;  // "-o", "--output"; a positional: "PROJECT"
  std::string doc, fallback;       // fallback: the default as text, may be empty
  bool positional = false, required = false, flag = false, repeats = false;
};

struct CommandReference {
  std::string name, doc;  // name with those above it: "runs list"
  std::vector<OptionReference> options;
  std::vector<CommandReference> commands;
};

CommandReference referenceOf(const CLI::App& app, const std::string& above = "");
// Every command that can be called, depth first.
std::vector<CommandReference> leaves(const CommandReference& command);
std::string usage(const CommandReference& command);  // "netwright-cli runs show PROJECT [RUN] [--json]"

std::string markdown(const CommandReference& command);    // usage and a table of options
std::string manualPage(const CommandReference& program);  // for man, roff
std::string bashCompletion(const CommandReference& program);
std::string zshCompletion(const CommandReference& program);
std::string fishCompletion(const CommandReference& program);

}  // namespace netwright::cli
