// SPDX-License-Identifier: Apache-2.0
#include "core/project/prepare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/layers/fixes.h"
#include "core/layers/structure.h"
#include "core/project/check_training.h"
#include "core/project/settle.h"
#include "core/run/metric_choice.h"

namespace netwright::project {
namespace {

using data::ColumnSpec;

program::TensorType typeOf(const ColumnSpec& column) {
  return {column.dtype, program::Shape(column.shape.begin(), column.shape.end())};
}

// The losses of the settings; `problems` matter if the graph has none of its own.
std::vector<layers::LossRequest> lossRequests(const run::RunConfig& config, const std::vector<ColumnSpec>& columns,
                                              Diagnostics& problems) {
  std::vector<layers::LossRequest> requests;
  for (size_t o = 0; o < config.objectives.size(); ++o)
    for (const run::LossTerm& term : config.objectives[o].terms) {
      const int at = columnIndex(columns, term.target, data::Role::Target);
      if (at < 0) {
        Diagnostic d;
        d.code = "NW-D003";
        d.args = {{"input", term.loss}, {"column", term.target}, {"columns", columnNames(columns)}};
        problems.push_back(std::move(d));
        continue;
      }
      const ColumnSpec& column = columns[static_cast<size_t>(at)];
      requests.push_back(
          {term.loss, term.params, term.weight, static_cast<int>(o), term.output, column.name, typeOf(column)});
    }
  return requests;
}

layers::TrainingRequest trainingRequest(const run::RunConfig& config, const std::vector<ColumnSpec>& columns,
                                        Diagnostics& problems) {
  layers::TrainingRequest request{lossRequests(config, columns, problems), {}, {}, {}, config.frozen};
  for (const ColumnSpec& c : columns) request.columns.push_back({c.name, typeOf(c), c.role == data::Role::Target});
  for (const std::string& m : config.metrics) request.measured.push_back(run::metricChoice(m).wire);
  for (size_t o = 0; o < config.objectives.size(); ++o)
    for (const run::Regulariser& r : config.objectives[o].regularisers)
      request.regularisers.push_back(
          {r.kind, r.parameters, config.objectives[o].parameters, r.weight, static_cast<int>(o)});
  return request;
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
      const bool scores = guard.code == "NW-D001";
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

// The column that an input of the program is bound to; -1 if there is no such input.
int columnOf(const std::string& input, const Prepared& prepared) {
  const auto& inputs = prepared.lowered.program.inputs;
  for (size_t i = 0; i < inputs.size() && !input.empty(); ++i)
    if (inputs[i].name == input) return prepared.columns[i];
  return -1;
}

}  // namespace

Prepared prepare(const Project& project, const std::vector<ColumnSpec>& columns) {
  Prepared out;
  const run::RunConfig config = settledRun(project, &out.diagnostics);
  settledData(project, &out.diagnostics);
  for (Diagnostic& d : run::checkConfig(config)) out.diagnostics.push_back(std::move(d));
  Diagnostics unbound;
  out.lowered = layers::lowerForTraining(project.graph, trainingRequest(config, columns, unbound));
  if (!out.lowered.ownLosses) out.diagnostics.insert(out.diagnostics.end(), unbound.begin(), unbound.end());
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
  for (const layers::LossOrigin& loss : out.lowered.losses) out.targets.push_back(columnOf(loss.input, out));
  bindMetrics(config, columns, out);
  for (Diagnostic& d : checkTraining(config, out.lowered)) out.diagnostics.push_back(std::move(d));
  out.lowered.program.starts = startsOf(config, out.lowered.program);
  checkClasses(project, columns, out);
  return out;
}

Prepared prepareWithoutData(const Project& project) {
  Prepared out;
  out.lowered = layers::lowerGraph(project.graph, {});
  out.diagnostics = out.lowered.diagnostics;
  const run::RunConfig config = settledRun(project, &out.diagnostics);
  settledData(project, &out.diagnostics);
  for (Diagnostic& d : run::checkConfig(config)) out.diagnostics.push_back(std::move(d));
  return out;
}

Prepared prepare(const Project& project, const std::filesystem::path& folder) {
  return prepare(project, data::describeData(settledData(project), folder));
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
