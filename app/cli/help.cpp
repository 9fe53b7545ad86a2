// SPDX-License-Identifier: Apache-2.0
// help: the help pages in the terminal, as JSON, or as a folder of HTML.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/help/html.h"
#include "core/help/text.h"

namespace netwright::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string name, html;
  bool json = false;
};

constexpr size_t kMentions = 6;

std::string keysOf(const std::vector<const help::Entry*>& pages, size_t from) {
  std::string text;
  for (size_t i = from; i < pages.size() && i < from + kMentions; ++i)
    text += (text.empty() ? "" : ", ") + pages[i]->key();
  return pages.size() > from + kMentions ? text + ", …" : text;
}

void show(const Options& o) {
  const std::vector<const help::Entry*> found = help::named(o.name);
  if (found.empty()) {
    const std::string mentions = keysOf(help::search(o.name), 0), nearest = help::nearestName(o.name);
    const bool slip = mentions.empty() || nearest.front() == std::tolower(static_cast<unsigned char>(o.name.front()));
    failInput(fmt::format("There is no help page '{}'.", o.name) + (slip ? " Did you mean '" + nearest + "'?" : ""),
              mentions.empty() ? "" : "These speak of it: " + mentions + ".", "'netwright-cli help' lists all pages.");
  }
  const help::Page page = help::pageOf(*found.front());
  if (o.json) return printJson(help::toJson(page));
  fmt::print("{}", help::asText(page, {bold, dim}));
  if (found.size() > 1) fmt::print("\n{}\n", dim("There is also: " + keysOf(found, 1)));
}

void list(bool json) {
  Json all = Json::array();
  std::string before;
  for (const help::Entry& e : help::entries()) {
    if (json) {
      all.push_back(
          {{"key", e.key()}, {"title", e.title}, {"group", e.group}, {"summary", help::plainText(e.summary, e.kind)}});
      continue;
    }
    const std::string heading = help::plural(e.kind) + (e.group.empty() ? "" : ": " + e.group);
    if (heading != before) fmt::print("{}\n", bold(before = heading));
    fmt::print("  {:34} {}\n", e.id, help::plainText(e.summary, e.kind));
  }
  if (json) printJson(all);
}

void write(const fs::path& folder) {
  const auto files = help::site();
  for (const auto& [path, text] : files) {
    fs::create_directories((folder / path).parent_path());
    writeFileAtomic(folder / path, text);
  }
  fmt::print("{} pages in {}\n", help::entries().size(), (folder / "index.html").string());
}

}  // namespace

void addHelp(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("help", "Explain a layer, loss, optimiser, schedule, metric, op or kind of data.");
  auto o = std::make_shared<Options>();
  command->add_option("NAME", o->name, "What to explain: conv2d, nn.Conv2d, adam, schedule/cosine.");
  command->add_flag("--json", o->json, "Answer as JSON.");
  command->add_option("--html", o->html, "Write all pages as HTML into this folder.");
  command->callback([o] {
    if (!o->html.empty()) return write(o->html);
    o->name.empty() ? list(o->json) : show(*o);
  });
}

}  // namespace netwright::cli
