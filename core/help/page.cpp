// SPDX-License-Identifier: Apache-2.0
#include "core/help/page.h"

#include <algorithm>
#include <cctype>
#include <limits>

#include "core/base/json.h"
#include "core/data/registry.h"
#include "core/help/sections.h"
#include "core/run/initialiser.h"
#include "core/run/metric.h"
#include "core/run/optimiser.h"
#include "core/run/schedule_spec.h"

namespace netwright::help {
namespace {

Page optimiserPage(const Entry& entry) {
  const run::OptimiserSpec& spec = *run::findOptimiser(entry.id);
  PageBuilder page(entry);
  page.words();
  page.pitfalls();
  page.parameters(spec.params);
  if (!spec.source.empty()) page.add({"paper", "Paper", {spec.source}});
  page.seeAlso();
  return page.take();
}

Page schedulePage(const Entry& entry) {
  const run::ScheduleSpec& spec = *run::findSchedule(entry.id);
  PageBuilder page(entry);
  page.words();
  page.pitfalls();
  if (spec.combines())
    page.add(
        {"parts", "Parts", {"Its parts are other schedules: " + code(spec.id + "(" + spec.usualParts + ")") + "."}});
  page.parameters(spec.params);
  page.seeAlso();
  return page.take();
}

std::string dimensionsOf(const run::InitialiserSpec& spec) {
  if (spec.lowest == 0) return "For parameters of any shape.";
  const std::string from = std::to_string(spec.lowest), to = std::to_string(spec.highest);
  if (spec.highest == std::numeric_limits<size_t>::max()) return "For parameters of " + from + " dimensions or more.";
  return "For parameters of " + from + (from == to ? "" : " to " + to) + " dimensions.";
}

Page initialiserPage(const Entry& entry) {
  const run::InitialiserSpec& spec = *run::findInitialiser(entry.id);
  PageBuilder page(entry);
  page.words();
  page.pitfalls();
  page.add({"facts",
            "Facts",
            {dimensionsOf(spec), "In the settings of a run: " + code(spec.id + ":*.weight") +
                                     ", from the command line " + code("--set initialisers=" + spec.id) + "."}});
  page.parameters(spec.params);
  if (!spec.source.empty()) page.add({"paper", "Paper", {spec.source}});
  page.seeAlso();
  return page.take();
}

Page regulariserPage(const Entry& entry) {
  const run::RegulariserSpec& spec = *run::findRegulariser(entry.id);
  PageBuilder page(entry);
  page.formula(spec.formula);
  page.words();
  page.pitfalls();
  page.add({"facts",
            "Facts",
            {"In the settings of a run: " + code(spec.id + ":*.weight:1e-4") + ", from the command line " +
             code("--set regularisers=" + spec.id + ":1e-4") + "."}});
  if (!spec.source.empty()) page.add({"paper", "Paper", {spec.source}});
  page.seeAlso();
  return page.take();
}

Page metricPage(const Entry& entry) {
  const run::MetricSpec& spec = *run::findMetric(entry.id);
  PageBuilder page(entry);
  page.words();
  page.pitfalls();
  page.add({"facts",
            "Facts",
            {std::string("For targets that are ") + (spec.task == run::Task::Classes ? "classes" : "numbers") + "; " +
             (spec.higherIsBetter ? "higher" : "lower") + " is better."}});
  page.seeAlso();
  return page.take();
}

Page dataPage(const Entry& entry, const std::vector<ParamSpec>& params) {
  PageBuilder page(entry);
  page.words();
  page.pitfalls();
  page.parameters(params);
  page.seeAlso();
  return page.take();
}

bool isKeyLetter(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '/'; }

// The end of a link that begins at this bracket; npos if none does: x[i] and [0, 1) are text.
size_t linkEnd(const std::string& text, size_t at) {
  if (at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1]))) return std::string::npos;
  size_t end = at + 1;
  while (end < text.size() && isKeyLetter(text[end])) ++end;
  const bool letters =
      std::any_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(end),
                  [](unsigned char c) { return std::isalpha(c); });
  return end < text.size() && text[end] == ']' && letters ? end : std::string::npos;
}

}  // namespace

std::vector<Span> spans(const std::string& text, Kind from) {
  std::vector<Span> list;
  const auto plain = [&](const std::string& part) {
    if (!part.empty()) list.push_back({Span::Style::Plain, part});
  };
  size_t start = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '`' && text[at] != '[') continue;
    const size_t end = text[at] == '`' ? text.find('`', at + 1) : linkEnd(text, at);
    if (end == std::string::npos) continue;
    const std::string inside = text.substr(at + 1, end - at - 1);
    plain(text.substr(start, at - start));
    if (text[at] == '`') {
      list.push_back({Span::Style::Code, inside});
    } else {
      const Entry* target = resolve(inside, from);
      list.push_back({Span::Style::Link, target ? target->title : inside, target});
    }
    start = end + 1;
    at = end;
  }
  plain(text.substr(start));
  return list;
}

std::string plainText(const std::string& text, Kind from) {
  std::string out;
  for (const Span& span : spans(text, from)) out += span.text;
  return out;
}

const Section* Page::find(const std::string& id) const {
  const auto it = std::find_if(sections.begin(), sections.end(), [&](const Section& s) { return s.id == id; });
  return it == sections.end() ? nullptr : &*it;
}

Page pageOf(const Entry& entry) {
  switch (entry.kind) {
    case Kind::Layer:
      return layerPage(entry);
    case Kind::Optimiser:
      return optimiserPage(entry);
    case Kind::Schedule:
      return schedulePage(entry);
    case Kind::Initialiser:
      return initialiserPage(entry);
    case Kind::Regulariser:
      return regulariserPage(entry);
    case Kind::Metric:
      return metricPage(entry);
    case Kind::Source:
      return dataPage(entry, data::sourceSpec(entry.id).params);
    case Kind::Transform:
      return dataPage(entry, data::transformSpec(entry.id).params);
    case Kind::Op:
      break;
  }
  return opPage(entry);
}

Json toJson(const Page& page) {
  const Entry& e = *page.entry;
  Json sections = Json::array();
  for (const Section& s : page.sections) {
    Json section{{"id", s.id}, {"title", s.title}, {"text", Json::array()}};
    for (const std::string& text : s.paragraphs) section["text"].push_back(plainText(text, e.kind));
    if (!s.table.rows.empty()) section["rows"] = Json::array();
    for (const auto& cells : s.table.rows) {
      Json row = Json::object();
      for (size_t i = 0; i < cells.size(); ++i) row[s.table.heads[i]] = plainText(cells[i], e.kind);
      section["rows"].push_back(std::move(row));
    }
    Json links = Json::array();
    for (const std::string& text : s.paragraphs)
      for (const Span& span : spans(text, e.kind))
        if (span.target) links.push_back(span.target->key());
    if (!links.empty()) section["links"] = std::move(links);
    sections.push_back(std::move(section));
  }
  return {{"key", e.key()},       {"kind", word(e.kind)}, {"id", e.id},
          {"title", e.title},     {"group", e.group},     {"summary", plainText(e.summary, e.kind)},
          {"torch", e.torchName}, {"keras", e.kerasName}, {"formula", page.formula},
          {"sections", sections}};
}

}  // namespace netwright::help
