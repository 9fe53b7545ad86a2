// SPDX-License-Identifier: Apache-2.0
#include "app/cli/reference.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace netwright::cli {
namespace {

OptionReference describe(const CLI::Option& o) {
  OptionReference r;
  r.positional = o.get_positional();
  if (r.positional) r.names = {o.get_name(true)};
  for (const std::string& s : o.get_snames()) r.names.push_back("-" + s);
  for (const std::string& l : o.get_lnames()) r.names.push_back("--" + l);
  r.doc = o.get_description();
  r.fallback = o.get_default_str();
  r.required = o.get_required();
  r.flag = o.get_items_expected_max() == 0;
  r.repeats = o.get_items_expected_max() > 1 || o.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  return r;
}

std::string placeholder(const OptionReference& o) {
  std::string word = o.names.back();
  word.erase(0, word.find_first_not_of('-'));
  for (char& c : word) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return word;
}

std::string usageOf(const OptionReference& o) {
  std::string text = o.positional ? o.names.front() : o.names.back() + (o.flag ? "" : " " + placeholder(o));
  if (!o.required) text = "[" + text + "]";
  return o.repeats && !o.flag ? text + "..." : text;
}

std::string escaped(std::string text, const std::string& what, const std::string& with) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

std::string roff(const std::string& text) {
  std::string out = escaped(escaped(text, "\\", "\\e"), "-", "\\-");
  return out.rfind('.', 0) == 0 || out.rfind('\'', 0) == 0 ? "\\&" + out : out;
}

std::string quoted(const std::string& text) { return "'" + escaped(text, "'", "'\\''") + "'"; }

std::string wordsOf(const CommandReference& c) {
  std::vector<std::string> words;
  for (const CommandReference& sub : c.commands) words.push_back(sub.name.substr(sub.name.rfind(' ') + 1));
  for (const OptionReference& o : c.options)
    if (!o.positional) words.insert(words.end(), o.names.begin(), o.names.end());
  return joined(words, " ");
}

void all(const CommandReference& c, std::vector<CommandReference>& out) {
  out.push_back(c);
  for (const CommandReference& sub : c.commands) all(sub, out);
}

}  // namespace

CommandReference referenceOf(const CLI::App& app, const std::string& above) {
  CommandReference r;
  r.name = above.empty() ? app.get_name() : above;
  r.doc = app.get_description();
  for (const CLI::Option* o : app.get_options()) r.options.push_back(describe(*o));
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!sub->get_group().empty()) r.commands.push_back(referenceOf(*sub, r.name + " " + sub->get_name()));
  return r;
}

std::vector<CommandReference> leaves(const CommandReference& command) {
  if (command.commands.empty()) return {command};
  std::vector<CommandReference> out;
  for (const CommandReference& sub : command.commands)
    for (CommandReference& leaf : leaves(sub)) out.push_back(std::move(leaf));
  return out;
}

std::string usage(const CommandReference& command) {
  std::string text = command.name;
  for (const bool positional : {true, false})
    for (const OptionReference& o : command.options)
      if (o.positional == positional && o.names.back() != "--help") text += " " + usageOf(o);
  return text;
}

std::string markdown(const CommandReference& command) {
  std::string out = fmt::format("`{}`\n\n{}\n\n| option | meaning |\n|---|---|\n", usage(command), command.doc);
  for (const OptionReference& o : command.options) {
    if (o.names.back() == "--help") continue;
    const std::string value = o.positional || o.flag ? "" : " " + placeholder(o);
    out += fmt::format("| `{}{}` | {}{} |\n", joined(o.names, ", "), value, escaped(o.doc, "|", "\\|"),
                       o.fallback.empty() || o.flag ? "" : fmt::format(" Default: `{}`.", o.fallback));
  }
  return out;
}

std::string manualPage(const CommandReference& program) {
  std::string out = fmt::format(
      ".TH NETWRIGHT\\-CLI 1 \"\" \"Netwright {}\"\n.SH NAME\nnetwright\\-cli \\- {}\n.SH SYNOPSIS\n.B "
      "netwright\\-cli\n"
      "COMMAND [OPTION]...\n.SH COMMANDS\n",
      NETWRIGHT_VERSION, roff(program.doc));
  for (const CommandReference& c : leaves(program)) {
    out += fmt::format(".SS {}\n{}\n", roff(usage(c)), roff(c.doc));
    for (const OptionReference& o : c.options)
      out += fmt::format(".TP\n.B {}\n{}\n", roff(joined(o.names, ", ")), roff(o.doc));
  }
  return out +
         ".SH EXIT STATUS\n0 done, 1 the model or a file is wrong, 2 wrong usage, 3 something is missing on this "
         "machine, 130 interrupted.\n";
}

// Commands and options by position; anything else is a file or a folder.
std::string bashCompletion(const CommandReference& program) {
  std::string cases;
  std::vector<CommandReference> commands;
  all(program, commands);
  for (const CommandReference& c : commands)
    cases += fmt::format("    {}) words={} ;;\n", quoted(c.name), quoted(wordsOf(c)));
  return fmt::format(
      R"(# Completion of netwright-cli for bash. Use it: source <(netwright-cli completion bash)
_netwright_cli() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} path=netwright-cli words i next
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="$path ${{COMP_WORDS[i]}}"
    case $'{}' in *$'\n'"$next"$'\n'*) path=$next ;; esac
  done
  case $path in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current"))
}}
complete -o filenames -F _netwright_cli netwright-cli
)",
      [&] {
        std::string names = "\\n";
        for (const CommandReference& c : commands) names += c.name + "\\n";
        return names;
      }(),
      cases);
}

// zsh reads the completion of bash.
std::string zshCompletion(const CommandReference& program) {
  return "# Completion of netwright-cli for zsh. Use it: source <(netwright-cli completion zsh)\nautoload -U +X "
         "bashcompinit "
         "&& bashcompinit\n" +
         bashCompletion(program);
}

std::string fishCompletion(const CommandReference& program) {
  std::string out = "# Completion of netwright-cli for fish. Use it: netwright-cli completion fish | source\n";
  const std::string base = "complete -c netwright-cli";
  for (const CommandReference& c : program.commands)
    out += fmt::format("{} -n __fish_use_subcommand -a {} -d {}\n", base, c.name.substr(c.name.rfind(' ') + 1),
                       quoted(c.doc));
  for (const CommandReference& c : program.commands) {
    const std::string word = c.name.substr(c.name.rfind(' ') + 1);
    for (const CommandReference& sub : c.commands)
      out += fmt::format("{} -n '__fish_seen_subcommand_from {}' -a {} -d {}\n", base, word,
                         sub.name.substr(sub.name.rfind(' ') + 1), quoted(sub.doc));
    for (const CommandReference& leaf : leaves(c))
      for (const OptionReference& o : leaf.options)
        for (const std::string& name : o.names)
          if (name.rfind("--", 0) == 0)
            out += fmt::format("{} -n '__fish_seen_subcommand_from {}' -l {}{} -d {}\n", base, word, name.substr(2),
                               o.flag ? "" : " -r", quoted(o.doc));
  }
  return out;
}

}  // namespace netwright::cli
