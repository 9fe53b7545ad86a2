// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/error.h"
#include "core/data/registry.h"
#include "core/layers/registry.h"
#include "core/run/metric.h"
#include "widgets/bridge/transform_text.h"
#include "widgets/forms/spec_editor.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kLabel = 104, kUnit = 20;  // as in SpecEditor

// "batch_size" -> "Batch size"
QString readable(const std::string& name) {
  if (name == "lr") return SettingsForm::tr("Learning rate");
  QString text = QString::fromStdString(name).replace('_', ' ');
  text[0] = text[0].toUpper();
  return text;
}

bool isMain(const std::string& name) { return name == "epochs" || name == "batch_size"; }

// The device is a text in files; here the usual ones are offered.
ParamSpec formSpec(const ParamSpec& spec) {
  if (spec.name != "device") return spec;
  ParamSpec choice = choiceParam(spec.name, {"auto", "cpu", "cuda"});
  choice.doc = spec.doc;
  return choice;
}

QVBoxLayout* section(QWidget* widget, const QString& title) {
  auto* column = new QVBoxLayout(widget);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceSmall);
  column->addWidget(label(title, "strong"));
  return column;
}

// As wide as the reset button of the other rows, so that all fields end on one line.
QToolButton* lastInRow(QToolButton* button) {
  button->setIconSize({14, 14});
  QSizePolicy policy = button->sizePolicy();
  policy.setRetainSizeWhenHidden(true);
  button->setSizePolicy(policy);
  return button;
}

void addField(QVBoxLayout& to, const QString& title, QWidget* field, QToolButton* after = nullptr) {
  auto* row = new QHBoxLayout;
  row->setSpacing(theme::kSpaceXs);
  QLabel* name = label(title);
  name->setFixedWidth(kLabel);
  name->setBuddy(field);
  field->setAccessibleName(title);
  row->addWidget(name);
  row->addSpacing(theme::kSpaceXs);
  row->addWidget(field, 1);
  to.addLayout(row);
  if (qobject_cast<QComboBox*>(field)) return;  // its words need the room; it has no unit and no default to go back to
  row->addSpacing(kUnit);
  QToolButton* last = lastInRow(after ? after : toolButton("undo", {}));
  row->addWidget(last);
  if (!after) last->hide();
}

QComboBox* comboBox(const char* name) {
  auto* box = new QComboBox;
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);  // a long entry must not widen the form
  box->setMinimumContentsLength(8);
  box->setObjectName(name);
  box->setFocusPolicy(Qt::StrongFocus);
  return box;
}

}  // namespace

SettingsForm::SettingsForm(bridge::ProjectModel* model, QWidget* parent) : QWidget(parent), model_(model) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge);
  column->setSpacing(theme::kSpaceLarge);
  for (QWidget* part : {makeTraining(), makeOptimiser(), makeObjective(), makeData(), makeMore()})
    column->addWidget(part);
  column->addStretch();
  connect(model_, &bridge::ProjectModel::projectChanged, this, &SettingsForm::fill);
  connect(model_, &bridge::ProjectModel::settingsChanged, this, &SettingsForm::fill);
  fill();
}

forms::SpecEditor* SettingsForm::addRow(QVBoxLayout& to, const ParamSpec& spec, const QString& title) {
  auto* row = new forms::SpecEditor(spec);
  row->setLabel(title);
  row->setLabelWidth(kLabel);
  row->setObjectName("setting-" + QString::fromStdString(spec.name));
  to.addWidget(row);
  return row;
}

void SettingsForm::addRunRow(QVBoxLayout& to, const ParamSpec& spec) {
  const QString title = readable(spec.name);
  forms::SpecEditor* row = addRow(to, formSpec(spec), title);
  runRows_[QString::fromStdString(spec.name)] = row;
  connect(row, &forms::SpecEditor::edited, this, [this, name = spec.name, title](const Attribute& value) {
    changeRun(tr("Change %1").arg(title.toLower()), [&](run::RunConfig& c) { run::setRunParam(c, name, value); });
  });
}

QWidget* SettingsForm::makeTraining() {
  auto* part = new QWidget;
  QVBoxLayout* column = section(part, tr("Training"));
  for (const ParamSpec& spec : run::runParams())
    if (isMain(spec.name)) addRunRow(*column, spec);
  return part;
}

QWidget* SettingsForm::makeMore() {
  auto* part = new QWidget;
  auto* column = new QVBoxLayout(part);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceSmall);
  auto* toggle = new QToolButton;
  toggle->setText(tr("More settings"));
  toggle->setCheckable(true);
  toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  toggle->setIcon(theme::icon("chevron-right", theme::IconRole::Muted));
  toggle->setAutoRaise(true);
  toggle->setStyleSheet("QToolButton { padding-left: 0; }");
  column->addWidget(toggle);
  auto* rows = new QWidget;
  auto* inner = new QVBoxLayout(rows);
  inner->setContentsMargins(0, 0, 0, 0);
  inner->setSpacing(theme::kSpaceSmall);
  for (const ParamSpec& spec : run::runParams())
    if (!isMain(spec.name)) addRunRow(*inner, spec);
  rows->hide();
  column->addWidget(rows);
  connect(toggle, &QToolButton::toggled, this, [toggle, rows](bool on) {
    rows->setVisible(on);
    toggle->setIcon(theme::icon(on ? "chevron-down" : "chevron-right", theme::IconRole::Muted));
  });
  return part;
}

QWidget* SettingsForm::makeOptimiser() {
  auto* part = new QWidget;
  QVBoxLayout* column = section(part, tr("Optimiser"));
  optimiser_ = comboBox("optimiser");
  for (const run::OptimiserSpec& o : run::optimisers())
    optimiser_->addItem(QString::fromStdString(o.title), QString::fromStdString(o.id));
  addField(*column, tr("Method"), optimiser_);
  optimiserDoc_ = wrapped({}, "muted small");
  column->addWidget(optimiserDoc_);
  optimiserParams_ = new QVBoxLayout;
  optimiserParams_->setSpacing(theme::kSpaceSmall);
  column->addLayout(optimiserParams_);
  connect(optimiser_, &QComboBox::activated, this, [this] {
    changeRun(tr("Change the optimiser"), [&](run::RunConfig& c) {
      const std::string kind = optimiser_->currentData().toString().toStdString();
      if (c.objectives.front().optimiser.kind != kind) c.objectives.front().optimiser = {kind, {}};
    });
  });
  return part;
}

QWidget* SettingsForm::makeObjective() {
  auto* part = new QWidget;
  QVBoxLayout* column = section(part, tr("What it learns"));
  loss_ = comboBox("loss");
  for (const layers::LayerSpec& layer : layers::registry())
    if (layer.category == layers::Category::Loss) {
      loss_->addItem(QString::fromStdString(layer.title), QString::fromStdString(layer.id));
      loss_->setItemData(loss_->count() - 1, QString::fromStdString(layer.doc), Qt::ToolTipRole);
    }
  addField(*column, tr("Loss"), loss_);
  connect(loss_, &QComboBox::activated, this, [this] {
    changeRun(tr("Change the loss"), [&](run::RunConfig& c) {
      const std::string kind = loss_->currentData().toString().toStdString();
      run::LossTerm& term = c.objectives.front().terms.front();
      if (term.loss != kind)
        term = {.loss = kind, .weight = term.weight, .output = term.output, .target = term.target};
    });
  });
  auto* boxes = new QWidget;
  auto* rows = new QVBoxLayout(boxes);  // below each other: side by side they would widen the form
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(theme::kSpaceXs);
  for (const run::MetricSpec& metric : run::metrics()) {
    auto* box = new QCheckBox(QString::fromStdString(metric.title));
    box->setToolTip(QString::fromStdString(metric.doc));
    rows->addWidget(box);
    metrics_[QString::fromStdString(metric.id)] = box;
    connect(box, &QCheckBox::clicked, this, [this, id = metric.id](bool on) {
      changeRun(tr("Change the metrics"), [&](run::RunConfig& c) {
        std::erase(c.metrics, id);
        if (on) c.metrics.push_back(id);
      });
    });
  }
  column->addWidget(label(tr("Metrics")));
  column->addWidget(boxes);
  return part;
}

QWidget* SettingsForm::makeData() {
  auto* part = new QWidget;
  QVBoxLayout* column = section(part, tr("Data"));
  source_ = comboBox("source");
  for (const data::SourceSpec& s : data::sources()) {
    source_->addItem(QString::fromStdString(s.title), QString::fromStdString(s.kind));
    source_->setItemData(source_->count() - 1, QString::fromStdString(s.doc), Qt::ToolTipRole);
  }
  addField(*column, tr("Source"), source_);
  connect(source_, &QComboBox::activated, this, [this] {
    changeData(tr("Change the data source"),
               [&](data::DataConfig& c) { c.source = source_->currentData().toString().toStdString(); });
  });
  path_ = new QLineEdit;
  path_->setObjectName("data-path");
  QToolButton* choose = toolButton("folder", tr("Choose a folder"));
  addField(*column, tr("Location"), path_, choose);
  connect(path_, &QLineEdit::editingFinished, this, [this] {
    changeData(tr("Change the data's location"),
               [&](data::DataConfig& c) { c.path = path_->text().trimmed().toStdString(); });
  });
  connect(choose, &QToolButton::clicked, this, &SettingsForm::browse);
  dataProblem_ = wrapped({}, "small error");
  column->addWidget(dataProblem_);
  transforms_ = new QLineEdit;
  transforms_->setObjectName("transforms");
  transforms_->setPlaceholderText(tr("none"));
  addField(*column, tr("Transforms"), transforms_);
  transformProblem_ = wrapped({}, "small error");
  transformProblem_->hide();
  column->addWidget(transformProblem_);
  connect(transforms_, &QLineEdit::editingFinished, this, &SettingsForm::finishTransforms);
  validation_ = addRow(*column,
                       floatParam("validation", 0.1)
                           .min(0)
                           .max(0.9)
                           .withDoc("Share of the training samples that is kept apart to measure with."),
                       tr("Validation"));
  connect(validation_, &forms::SpecEditor::edited, this, [this](const Attribute& value) {
    const double share = std::holds_alternative<int64_t>(value) ? static_cast<double>(std::get<int64_t>(value))
                                                                : std::get<double>(value);
    changeData(tr("Change the validation share"), [&](data::DataConfig& c) { c.validation = share; });
  });
  return part;
}

void SettingsForm::browse() {
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder with the data"),
                                                           QString::fromStdString(model_->folder().string()));
  if (!folder.isEmpty())
    changeData(tr("Change the data's location"), [&](data::DataConfig& c) { c.path = folder.toStdString(); });
}

void SettingsForm::finishTransforms() {
  try {
    const auto steps = bridge::transformsFromText(transforms_->text());
    transformProblem_->hide();
    changeData(tr("Change the transforms"), [&](data::DataConfig& c) { c.transforms = steps; });
  } catch (const Error& e) {
    transformProblem_->setText(QString::fromStdString(e.next.empty() ? e.title : e.title + ' ' + e.next));
    transformProblem_->show();
  }
}

void SettingsForm::changeRun(const QString& name, const std::function<void(run::RunConfig&)>& change) {
  if (!model_->isOpen()) return;
  run::RunConfig config = model_->project().run;
  if (config.objectives.empty()) config.objectives.emplace_back();
  if (config.objectives.front().terms.empty()) config.objectives.front().terms.emplace_back();
  change(config);
  model_->setRunConfig(config, name);
}

void SettingsForm::changeData(const QString& name, const std::function<void(data::DataConfig&)>& change) {
  if (!model_->isOpen()) return;
  data::DataConfig config = model_->project().data;
  change(config);
  model_->setDataConfig(config, name);
}

void SettingsForm::fill() {
  const run::RunConfig& config = model_->project().run;
  for (const ParamSpec& spec : run::runParams())
    runRows_[QString::fromStdString(spec.name)]->setValue(run::runParam(config, spec.name));
  for (auto it = metrics_.begin(); it != metrics_.end(); ++it)
    it.value()->setChecked(std::count(config.metrics.begin(), config.metrics.end(), it.key().toStdString()) > 0);
  if (!config.objectives.empty() && !config.objectives.front().terms.empty())
    loss_->setCurrentIndex(loss_->findData(QString::fromStdString(config.objectives.front().terms.front().loss)));
  fillOptimiser();
  fillData();
}

void SettingsForm::fillOptimiser() {
  const run::RunConfig& config = model_->project().run;
  if (config.objectives.empty()) return;
  const run::Optimiser& optimiser = config.objectives.front().optimiser;
  const run::OptimiserSpec* spec = run::findOptimiser(optimiser.kind);
  optimiser_->setCurrentIndex(optimiser_->findData(QString::fromStdString(optimiser.kind)));
  if (!spec) return;
  if (shownOptimiser_ != QString::fromStdString(spec->id)) {
    shownOptimiser_ = QString::fromStdString(spec->id);
    optimiserDoc_->setText(QString::fromStdString(spec->doc));
    for (forms::SpecEditor* row : std::exchange(optimiserRows_, {})) {
      optimiserParams_->removeWidget(row);
      row->deleteLater();
    }
    for (const ParamSpec& p : spec->params) {
      const QString title = readable(p.name);
      forms::SpecEditor* row = addRow(*optimiserParams_, p, title);
      optimiserRows_[QString::fromStdString(p.name)] = row;
      connect(row, &forms::SpecEditor::edited, this, [this, name = p.name, title](const Attribute& value) {
        changeRun(tr("Change %1").arg(title.toLower()),
                  [&](run::RunConfig& c) { c.objectives.front().optimiser.params[name] = value; });
      });
    }
  }
  for (const auto& [name, value] : run::completeParams(optimiser))
    if (forms::SpecEditor* row = optimiserRows_.value(QString::fromStdString(name))) row->setValue(value);
}

void SettingsForm::fillData() {
  const data::DataConfig& config = model_->project().data;
  source_->setCurrentIndex(source_->findData(QString::fromStdString(config.source)));
  if (!path_->hasFocus() || !path_->isModified()) path_->setText(QString::fromStdString(config.path));
  const QString steps = bridge::transformText(config.transforms);
  if (transformProblem_->isHidden()) {
    transforms_->setText(steps);
    transforms_->setCursorPosition(0);
  }
  transforms_->setToolTip(steps);
  validation_->setValue(config.validation);
  dataProblem_->setText(model_->dataError());
  dataProblem_->setVisible(!model_->dataError().isEmpty());
}

}  // namespace netwright::panels
