// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/network_summary.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/base/text.h"
#include "widgets/bridge/project_model.h"

namespace netwright::forms {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("NetworkSummary", text); }
QString count(int64_t value) { return QString::fromStdString(grouped(value)); }

// Multiply-accumulates of one sample: those of the whole batch at N = 1.
QString macText(const program::Dim& macs) {
  const auto value = macs.evaluate({{"N", 1}});
  if (!value) return QString::fromStdString(macs.text());
  return *value < 10'000 ? count(*value) : QString::fromStdString(shortCount(static_cast<double>(*value)));
}

QString typeText(const program::ValueType& type) {
  QString text = QString::fromStdString(program::text(type));
  return text.remove('(').remove(')').replace(", ", QStringLiteral("×")).remove(',');
}

void addPorts(std::vector<Fact>& facts, const bridge::ProjectModel& model, const char* kind, const QString& label) {
  const auto& lowered = model.prepared().lowered;
  for (const graph::Node& n : model.document().nodes) {
    if (n.kind != kind) continue;
    const graph::Wire* wire = model.document().wireInto({n.id, "x"});
    const program::ValueType* type = lowered.typeAt(n.kind == "input" ? PortRef{n.id, "y"}
                                                    : wire            ? wire->from
                                                                      : PortRef{});
    facts.push_back({label.arg(QString::fromStdString(n.name)), type ? typeText(*type) : tr("unknown")});
  }
}

}  // namespace

std::vector<Fact> networkFacts(const bridge::ProjectModel& model) {
  if (model.document().nodes.empty()) return {};
  int64_t parameters = 0;
  program::Dim macs = 0;
  for (const auto& [id, report] : model.prepared().lowered.nodes) {
    parameters += report.parameters;
    macs = macs + report.macs;
  }
  std::vector<Fact> facts{{tr("Layers"), count(static_cast<int64_t>(model.document().nodes.size()))},
                          {tr("Parameters"), count(parameters)},
                          {tr("Multiply-adds per sample"), macText(macs)}};
  addPorts(facts, model, "input", tr("Input %1"));
  addPorts(facts, model, "output", tr("Output %1"));
  return facts;
}

std::vector<Fact> nodeFacts(const bridge::ProjectModel& model, NodeId node) {
  const auto& reports = model.prepared().lowered.nodes;
  const auto report = reports.find(node);
  if (report == reports.end()) return {{tr("Output"), tr("unknown")}};
  std::vector<Fact> facts;
  for (const auto& [port, type] : report->second.outputs)
    facts.push_back(
        {report->second.outputs.size() > 1 ? tr("Output %1").arg(QString::fromStdString(port)) : tr("Output"),
         typeText(type)});
  if (facts.empty())
    if (const graph::Wire* wire = model.document().wireInto({node, "x"}))
      if (const program::ValueType* type = model.prepared().lowered.typeAt(wire->from))
        facts.push_back({tr("Receives"), typeText(*type)});
  if (report->second.parameters > 0) facts.push_back({tr("Parameters"), count(report->second.parameters)});
  if (!(report->second.macs == program::Dim(0)))
    facts.push_back({tr("Multiply-adds per sample"), macText(report->second.macs)});
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
