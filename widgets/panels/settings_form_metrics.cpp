// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form_metrics.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/layers/node_spec.h"
#include "core/run/metric.h"
#include "core/run/metric_choice.h"
#include "widgets/bridge/project_model.h"
#include "widgets/panels/settings_form.h"
#include "widgets/panels/settings_form_parts.h"
#include "widgets/theme/metrics.h"

namespace netwright::panels {
namespace {

// "Accuracy of head", "Mean absolute error of angle.y, against rotation".
QString titleOf(const std::string& text) {
  const run::MetricChoice choice = run::metricChoice(text);
  const run::MetricSpec* spec = choice.spec();
  QString title = QString::fromStdString(spec ? spec->title : choice.id);
  if (!choice.wire.empty()) title = MetricsForm::tr("%1 of %2").arg(title, QString::fromStdString(choice.wire));
  if (!choice.column.empty())
    title = MetricsForm::tr("%1, against %2").arg(title, QString::fromStdString(choice.column));
  return title;
}

bool isPlain(const std::string& metric) { return metric.find('/') == std::string::npos; }

}  // namespace

MetricsForm::MetricsForm(bridge::ProjectModel* model, QWidget* parent)
    : QWidget(parent), model_(model), column_(formSection(this, tr("Metrics"))) {
  column_->setSpacing(theme::kSpaceXs);
  for (const run::MetricSpec& metric : run::metrics()) addBox(metric.id);  // side by side they would widen the form
  addChooser();
}

void MetricsForm::addBox(const std::string& metric) {
  auto* box = new QCheckBox(titleOf(metric));
  box->setObjectName("metric-" + QString::fromStdString(metric));
  if (const run::MetricSpec* spec = run::metricChoice(metric).spec())
    box->setToolTip(QString::fromStdString(spec->doc));
  column_->insertWidget(isPlain(metric) ? column_->count() : column_->count() - 1, box);
  boxes_[QString::fromStdString(metric)] = box;
  connect(box, &QCheckBox::clicked, this, [this, metric](bool on) { change(metric, on); });
}

// A metric, a wire, a column, and a button that adds them.
void MetricsForm::addChooser() {
  metric_ = formComboBox("wire-metric");
  for (const run::MetricSpec& metric : run::metrics())
    metric_->addItem(QString::fromStdString(metric.title), QString::fromStdString(metric.id));
  metric_->setAccessibleName(tr("Metric of a wire"));
  wire_ = formComboBox("wire-metric-wire");
  wire_->setAccessibleName(tr("Wire that the metric measures"));
  wire_->setToolTip(tr("An output of the network, or what a layer puts out"));
  of_ = formComboBox("wire-metric-column");
  of_->setEditable(true);
  of_->setAccessibleName(tr("Column of the data that the metric compares with"));
  of_->setToolTip(tr("A column of the data; empty: what the loss on that wire compares with, or the only target"));
  auto* add = new QPushButton(tr("Measure it"));
  add->setObjectName("add-wire-metric");
  add->setToolTip(tr("Adds the metric; it has a curve of its own"));
  connect(add, &QPushButton::clicked, this, &MetricsForm::add);
  auto* rows = new QWidget;
  auto* inside = new QVBoxLayout(rows);
  inside->setContentsMargins(0, theme::kSpaceXs, 0, 0);
  inside->setSpacing(theme::kSpaceXs);
  inside->addWidget(formRow(tr("Measure"), metric_));
  inside->addWidget(formRow(tr("of"), wire_));
  inside->addWidget(formRow(tr("against"), of_));
  inside->addWidget(add, 0, Qt::AlignLeft);
  auto* fold = new FormFold("wire-metrics", tr("Metrics of other wires"), this);
  fold->add(rows);
  column_->addWidget(fold);
}

void MetricsForm::change(const std::string& metric, bool on) {
  changeRun(*model_, tr("Change the metrics"), [&](run::RunConfig& c) {
    std::erase(c.metrics, metric);
    if (on) c.metrics.push_back(metric);
  });
}

void MetricsForm::add() {
  if (wire_->currentIndex() < 0) return;
  QString text = metric_->currentData().toString() + '/' + wire_->currentText();
  if (const QString of = of_->currentText().trimmed(); !of.isEmpty()) text += '/' + of;
  change(text.toStdString(), true);
}

void MetricsForm::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  fillWires();
}

// Outputs first, then every port of the other layers.
void MetricsForm::fillWires() {
  QStringList outputs, wires, columns;
  const graph::Document& document = model_->root();
  for (const graph::Node& node : document.nodes) {
    const QString name = QString::fromStdString(node.name);
    if (node.kind == "output") outputs << name;
    const auto layer = layers::specOf(document, node);
    if (!layer || node.kind == "input" || node.kind == "output" || node.kind == "target") continue;
    const auto ports = layers::outputsOf(*layer, node.params);
    if (ports.size() == 1) wires << name;
    if (ports.size() > 1)
      for (const layers::PortSpec& port : ports) wires << name + '.' + QString::fromStdString(port.name);
  }
  const auto refill = [](QComboBox& box, const QStringList& items) {
    const QString chosen = box.currentText();
    box.clear();
    box.addItems(items);
    box.setCurrentIndex(std::max(0, box.findText(chosen)));
  };
  refill(*wire_, outputs + wires);
  const QString typed = of_->currentText();
  of_->clear();
  for (const layers::LossOrigin& loss : model_->prepared().lowered.losses)
    if (const QString column = QString::fromStdString(loss.input); !column.isEmpty() && of_->findText(column) < 0)
      of_->addItem(column);
  of_->setCurrentText(typed);
}

void MetricsForm::fill() {
  const std::vector<std::string>& chosen = model_->project().run.metrics;
  const auto isChosen = [&](const QString& metric) {
    return std::find(chosen.begin(), chosen.end(), metric.toStdString()) != chosen.end();
  };
  for (const QString& known : boxes_.keys())
    if (!isPlain(known.toStdString()) && !isChosen(known)) boxes_.take(known)->deleteLater();
  for (const std::string& metric : chosen)
    if (!isPlain(metric) && !boxes_.contains(QString::fromStdString(metric))) addBox(metric);
  for (auto it = boxes_.begin(); it != boxes_.end(); ++it) it.value()->setChecked(isChosen(it.key()));
  if (isVisible()) fillWires();
}

}  // namespace netwright::panels
