// SPDX-License-Identifier: Apache-2.0
// completion and reference: what is generated from the commands themselves.
#include <fmt/format.h>

#include <memory>

#include "app/cli/reference.h"

namespace netwright::cli {
namespace {

void print(const CLI::App& program, const std::string& form) {
  const CommandReference reference = referenceOf(program);
  if (form == "bash") fmt::print("{}", bashCompletion(reference));
  if (form == "zsh") fmt::print("{}", zshCompletion(reference));
  if (form == "fish") fmt::print("{}", fishCompletion(reference));
  if (form == "man") fmt::print("{}", manualPage(reference));
  if (form != "markdown") return;
  for (const CommandReference& command : leaves(reference))
    fmt::print("<!-- {} -->\n{}\n", command.name, markdown(command));
}

void add(CLI::App& app, const char* name, const char* doc, const char* option, std::vector<std::string> forms) {
  CLI::App* command = app.add_subcommand(name, doc);
  auto form = std::make_shared<std::string>();
  command->add_option(option, *form, fmt::format("{}", fmt::join(forms, ", ")))
      ->required()
      ->check(CLI::IsMember(forms))
      ->type_name("");
  command->callback([&app, form] { print(app, *form); });
}

}  // namespace

void addCompletion(CLI::App& app) {
  add(app, "completion", "Print the completion of commands and options for a shell.", "SHELL", {"bash", "zsh", "fish"});
  add(app, "reference", "Print what the commands are, as a manual page or for the documentation.", "FORM",
      {"man", "markdown"});
}

}  // namespace netwright::cli
