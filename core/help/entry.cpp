// SPDX-License-Identifier: Apache-2.0
#include "core/help/entry.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <sstream>
#include <unordered_map>

#include "core/base/text.h"
#include "core/data/prose.h"
#include "core/data/registry.h"
#include "core/layers/prose.h"
#include "core/layers/registry.h"
#include "core/program/catalogue.h"
#include "core/program/prose.h"
#include "core/run/initialiser.h"
#include "core/run/metric.h"
#include "core/run/optimiser.h"
#include "core/run/prose.h"
#include "core/run/schedule_spec.h"

namespace netwright::help {
namespace {

const ProseBook& bookOf(Kind kind) {
  switch (kind) {
    case Kind::Layer:
      return layers::prose();
    case Kind::Optimiser:
      return run::optimiserProse();
    case Kind::Schedule:
      return run::scheduleProse();
    case Kind::Initialiser:
      return run::initialiserProse();
    case Kind::Regulariser:
      return run::regulariserProse();
    case Kind::Metric:
      return run::metricProse();
    case Kind::Source:
      return data::sourceProse();
    case Kind::Transform:
      return data::transformProse();
    case Kind::Op:
      break;
  }
  return program::prose();
}

std::string lower(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return s;
}

// Family of an op: the file that it is in, as a heading.
std::unordered_map<std::string, std::string> opFamilies() {
  std::unordered_map<std::string, std::string> families;
  for (const auto& [file, text] : program::proseFiles()) {
    std::string heading = file;
    heading[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(heading[0])));
    for (const auto& [id, prose] : readProse({{file, text}})) families[id] = heading;
  }
  return families;
}

// The first sentence of the words.
std::string firstSentence(const Prose& prose) {
  if (prose.paragraphs.empty()) return "";
  const std::string& text = prose.paragraphs.front();
  const size_t end = text.find(". ");
  return end == std::string::npos ? text : text.substr(0, end + 1);
}

std::vector<Entry> all() {
  std::vector<Entry> list;
  for (const layers::LayerSpec& l : layers::registry())
    list.push_back({Kind::Layer, l.id, l.title, layers::title(l.category), l.doc, l.torchName, l.kerasName, l.aliases});
  for (const run::OptimiserSpec& o : run::optimisers())
    list.push_back({Kind::Optimiser, o.id, o.title, "", o.doc, o.torchName, "", {}});
  for (const run::ScheduleSpec& s : run::schedules())
    list.push_back({Kind::Schedule, s.id, s.title, "", s.doc, s.torchName, "", {}});
  for (const run::InitialiserSpec& i : run::initialisers())
    list.push_back({Kind::Initialiser, i.id, i.title, "", i.doc, i.torchName, "", {"init", "initializer"}});
  for (const run::RegulariserSpec& r : run::regularisers())
    list.push_back({Kind::Regulariser, r.id, r.title, "", r.doc, "", "", {"penalty", "regularizer"}});
  for (const run::MetricSpec& m : run::metrics()) list.push_back({Kind::Metric, m.id, m.title, "", m.doc, "", "", {}});
  for (const data::SourceSpec& s : data::sources())
    list.push_back({Kind::Source, s.kind, s.title, "", s.doc, "", "", {}});
  for (const data::TransformSpec& t : data::transforms())
    list.push_back({Kind::Transform, t.kind, t.title, "", t.doc, "", "", {}});
  const auto families = opFamilies();
  for (const auto& [id, info] : program::catalogue()) {
    Entry e{Kind::Op, id, id, "", "", "", "", {"aten::" + id, info.schema.name}};
    if (const auto family = families.find(id); family != families.end()) e.group = family->second;
    e.summary = firstSentence(proseOf(e));
    e.torchName = proseOf(e).torchName;
    list.push_back(std::move(e));
  }
  std::stable_sort(list.begin(), list.end(), [](const Entry& a, const Entry& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.kind == Kind::Op && a.group < b.group;
  });
  return list;
}

// "torch.nn.Conv2d" and "nn.Conv2d", "Cross entropy" and "cross-entropy" are the same.
std::string bare(const std::string& name) {
  std::string text = lower(name.substr(0, name.find('(')));
  for (const char* prefix : {"tf.keras.", "keras.", "torch."})
    if (text.rfind(prefix, 0) == 0) text.erase(0, std::string(prefix).size());
  while (!text.empty() && text.back() == ' ') text.pop_back();
  std::replace(text.begin(), text.end(), ' ', '_');
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

bool isCalled(const std::vector<std::string>& names, const std::string& wanted) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const std::string text = bare(name);
    const size_t dot = text.rfind('.');
    return !text.empty() && (text == wanted || (dot != std::string::npos && text.substr(dot + 1) == wanted));
  });
}
std::vector<std::string> ownNames(const Entry& e) { return {e.key(), e.id, e.title, e.torchName, e.kerasName}; }

// Pages that are no ops, by the words that people have for them; those whose first word it is come first.
std::vector<const Entry*> calledByPeople(const std::string& wanted) {
  std::vector<std::pair<std::ptrdiff_t, const Entry*>> found;
  for (const Entry& e : entries()) {
    if (e.kind == Kind::Op) continue;
    const auto word = std::find_if(e.words.begin(), e.words.end(), [&](const auto& w) { return bare(w) == wanted; });
    if (word != e.words.end()) found.emplace_back(word - e.words.begin(), &e);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const Entry*> list;
  for (const auto& [place, e] : found) list.push_back(e);
  return list;
}

// 0: not there.
int score(const std::string& text, const std::string& wanted) {
  const std::string candidate = lower(text);
  if (candidate == wanted) return 6;
  if (candidate.rfind(wanted, 0) == 0) return 5;
  return candidate.find(wanted) == std::string::npos ? 0 : 4;
}

int score(const Entry& e, const std::string& wanted) {
  int best = 0;
  for (const std::string& name : ownNames(e)) best = std::max(best, score(name, wanted));
  for (const std::string& name : e.words) best = std::max(best, score(name, wanted));
  if (best > 0) return best;
  if (score(e.summary, wanted) > 0 || score(e.group, wanted) > 0) return 3;
  const Prose& prose = proseOf(e);
  const auto holds = [&](const std::string& text) { return score(text, wanted) > 0; };
  if (std::any_of(prose.paragraphs.begin(), prose.paragraphs.end(), holds)) return 2;
  return std::any_of(prose.pitfalls.begin(), prose.pitfalls.end(), holds) ? 1 : 0;
}

}  // namespace

std::string word(Kind kind) {
  static constexpr const char* kWords[] = {"layer",  "optimiser", "schedule",  "initialiser", "regulariser",
                                           "metric", "source",    "transform", "op"};
  return kWords[static_cast<size_t>(kind)];
}

std::string plural(Kind kind) {
  static constexpr const char* kWords[] = {"Layers",  "Optimisers",   "Schedules",  "Initialisers", "Regularisers",
                                           "Metrics", "Data sources", "Transforms", "Ops"};
  return kWords[static_cast<size_t>(kind)];
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> kEntries = all();
  return kEntries;
}

const Prose& proseOf(const Entry& entry) {
  static const Prose kNone;
  const ProseBook& book = bookOf(entry.kind);
  const auto it = book.find(entry.id);
  return it == book.end() ? kNone : it->second;
}

const Entry* findEntry(const std::string& key) {
  static const auto kByKey = [] {
    std::unordered_map<std::string, const Entry*> map;
    for (const Entry& e : entries()) map[e.key()] = &e;
    return map;
  }();
  const auto it = kByKey.find(key);
  return it == kByKey.end() ? nullptr : it->second;
}

std::string sideText(const Entry& e) {
  std::string text = word(e.kind);
  if (!e.group.empty()) text += ", " + e.group;
  return e.torchName.empty() ? text : text + " · " + e.torchName;
}

const Entry* resolve(const std::string& link, Kind from) {
  if (link.find('/') != std::string::npos) return findEntry(link);
  if (const Entry* own = findEntry(word(from) + "/" + link)) return own;
  for (const Kind kind : kKinds)
    if (const Entry* found = findEntry(word(kind) + "/" + link)) return found;
  return nullptr;
}

std::vector<const Entry*> named(const std::string& name) {
  const std::string wanted = bare(name);
  std::vector<const Entry*> found, ops;
  for (const Entry& e : entries())
    if (e.kind == Kind::Op
            ? isCalled({e.key(), e.torchName}, wanted) || bare(e.id) == wanted || isCalled(e.words, wanted)
            : isCalled(ownNames(e), wanted))
      (e.kind == Kind::Op ? ops : found).push_back(&e);
  const bool code = name.rfind("torch.", 0) == 0 || name.rfind("aten::", 0) == 0;
  if (found.empty() && (ops.empty() || !code)) found = calledByPeople(wanted);
  // Of several that are called alike, the one with this very name, and of a family the one for images.
  std::stable_sort(found.begin(), found.end(),
                   [](const Entry* a, const Entry* b) { return a->title.ends_with("2d") > b->title.ends_with("2d"); });
  std::stable_sort(found.begin(), found.end(),
                   [&](const Entry* a, const Entry* b) { return (bare(a->id) == wanted) > (bare(b->id) == wanted); });
  found.insert(found.end(), ops.begin(), ops.end());
  return found;
}

std::vector<const Entry*> search(const std::string& words) {
  std::vector<std::string> wanted;
  std::istringstream in(lower(words));
  for (std::string word; in >> word;) wanted.push_back(word);
  std::vector<std::pair<int, const Entry*>> found;
  for (const Entry& e : entries()) {
    int total = 0;
    bool every = true;
    for (const std::string& word : wanted) {
      const int s = score(e, word);
      every = every && s > 0;
      total += s;
    }
    if (every) found.emplace_back(total, &e);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const Entry*> list;
  for (const auto& [s, e] : found) list.push_back(e);
  return list;
}

std::string nearestName(const std::string& name) {
  std::vector<std::string> names;
  for (const Entry& e : entries()) names.push_back(e.id);
  return nearest(lower(name), names);
}

}  // namespace netwright::help
