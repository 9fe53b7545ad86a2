// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form.h"

#include <QComboBox>
#include <QFileInfo>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/forms/spec_editor.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/settings_form_data.h"
#include "widgets/panels/settings_form_metrics.h"
#include "widgets/panels/settings_form_objective.h"
#include "widgets/panels/settings_form_parts.h"
#include "widgets/theme/metrics.h"

namespace netwright::panels {
namespace {

constexpr int kLabel = 104;  // as in SpecEditor

// The device is a text in files; here the usual ones are offered.
ParamSpec formSpec(const ParamSpec& spec) {
  if (spec.name != "device") return spec;
  ParamSpec choice = choiceParam(spec.name, {"auto", "cpu", "cuda"});
  choice.doc = spec.doc;
  return choice;
}

const ParamSpec& runSpec(const std::string& name) {
  const auto& all = run::runParams();
  return *std::find_if(all.begin(), all.end(), [&](const ParamSpec& s) { return s.name == name; });
}

}  // namespace

void changeRun(bridge::ProjectModel& model, const QString& name, const std::function<void(run::RunConfig&)>& change) {
  if (!model.isOpen()) return;
  run::RunConfig config = model.project().run;
  if (config.objectives.empty()) config.objectives.emplace_back();
  for (run::Objective& o : config.objectives)
    if (o.terms.empty() && !model.prepared().lowered.ownLosses) o.terms.emplace_back();
  change(config);
  model.setRunConfig(config, name);
}

void changeData(bridge::ProjectModel& model, const QString& name,
                const std::function<void(data::DataConfig&)>& change) {
  if (!model.isOpen()) return;
  data::DataConfig config = model.project().data;
  change(config);
  model.setDataConfig(config, name);
}

SettingsForm::SettingsForm(bridge::ProjectModel* model, bridge::DataFacts* facts, QWidget* parent)
    : QWidget(parent), model_(model) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge);
  column->setSpacing(theme::kSpaceLarge);
  column->addWidget(makeTraining());
  column->addWidget(new ObjectiveSettings(model, this));
  column->addWidget(metrics_ = new MetricsForm(model_, this));
  column->addWidget(new DataSettings(model, facts, this));
  // Every run setting that stands nowhere else comes under "More settings", those of later versions too.
  const std::vector<std::string> stop{"patience", "checkpoint_seconds", "keep_best", "keep_last"};
  std::vector<std::string> more;
  for (const ParamSpec& spec : run::runParams())
    if (spec.name != "start" && !runRows_.contains(QString::fromStdString(spec.name)) &&
        !std::count(stop.begin(), stop.end(), spec.name))
      more.push_back(spec.name);
  column->addWidget(makeFold("stopping", tr("Early stopping and checkpoints"), stop));
  column->addWidget(makeFold("more", tr("More settings"), more));
  auto* back = button(tr("Back to the defaults"), "undo");
  back->setObjectName("reset-settings");
  back->setToolTip(tr("Run settings, optimiser and schedule as a new project has them; undo takes it back"));
  connect(back, &QPushButton::clicked, this, &SettingsForm::reset);
  column->addWidget(back, 0, Qt::AlignLeft);
  column->addStretch();
  connect(model_, &bridge::ProjectModel::projectChanged, this, &SettingsForm::fill);
  connect(model_, &bridge::ProjectModel::settingsChanged, this, &SettingsForm::fill);
  fill();
}

void SettingsForm::addRunRow(QVBoxLayout& to, const std::string& name) {
  const QString title = readableName(name);
  auto* row = new forms::SpecEditor(formSpec(runSpec(name)));
  row->setLabel(title);
  row->setLabelWidth(kLabel);
  row->setObjectName("setting-" + QString::fromStdString(name));
  to.addWidget(row);
  runRows_[QString::fromStdString(name)] = row;
  connect(row, &forms::SpecEditor::edited, this, [this, name, title](const Attribute& value) {
    changeRun(*model_, tr("Change %1").arg(title.toLower()),
              [&](run::RunConfig& c) { run::setRunParam(c, name, value); });
  });
}

QWidget* SettingsForm::makeTraining() {
  auto* part = new QWidget(this);  // from the outside in: what gets its parent when it is full is styled twice
  QVBoxLayout* column = formSection(part, tr("Training"));
  for (const char* name : {"epochs", "batch_size", "device", "seed"}) addRunRow(*column, name);
  makeStart(*column);
  return part;
}

// A file is opened by the window, whose table says what of it fits.
void SettingsForm::makeStart(QVBoxLayout& column) {
  start_ = formComboBox("setting-start");
  start_->setToolTip(QString::fromStdString(runSpec("start").doc));
  fresh_ = toolButton("undo", tr("Back to fresh weights"));
  fresh_->setObjectName("clear-start");
  startDoc_ = wrapped({}, "muted small");
  startDoc_->setObjectName("start-doc");
  column.addWidget(formRow(tr("Starts from"), start_, fresh_));
  column.addWidget(startDoc_);
  const auto startFresh = [this] {
    changeRun(*model_, tr("Start from fresh weights"),
              [](run::RunConfig& c) { run::setRunParam(c, "start", run::RunConfig{}.start); });
  };
  connect(fresh_, &QToolButton::clicked, this, startFresh);
  connect(start_, &QComboBox::activated, this, [this, startFresh](int index) {
    const QString chosen = start_->itemData(index).toString();
    fillStart(model_->project().run.start);  // until the file is chosen
    if (chosen.isEmpty()) Q_EMIT weightsRequested();
    if (chosen == "init") startFresh();
  });
}

QWidget* SettingsForm::makeFold(const QString& name, const QString& title, const std::vector<std::string>& settings) {
  auto* fold = new FormFold(name, title, this);
  auto* rows = new QWidget;
  fold->add(rows);
  QVBoxLayout* column = formSection(rows, {});
  for (const std::string& setting : settings) addRunRow(*column, setting);
  folds_.append(fold);
  foldSettings_.append(settings);
  return fold;
}

void SettingsForm::reset() {
  changeRun(*model_, tr("Go back to the default settings"), [](run::RunConfig& c) {
    const run::RunConfig fresh;
    for (const ParamSpec& spec : run::runParams()) run::setRunParam(c, spec.name, run::runParam(fresh, spec.name));
    for (run::Objective& o : c.objectives) {
      const run::Objective plain;
      o.optimiser = plain.optimiser;
      o.schedule = plain.schedule;
      o.groups = plain.groups;
      for (const ParamSpec& spec : run::objectiveParams()) run::setObjectiveParam(o, spec.name, spec.fallback);
    }
  });
}

void SettingsForm::fillStart(const std::string& start) {
  const QString now = QString::fromStdString(start), path = now.section(':', 1);
  const bool isFile = now.startsWith("file:"), isFresh = now == "init";
  start_->clear();
  start_->addItem(tr("Fresh weights"), "init");
  if (!isFresh) start_->addItem(isFile ? QFileInfo(path).fileName() : path, now);
  start_->addItem(tr("A file with weights…"), QString());
  start_->setCurrentIndex(start_->findData(now));
  fresh_->setVisible(!isFresh);
  startDoc_->setVisible(!isFresh);
  startDoc_->setText(isFile ? tr("The weights in %1; what it lacks starts fresh.").arg(path)
                            : tr("The newest checkpoint of %1, which must be of this network.").arg(path));
}

void SettingsForm::fill() {
  const run::RunConfig& config = model_->project().run;
  const run::RunConfig fresh;
  const FormulaValue worth = model_->formulaValue();
  for (auto it = runRows_.begin(); it != runRows_.end(); ++it)
    it.value()->setValue(run::runParam(config, it.key().toStdString()));
  for (forms::SpecEditor* row : std::as_const(runRows_)) row->showWorth(worth);
  fillStart(config.start);
  for (int i = 0; i < folds_.size(); ++i)
    folds_[i]->setChanged(
        static_cast<int>(std::count_if(foldSettings_[i].begin(), foldSettings_[i].end(), [&](const std::string& name) {
          return run::runParam(config, name) != run::runParam(fresh, name);
        })));
  metrics_->fill();
}

}  // namespace netwright::panels
