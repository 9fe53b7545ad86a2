// SPDX-License-Identifier: Apache-2.0
#include "core/project/prepare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/layers/fixes.h"
#include "core/layers/structure.h"
#include "core/run/metric.h"

namespace netwright::project {
namespace {

using data::ColumnSpec;

int columnIndex(const std::vector<ColumnSpec>& columns, const std::string& name, data::Role role) {
  int only = -1, count = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return static_cast<int>(i);
    if (columns[i].role != role) continue;
    only = static_cast<int>(i);
    ++count;
  }
  return count == 1 ? only : -1;
}

std::string columnNames(const std::vector<ColumnSpec>& columns) {
  std::vector<std::string> names;
  for (const ColumnSpec& c : columns) names.push_back(c.name);
  return joined(names, ", ");
}

std::vector<layers::LossRequest> lossRequests(const run::RunConfig& config, const std::vector<ColumnSpec>& columns,
                                              std::vector<int>& targets, Diagnostics& problems) {
  std::vector<layers::LossRequest> requests;
  for (size_t o = 0; o < config.objectives.size(); ++o)
    for (const run::LossTerm& term : config.objectives[o].terms) {
      const int at = columnIndex(columns, term.target, data::Role::Target);
      targets.push_back(at);
      if (at < 0) {
        Diagnostic d;
        d.code = "NW-D003";
        d.args = {{"input", term.loss}, {"column", term.target}, {"columns", columnNames(columns)}};
        problems.push_back(std::move(d));
        continue;
      }
      const ColumnSpec& column = columns[static_cast<size_t>(at)];
      requests.push_back({term.loss,
                          term.params,
                          term.weight,
                          static_cast<int>(o),
                          term.output,
                          column.name,
                          {column.dtype, program::Shape(column.shape.begin(), column.shape.end())}});
    }
  return requests;
}

// Metrics are made for classes or for numbers.
void checkMetrics(const run::RunConfig& config, const std::vector<ColumnSpec>& columns, Prepared& out) {
  if (out.targets.empty() || out.targets.front() < 0) return;
  const ColumnSpec& target = columns[static_cast<size_t>(out.targets.front())];
  for (const std::string& id : config.metrics) {
    const run::MetricSpec* metric = run::findMetric(id);
    const bool classes = target.dtype == DType::Int64;
    // Numbers 0 and 1 are classes too, for a loss on logits.
    if (!metric || (metric->task == run::Task::Classes ? classes || id != "top5" : !classes)) continue;
    Diagnostic d;
    d.code = "NW-R008";
    d.args = {{"metric", metric->title},
              {"wanted", metric->task == run::Task::Classes ? "classes" : "numbers"},
              {"column", target.name},
              {"held", classes ? "classes" : "numbers"}};
    out.diagnostics.push_back(std::move(d));
  }
}

// Sample sizes of the column against the input's.
Diagnostics checkColumn(const program::Port& port, const program::TensorType& type, const ColumnSpec& column) {
  const program::Shape expected(type.shape.begin() + 1, type.shape.end()),
      received(column.shape.begin(), column.shape.end());
  if (expected == received) return {};
  Diagnostic d;
  d.code = "NW-D002";
  d.node = port.node;
  d.param = "shape";
  d.args = {{"input", port.name},
            {"expected", program::text(expected)},
            {"column", column.name},
            {"received", program::text(received)}};
  d.fixes = {{fmt::format("Set the shape of {} to {}", port.name, program::text(received)),
              {SetParamStep{port.node.back(), "shape", column.shape}}}};
  return {d};
}

// The first names of a list, for messages.
std::string someNames(const std::vector<std::string>& names) {
  constexpr size_t kShown = 4;
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + static_cast<long>(std::min(names.size(), kShown)));
  return joined(first, ", ") + (names.size() > kShown ? ", ..." : "");
}

// Every value that the data names must have a score (NW-D005) or an entry of a table (NW-D006).
void checkClasses(const Project& project, const std::vector<ColumnSpec>& columns, Prepared& out) {
  const program::Program& p = out.lowered.program;
  for (const program::IndexGuard& guard : p.indexGuards)
    for (size_t i = 0; i < p.inputs.size(); ++i) {
      const auto limit = guard.limit.constant();
      if (p.inputs[i].value != guard.value || out.columns[i] < 0 || !limit) continue;
      const ColumnSpec& column = columns[static_cast<size_t>(out.columns[i])];
      const auto classes = static_cast<int64_t>(column.classes.size());
      if (classes <= *limit) continue;
      const bool scores = guard.part == program::Part::Loss;
      Diagnostic d;
      d.code = scores ? "NW-D005" : "NW-D006";
      d.node = guard.node;
      d.args = {{"column", column.name},
                {"classes", grouped(classes)},
                {"names", someNames(column.classes)},
                {"layer", guard.layer},
                {"limit", grouped(*limit)}};
      const graph::Document& flat = out.lowered.flat(project.graph);
      if (auto fix = layers::resizedOutput(flat, out.lowered.nodes, guard.node.back(), classes); fix && scores)
        d.fixes.push_back(std::move(*fix));
      if (!scores)
        d.fixes = {{fmt::format("Set num_embeddings to {}", classes),
                    {SetParamStep{guard.node.back(), "num_embeddings", classes}}}};
      Diagnostics one{std::move(d)};
      if (out.lowered.structure) one = layers::localised(*out.lowered.structure, std::move(one));
      out.diagnostics.insert(out.diagnostics.end(), one.begin(), one.end());
    }
}

}  // namespace

Prepared prepare(const Project& project, const std::vector<ColumnSpec>& columns) {
  Prepared out;
  out.diagnostics = run::checkConfig(project.run);
  const auto losses = lossRequests(project.run, columns, out.targets, out.diagnostics);
  checkMetrics(project.run, columns, out);
  out.lowered = layers::lowerGraph(project.graph, losses);
  out.diagnostics.insert(out.diagnostics.begin(), out.lowered.diagnostics.begin(), out.lowered.diagnostics.end());
  for (const program::Port& port : out.lowered.program.inputs) {
    // Made by a loss. What a node Input takes may be the target of a loss too, as an autoencoder's is.
    const graph::Node* maker = port.node.empty() ? nullptr : project.graph.find(port.node.back());
    const bool target = !maker || maker->kind != "input";
    const int at = columnIndex(columns, port.name, target ? data::Role::Target : data::Role::Feature);
    out.columns.push_back(at);
    if (at < 0) {
      Diagnostic d;
      d.code = "NW-D003";
      d.node = port.node;
      d.args = {{"input", port.name}, {"column", port.name}, {"columns", columnNames(columns)}};
      out.diagnostics.push_back(std::move(d));
    } else if (!target) {
      for (Diagnostic& d :
           checkColumn(port, out.lowered.program.tensorType(port.value), columns[static_cast<size_t>(at)]))
        out.diagnostics.push_back(std::move(d));
    }
  }
  checkClasses(project, columns, out);
  return out;
}

Prepared prepareWithoutData(const Project& project) {
  Prepared out;
  out.lowered = layers::lowerGraph(project.graph, {});
  out.diagnostics = out.lowered.diagnostics;
  const Diagnostics settings = run::checkConfig(project.run);
  out.diagnostics.insert(out.diagnostics.end(), settings.begin(), settings.end());
  return out;
}

Prepared prepare(const Project& project, const std::filesystem::path& folder) {
  return prepare(project, data::describeData(project.data, folder));
}

Diagnostics checkBatches(const Prepared& prepared, const run::RunConfig& config, int64_t trainSamples) {
  if (config.dropLast || config.batchSize < 1 || trainSamples % config.batchSize != 1) return {};
  const program::Program& p = prepared.lowered.program;
  for (const program::Op& op : p.ops) {
    if (op.info->id() != "batch_norm" || op.mode == Mode::Eval) continue;
    const program::Shape& shape = p.tensorType(std::get<program::ValueId>(op.args[0])).shape;
    const auto perChannel = (shape[0] * program::product(shape, 2)).evaluate({{"N", 1}});
    if (perChannel != 1) continue;
    Diagnostic d;
    d.code = "NW-R001";
    d.node = prepared.lowered.path(op.node);
    d.args = {{"samples", grouped(trainSamples)}, {"batch", grouped(config.batchSize)}, {"layer", op.layer}};
    return {d};
  }
  return {};
}

void failWith(const Diagnostics& diagnostics) {
  const auto isError = [](const Diagnostic& d) { return d.severity == Severity::Error; };
  const auto first = std::find_if(diagnostics.begin(), diagnostics.end(), isError);
  const auto others = std::count_if(diagnostics.begin(), diagnostics.end(), isError) - 1;
  failInput(first->text(), first->chain.empty() ? "" : first->chain + ".",
            others > 0 ? fmt::format("There {} {} more; 'netwright-cli validate' lists all.",
                                     others == 1 ? "is" : "are", others)
                       : "");
}

}  // namespace netwright::project
