// SPDX-License-Identifier: Apache-2.0
#include "core/help/sections.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/convert/exporter.h"
#include "core/help/param_text.h"

namespace netwright::help {

std::string code(const std::string& text) { return text.empty() ? "" : "`" + text + "`"; }
std::string link(const std::string& key) { return "[" + key + "]"; }

std::string joinedLinks(const std::vector<std::string>& keys) {
  std::vector<std::string> links;
  for (const std::string& key : keys) links.push_back(link(key));
  return joined(links, ", ");
}

void PageBuilder::add(Section section) {
  if (!section.paragraphs.empty() || !section.table.rows.empty()) page_.sections.push_back(std::move(section));
}

// The first sentence on an op is its summary, which stands above.
void PageBuilder::words() {
  const Entry& e = *page_.entry;
  Section section{"use", e.kind == Kind::Op ? "In detail" : "What it is for", proseOf(e).paragraphs};
  if (e.kind == Kind::Op && !section.paragraphs.empty()) {
    std::string& first = section.paragraphs.front();
    first.erase(0, std::min(first.size(), e.summary.size() + 1));
    if (first.empty()) section.paragraphs.erase(section.paragraphs.begin());
  }
  add(std::move(section));
}

void PageBuilder::pitfalls() {
  const std::vector<std::string>& all = proseOf(*page_.entry).pitfalls;
  add({"pitfalls", all.size() == 1 ? "Pitfall" : "Pitfalls", all, all.size() > 1});
}

void PageBuilder::parameters(const std::vector<ParamSpec>& params) {
  Section section{"parameters", "Parameters", {}};
  section.table.heads = {"Name", "Default", "May be", "Meaning"};
  for (const ParamSpec& p : params)
    section.table.rows.push_back({code(p.name), code(defaultText(p)), rangeText(p), p.doc});
  add(std::move(section));
}

void PageBuilder::seeAlso(std::vector<std::string> more) {
  std::vector<std::string> keys;
  for (const std::string& name : proseOf(*page_.entry).seeAlso) {
    const Entry* other = resolve(name, page_.entry->kind);
    keys.push_back(other ? other->key() : name);  // what leads nowhere stays, for the test of links to find
  }
  for (std::string& key : more)
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  if (!keys.empty()) add({"see", "See also", {joinedLinks(keys)}});
}

Section exportsOf(const program::Program& program, std::vector<const program::Op*> ops) {
  std::erase_if(ops, [](const program::Op* op) { return op->phase != program::Phase::Forward; });  // training only
  if (ops.empty()) return {};
  Section section{"exports", "Exports", {}};
  section.table.heads = {"Format", "Written"};
  for (const auto& exporter : convert::registry()) {
    const convert::FormatInfo info = exporter->info();
    if (!info.holdsGraph) continue;
    std::string answer = "yes";
    for (const program::Op* op : ops)
      if (const auto refusal = exporter->refusal(program, *op)) {
        answer = "no: " + *refusal;
        break;
      }
    section.table.rows.push_back({info.title, answer});
  }
  return section;
}

}  // namespace netwright::help
