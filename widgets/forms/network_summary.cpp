// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/network_summary.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/base/text.h"
#include "core/project/costs.h"
#include "widgets/bridge/project_model.h"

namespace netwright::forms {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("NetworkSummary", text); }
QString count(int64_t value) { return QString::fromStdString(grouped(value)); }

QString shortText(int64_t value) {
  return value < 10'000 ? count(value) : QString::fromStdString(shortCount(static_cast<double>(value)));
}
QString bytes(int64_t value) { return QString::fromStdString(byteText(static_cast<double>(value))); }

QString macText(const program::Dim& macs, int64_t batch) {
  const auto value = macs.evaluate({{"N", batch}});
  return value ? shortText(*value) : QString::fromStdString(macs.text());
}

// "80,266 · 321.1 kB": what they take as float32.
QString parameterText(int64_t parameters) { return count(parameters) + QStringLiteral(" · ") + bytes(4 * parameters); }

QString typeText(const program::ValueType& type) {
  QString text = QString::fromStdString(program::text(type));
  return text.remove('(').remove(')').replace(", ", QStringLiteral("×")).remove(',');
}

void addPorts(std::vector<Fact>& facts, const bridge::ProjectModel& model, const char* kind, const QString& label) {
  for (const graph::Node& n : model.document().nodes) {
    if (n.kind != kind) continue;
    const graph::Wire* wire = model.document().wireInto({n.id, "x"});
    const bool gives = n.kind == "input" || n.kind == graph::kBlockInput;
    const program::ValueType* type = model.typeAt(gives ? PortRef{n.id, "y"} : wire ? wire->from : PortRef{});
    facts.push_back({label.arg(QString::fromStdString(n.name)), type ? typeText(*type) : tr("unknown")});
  }
}

std::optional<program::TrainingMemory> trainingMemory(const bridge::ProjectModel& model, int64_t batch) {
  return project::trainingMemory(model.project(), model.prepared(), batch);
}

}  // namespace

std::vector<Fact> networkFacts(const bridge::ProjectModel& model, int64_t batch) {
  if (model.document().nodes.empty()) return {};
  int64_t parameters = 0;
  program::Dim macs = 0;
  for (const graph::Node& n : model.root().nodes) {  // an instance's report is that of all inside it
    const auto report = model.prepared().lowered.nodes.find(n.id);
    if (report == model.prepared().lowered.nodes.end() || !report->second.model) continue;  // only losses need it
    parameters += report->second.parameters;
    macs = macs + report->second.macs;
  }
  std::vector<Fact> facts{{tr("Layers"), count(static_cast<int64_t>(model.document().nodes.size()))},
                          {tr("Parameters"), parameterText(parameters)},
                          {tr("Multiply-adds"), macText(macs, batch)}};
  const program::Program& program = model.prepared().lowered.program;
  program::Dim activations = 0;
  for (const auto& [node, size] : program::activationBytes(program)) activations = activations + size;
  if (const auto size = activations.evaluate({{"N", batch}}); size && *size > 0)
    facts.push_back({tr("Activations"), bytes(*size)});
  if (const auto memory = trainingMemory(model, batch))
    facts.push_back(
        {tr("Training step"), bytes(memory->peak),
         tr("Most memory at any time of a step with a batch of this size: weights %1, gradients %2, the "
            "optimiser's numbers %3, kept for the way back %4. Scratch space of the kernels is not counted.")
             .arg(bytes(memory->weights), bytes(memory->gradients), bytes(memory->states),
                  bytes(memory->activations))});
  addPorts(facts, model, "input", tr("Input %1"));
  addPorts(facts, model, "output", tr("Output %1"));
  return facts;
}

std::vector<Fact> nodeFacts(const bridge::ProjectModel& model, NodeId node, int64_t batch) {
  const auto& reports = model.prepared().lowered.nodes;
  const auto report = reports.find(model.view().flat(node));
  if (report == reports.end()) return {{tr("Output"), tr("unknown")}};
  std::vector<Fact> facts;
  for (const auto& [port, type] : report->second.outputs)
    facts.push_back(
        {report->second.outputs.size() > 1 ? tr("Output %1").arg(QString::fromStdString(port)) : tr("Output"),
         typeText(type)});
  if (facts.empty())
    if (const graph::Wire* wire = model.document().wireInto({node, "x"}))
      if (const program::ValueType* type = model.typeAt(wire->from)) facts.push_back({tr("Receives"), typeText(*type)});
  if (report->second.parameters > 0) facts.push_back({tr("Parameters"), parameterText(report->second.parameters)});
  const QString samples = batch == 1 ? tr("1 sample") : tr("%1 samples").arg(count(batch));
  if (!(report->second.macs == program::Dim(0)))
    facts.push_back({tr("Multiply-adds, %1").arg(samples), macText(report->second.macs, batch)});
  const auto activations = program::activationBytes(model.prepared().lowered.program);
  const auto memory = trainingMemory(model, batch);
  program::Dim written = 0;
  int64_t kept = 0;
  for (const NodeId id : model.prepared().lowered.inside(model.view().flat(node))) {
    if (const auto it = activations.find(id); it != activations.end()) written = written + it->second;
    if (memory && memory->kept.contains(id)) kept += memory->kept.at(id);
  }
  if (const auto size = written.evaluate({{"N", batch}}); size && *size > 0)
    facts.push_back({tr("Activations, %1").arg(samples), bytes(*size)});
  if (kept > 0)
    facts.push_back({tr("Kept in training"), bytes(kept),
                     tr("What this layer keeps of a batch until its gradients are computed.")});
  return facts;
}

QString nextSteps(const bridge::ProjectModel& model) {
  const auto& problems = model.prepared().diagnostics;
  const auto errors = std::count_if(problems.begin(), problems.end(),
                                    [](const Diagnostic& d) { return d.severity == Severity::Error; });
  if (model.document().nodes.empty())
    return tr("Start with an Input layer: drag it from the left, or press Space on the canvas and type its name.");
  if (errors == 1)
    return tr("One problem must be solved before training. It is listed below the canvas with what repairs it.");
  if (errors > 1)
    return tr("%1 problems must be solved before training. Each is listed below the canvas with what repairs it.")
        .arg(errors);
  return tr("The network is ready to train. Choose a layer to change it, or press Space on the canvas to add one.");
}

}  // namespace netwright::forms
