// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/readiness.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "core/base/text.h"
#include "core/project/prepare.h"
#include "widgets/panels/parts.h"

namespace netwright::panels {
namespace {

QString tr(const char* text, int n = -1) { return QCoreApplication::translate("panels::Readiness", text, nullptr, n); }
QString number(int64_t n) { return QString::fromStdString(grouped(n)); }

Readiness problem(const Diagnostics& diagnostics, const QString& dataError) {
  Readiness r;
  r.title = tr("Not ready to train yet");
  const auto first = std::find_if(diagnostics.begin(), diagnostics.end(),
                                  [](const Diagnostic& d) { return d.severity == Severity::Error; });
  if (!dataError.isEmpty()) {
    r.text = dataError;
    return r;
  }
  const auto errors = std::count_if(diagnostics.begin(), diagnostics.end(),
                                    [](const Diagnostic& d) { return d.severity == Severity::Error; });
  r.inGraph = !first->node.empty() || first->param.empty();
  r.text = QString::fromStdString(first->text());
  if (errors > 1) r.text += ' ' + tr("(and %1 more)").arg(errors - 1);
  return r;
}

}  // namespace

void markReadiness(IconLabel& icon, const Readiness& r) {
  if (r.reading) return icon.setIcon("refresh", theme::IconRole::Muted);
  icon.setIcon(r.ready ? "check" : "warning", r.ready ? theme::IconRole::Success : theme::IconRole::Warning);
}

Readiness readiness(const bridge::ProjectModel& model, const std::optional<bridge::SampleCounts>& counts) {
  const project::Prepared& prepared = model.prepared();
  if (model.isReadingData() && prepared.ok()) return {.ready = true, .reading = true, .title = tr("Reading the data…")};
  if (!model.dataError().isEmpty() || !prepared.ok()) return problem(prepared.diagnostics, model.dataError());
  if (counts) {
    const Diagnostics found = project::checkBatches(prepared, model.project().run, counts->train);
    if (hasErrors(found)) return problem(found, {});
  }
  Readiness r;
  r.ready = true;
  r.title = tr("Ready to train");
  QStringList facts{tr("%1 parameters").arg(number(prepared.lowered.program.parameterCount()))};
  if (counts) {
    facts << tr("%1 training samples").arg(number(counts->train));
    if (counts->validation > 0) facts << tr("%1 for validation").arg(number(counts->validation));
  }
  r.text = facts.join(QStringLiteral(" · "));
  return r;
}

}  // namespace netwright::panels
