// SPDX-License-Identifier: Apache-2.0
#include "core/project/check_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "core/base/pattern.h"
#include "core/base/text.h"
#include "core/graph/expand.h"
#include "core/layers/lower_regulariser.h"
#include "core/run/initialiser.h"
#include "core/run/metric.h"
#include "core/run/metric_choice.h"

namespace netwright::project {
namespace {

using program::State;

// `param`: the setting at fault, by which the window knows that it is none of the graph.
Diagnostic complaint(const char* code, const char* param, std::map<std::string, std::string> args,
                     Severity severity = Severity::Error) {
  Diagnostic d;
  d.severity = severity;
  d.code = code;
  d.args = std::move(args);
  d.param = param;
  return d;
}

std::vector<const State*> parametersOf(const program::Program& program) {
  std::vector<const State*> all;
  for (const State& s : program.states)
    if (s.kind == program::StateKind::Parameter) all.push_back(&s);
  return all;
}

size_t dimensions(const program::Program& program, const State& s) { return program.tensorType(s.value).shape.size(); }

// ", fc1.bias and 3 more" behind the first of several.
std::string others(const std::vector<std::string>& names) {
  if (names.size() < 2) return "";
  return names.size() == 2 ? " and " + names[1] : fmt::format(", {} and {} more", names[1], names.size() - 2);
}

// A pattern that was meant: the nearest of those that choose something, with a star where the given one has some.
std::string meant(const std::string& pattern, const std::vector<const State*>& parameters) {
  std::set<std::string> known;
  for (const State* s : parameters) {
    known.insert(s->name.substr(0, s->name.find('.')) + ".*");
    known.insert("*" + s->name.substr(s->name.rfind('.')));
    if (pattern.find('*') == std::string::npos) known.insert(s->name);
  }
  return nearest(pattern, {known.begin(), known.end()});
}

// NW-R025 for a pattern that chooses none of the parameters; `fits`: which it can choose at all.
template <class Fits>
void checkPattern(const std::string& pattern, const std::string& what, const std::string& kind,
                  const std::vector<const State*>& parameters, Fits fits, Diagnostics& found) {
  std::vector<const State*> fitting;
  for (const State* s : parameters)
    if (fits(*s)) fitting.push_back(s);
  const auto matches = [&](const State* s) { return matchesPattern(s->name, pattern); };
  if (parameters.empty() || std::any_of(fitting.begin(), fitting.end(), matches)) return;
  const std::string near = meant(pattern, fitting.empty() ? parameters : fitting);
  found.push_back(
      complaint("NW-R025", "parameters", {{"pattern", pattern}, {"what", what}, {"kind", kind}, {"nearest", near}}));
}

void checkPatterns(const run::RunConfig& config, const program::Program& program, Diagnostics& found) {
  const auto parameters = parametersOf(program);
  const auto any = [](const State&) { return true; };
  for (const std::string& pattern : config.frozen) checkPattern(pattern, "what is frozen", "", parameters, any, found);
  for (const run::Initialiser& i : config.initialisers)
    if (const run::InitialiserSpec* spec = run::findInitialiser(i.kind))
      checkPattern(
          i.parameters, "the initialiser " + spec->title, spec->lowest > 0 ? " with the dimensions that it needs" : "",
          parameters, [&](const State& s) { return spec->fits(dimensions(program, s)); }, found);
  for (size_t o = 0; o < config.objectives.size(); ++o) {
    const run::Objective& objective = config.objectives[o];
    const std::string which =
        config.objectives.size() > 1 ? fmt::format("objective {}", o + 1) : std::string("the objective");
    checkPattern(objective.parameters, which, "", parameters, any, found);
    for (const run::ParameterGroup& g : objective.groups)
      if (!g.parameters.empty()) checkPattern(g.parameters, "a group of " + which, "", parameters, any, found);
    for (const run::Regulariser& r : objective.regularisers)
      if (run::findRegulariser(r.kind))
        checkPattern(
            r.parameters, "the regulariser " + r.kind, " that the objective trains", parameters,
            [&](const State& s) {
              return !s.frozen && matchesPattern(s.name, objective.parameters) &&
                     layers::regularises(r.kind, dimensions(program, s));
            },
            found);
  }
}

// Each parameter has one optimiser, or is frozen.
void checkOwners(const run::RunConfig& config, const layers::Lowered& lowered, Diagnostics& found) {
  std::map<std::pair<size_t, size_t>, std::vector<std::string>> shared;
  std::vector<std::string> nobodys;
  NodePath firstOfNobody;
  for (const State* s : parametersOf(lowered.program)) {
    if (s->frozen) continue;
    std::vector<size_t> owners;
    for (size_t o = 0; o < config.objectives.size(); ++o)
      if (matchesPattern(s->name, config.objectives[o].parameters)) owners.push_back(o);
    if (owners.size() > 1) shared[{owners[0], owners[1]}].push_back(s->name);
    if (!owners.empty()) continue;
    if (nobodys.empty()) firstOfNobody = s->id.owner;
    nobodys.push_back(s->name);
  }
  for (const auto& [who, names] : shared)
    found.push_back(complaint("NW-R023", "parameters",
                              {{"a", std::to_string(who.first + 1)},
                               {"b", std::to_string(who.second + 1)},
                               {"parameter", names.front()},
                               {"others", others(names)}}));
  if (nobodys.empty()) return;
  found.push_back(complaint("NW-R024", "parameters", {{"parameter", nobodys.front()}, {"others", others(nobodys)}},
                            Severity::Warning));
  found.back().node = lowered.path(firstOfNobody);
}

}  // namespace

Diagnostics checkTraining(const run::RunConfig& config, const layers::Lowered& lowered) {
  Diagnostics found;
  const program::Program& program = lowered.program;
  std::set<size_t> served;
  for (size_t i = 0; i < program.losses.size(); ++i) {
    const auto objective = static_cast<size_t>(program.losses[i].objective);
    if (!run::findRegulariser(lowered.losses[i].loss)) served.insert(objective);
    if (objective < config.objectives.size()) continue;
    found.push_back(complaint("NW-R022", "objective",
                              {{"layer", program.losses[i].name},
                               {"objective", std::to_string(objective + 1)},
                               {"count", std::to_string(config.objectives.size())}}));
    if (const NodeId node = lowered.losses[i].node) found.back().node = lowered.path({node});
  }
  for (size_t o = 0; o < config.objectives.size(); ++o) {
    // A term that is there but could not be lowered has said why.
    const bool waits = !lowered.ok() || (!lowered.ownLosses && !config.objectives[o].terms.empty());
    if (!served.contains(o) && !waits)
      found.push_back(complaint("NW-R021", "loss", {{"objective", std::to_string(o + 1)}}));
  }
  if (!lowered.ok()) return found;
  checkPatterns(config, program, found);
  checkOwners(config, lowered, found);
  return found;
}

std::vector<program::Start> startsOf(const run::RunConfig& config, const program::Program& program) {
  // In the order of modules, as named_parameters() of PyTorch: that in which nodes begin to draw.
  std::map<NodePath, size_t> ranks;
  for (const program::InitStep& s : program.initialisation)
    if (s.state >= 0) ranks.emplace(program.states[static_cast<size_t>(s.state)].id.owner, ranks.size());
  std::vector<int> order;
  for (size_t i = 0; i < program.states.size(); ++i)
    if (program.states[i].kind == program::StateKind::Parameter) order.push_back(static_cast<int>(i));
  const auto rank = [&](int state) {
    const auto it = ranks.find(program.states[static_cast<size_t>(state)].id.owner);
    return it == ranks.end() ? std::numeric_limits<size_t>::max() : it->second;
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return rank(a) < rank(b); });
  std::vector<program::Start> starts;
  for (const run::Initialiser& i : config.initialisers) {
    const run::InitialiserSpec* spec = run::findInitialiser(i.kind);
    for (const int index : order) {
      const State& s = program.states[static_cast<size_t>(index)];
      if (spec && matchesPattern(s.name, i.parameters) && spec->fits(dimensions(program, s)))
        starts.push_back({index, i.kind, run::completeParams(i)});
    }
  }
  return starts;
}

int columnIndex(const std::vector<data::ColumnSpec>& columns, const std::string& name, data::Role role) {
  int only = -1, count = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return static_cast<int>(i);
    if (columns[i].role != role) continue;
    only = static_cast<int>(i);
    ++count;
  }
  return count == 1 ? only : -1;
}

std::string columnNames(const std::vector<data::ColumnSpec>& columns) {
  std::vector<std::string> names;
  for (const data::ColumnSpec& c : columns) names.push_back(c.name);
  return joined(names, ", ");
}

namespace {

std::optional<int64_t> ignoredBy(const layers::LossOrigin& loss) {
  const auto it = loss.params.find("ignore_index");
  return it == loss.params.end() ? std::nullopt : std::optional(std::get<int64_t>(it->second));
}

// Metrics are made for classes or for numbers.
void checkTask(const run::MetricSpec& metric, const data::ColumnSpec& target, Diagnostics& found) {
  const bool classes = target.dtype == DType::Int64;
  // Numbers 0 and 1 are classes too, for a loss on logits.
  if (metric.task == run::Task::Classes ? classes || metric.id != "top5" : !classes) return;
  found.push_back(complaint("NW-R008", "metrics",
                            {{"metric", metric.title},
                             {"wanted", metric.task == run::Task::Classes ? "classes" : "numbers"},
                             {"column", target.name},
                             {"held", classes ? "classes" : "numbers"}}));
}

}  // namespace

void bindMetrics(const run::RunConfig& config, const std::vector<data::ColumnSpec>& columns, Prepared& out) {
  const layers::Lowered& lowered = out.lowered;
  const program::Program& program = lowered.program;
  for (size_t i = 0; i < config.metrics.size(); ++i) {
    const run::MetricChoice choice = run::metricChoice(config.metrics[i]);
    const run::MetricSpec* spec = choice.spec();
    if (!spec || i >= lowered.measured.size()) continue;
    Prepared::Metric metric{choice.id, config.metrics[i], lowered.measured[i], -1, {}};
    if (!choice.wire.empty() && metric.place.index < 0) {
      std::vector<std::string> names;
      for (const auto& [id, report] : lowered.nodes)
        for (const auto& [port, value] : report.values) names.push_back(program.value(value).name);
      std::sort(names.begin(), names.end());
      for (const program::Port& p : program.outputs) names.push_back(p.name);
      if (lowered.ok())
        out.diagnostics.push_back(
            complaint("NW-R026", "metrics",
                      {{"metric", spec->title}, {"wire", choice.wire}, {"nearest", nearest(choice.wire, names)}}));
      continue;
    }
    // The loss that compares this very value says with what.
    const auto at = static_cast<size_t>(metric.place.index);
    const program::ValueId value = metric.place.index < 0 ? program::ValueId{}
                                   : metric.place.output  ? program.outputs[at].value
                                                          : program.measured[at].value;
    const auto loss = std::find_if(lowered.losses.begin(), lowered.losses.end(), [&](const layers::LossOrigin& l) {
      return !l.input.empty() && value && l.output == value;
    });
    if (loss != lowered.losses.end()) {
      metric.ignore = ignoredBy(*loss);
      metric.target = out.targets.at(static_cast<size_t>(loss - lowered.losses.begin()));
    }
    if (!choice.column.empty() || (metric.target < 0 && !choice.wire.empty()))
      metric.target = columnIndex(columns, choice.column, data::Role::Target);
    if (!choice.column.empty() && metric.target >= 0 &&
        columns[static_cast<size_t>(metric.target)].name != choice.column)
      metric.target = -1;
    if (metric.target >= 0)
      checkTask(*spec, columns[static_cast<size_t>(metric.target)], out.diagnostics);
    else if (lowered.ok() && (lowered.ownLosses || !choice.wire.empty() || !choice.column.empty()))
      out.diagnostics.push_back(complaint(
          "NW-R027", "metrics",
          {{"metric", spec->title},
           {"reason", !choice.column.empty() ? fmt::format("there is no column '{}'", choice.column)
                      : choice.wire.empty()  ? "no loss compares an output with a column"
                                             : fmt::format("no loss compares '{}' with a column", choice.wire)},
           {"example", fmt::format("{}/{}/COLUMN", choice.id, choice.wire.empty() ? "OUTPUT" : choice.wire)},
           {"columns", columnNames(columns)}}));
    out.metrics.push_back(std::move(metric));
  }
}

}  // namespace netwright::project
