// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "core/base/json.h"
#include "core/base/text.h"

namespace netwright::cli {
namespace {

int code = 0;

std::string colored(const char* ansi, const std::string& text) {
  static const bool kOn = outputIsTerminal() && !std::getenv("NO_COLOR");
  return kOn ? fmt::format("\033[{}m{}\033[0m", ansi, text) : text;
}

}  // namespace

std::pair<std::string, std::string> assignment(const std::string& text, const std::string& option) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos)
    throw CLI::ValidationError(option, fmt::format("'{}' should look like name=value", text));
  return {text.substr(0, equals), text.substr(equals + 1)};
}

project::Project openProject(const std::string& folder, const std::vector<std::string>& sets) {
  project::Project p = project::load(project::projectFolder(folder));
  for (const std::string& set : sets) {
    const auto [name, value] = assignment(set);
    project::setByName(p, name, value);
  }
  return p;
}

std::string severityName(Severity s) {
  return s == Severity::Error ? "error" : s == Severity::Warning ? "warning" : "info";
}

void setExitCode(int c) { code = c; }
int exitCode() { return code; }
bool outputIsTerminal() {
  static const bool kTerminal = ::isatty(STDOUT_FILENO) == 1;
  return kTerminal;
}
std::string bold(const std::string& text) { return colored("1", text); }
std::string dim(const std::string& text) { return colored("2", text); }
std::string red(const std::string& text) { return colored("31", text); }
std::string green(const std::string& text) { return colored("32", text); }
std::string yellow(const std::string& text) { return colored("33", text); }

void printJson(const Json& json) { fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace)); }

Json toJson(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& d : diagnostics) {
    Json fixes = Json::array();
    for (const Fix& f : d.fixes) fixes.push_back(f.label);
    Json node = d.node.empty() ? Json(nullptr) : Json(d.node.back().value);
    list.push_back({{"severity", severityName(d.severity)},
                    {"code", d.code},
                    {"text", d.text()},
                    {"node", node},
                    {"port", d.port},
                    {"param", d.param},
                    {"chain", d.chain},
                    {"fixes", fixes}});
  }
  return list;
}

void printDiagnostics(const Diagnostics& diagnostics) {
  for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Info})
    for (const Diagnostic& d : diagnostics) {
      if (d.severity != severity) continue;
      const std::string sign = severity == Severity::Error     ? red("✗")
                               : severity == Severity::Warning ? yellow("!")
                                                               : dim("i");
      fmt::print("{} {} {}\n", sign, d.text(), dim(d.code));
      if (!d.chain.empty()) fmt::print("  {}\n", dim(d.chain));
      std::vector<std::string> fixes;
      for (const Fix& f : d.fixes) fixes.push_back(fmt::format("[{}]", f.label));
      if (!fixes.empty()) fmt::print("  {}\n", joined(fixes, "  "));
    }
}

}  // namespace netwright::cli
