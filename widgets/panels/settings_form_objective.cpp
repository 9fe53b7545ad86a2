// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form_objective.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/error.h"
#include "core/layers/registry.h"
#include "core/run/schedule_spec.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/settings_form.h"
#include "widgets/panels/settings_form_groups.h"
#include "widgets/panels/settings_form_parameters.h"
#include "widgets/panels/settings_form_parts.h"
#include "widgets/panels/settings_form_rate.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

QString text(const std::string& s) { return QString::fromStdString(s); }

// An output is as large as this input: an autoencoder's.
bool isRebuilt(const data::ColumnSpec& column, const program::Program& p) {
  const program::Shape sample(column.shape.begin(), column.shape.end());
  return std::any_of(p.outputs.begin(), p.outputs.end(), [&](const program::Port& port) {
    const program::Shape& shape = p.tensorType(port.value).shape;
    return !shape.empty() && program::Shape(shape.begin() + 1, shape.end()) == sample;
  });
}

// Losses complain at the output that they look at; what is wrong is between the loss and the data.
bool ofLoss(const Diagnostic& d) {
  const auto layer = d.args.find("layer");
  if (layer == d.args.end()) return false;
  return std::any_of(layers::registry().begin(), layers::registry().end(), [&](const layers::LayerSpec& spec) {
    return spec.category == layers::Category::Loss && layer->second.starts_with(spec.title);
  });
}

constexpr const char* kFormulaMistake = "NW-F001";  // said at its field

bool isMain(const ParamSpec& s) { return s.name == "lr" || s.name == "momentum"; }
bool isUnusual(const ParamSpec& s) { return !isMain(s); }

}  // namespace

ObjectiveSettings::ObjectiveSettings(bridge::ProjectModel* model, QWidget* parent) : QWidget(parent), model_(model) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceLarge);
  for (QWidget* part : {makeLoss(), makeOptimiser(), makeSchedule(), makeGradients(), makeParameters()})
    column->addWidget(part);
  connect(model_, &bridge::ProjectModel::projectChanged, this, [this] {
    objective_ = term_ = 0;
    fill();
  });
  connect(model_, &bridge::ProjectModel::settingsChanged, this, &ObjectiveSettings::fill);
  connect(model_, &bridge::ProjectModel::documentChanged, this, &ObjectiveSettings::fill);
  fill();
}

QWidget* ObjectiveSettings::makeLoss() {
  auto* part = new QWidget(this);
  QVBoxLayout* column = formSection(part, {});
  auto* head = new QHBoxLayout;
  head->addWidget(label(tr("What it learns"), "strong"), 1);
  QToolButton* more = toolButton("more", tr("Add or remove losses and objectives"));
  more->setObjectName("objective-menu");
  more->setPopupMode(QToolButton::InstantPopup);
  menu_ = new QMenu(more);
  more->setMenu(menu_);
  connect(menu_, &QMenu::aboutToShow, this, &ObjectiveSettings::fillMenu);
  fillMenu();
  head->addWidget(more);
  column->addLayout(head);
  objectives_ = formComboBox("objectives");
  column->addWidget(objectivesRow_ = formRow(tr("Objective"), objectives_));
  connect(objectives_, &QComboBox::activated, this, [this](int index) {
    objective_ = static_cast<size_t>(index);
    term_ = 0;
    fill();
  });
  ownLosses_ = wrapped({}, "muted small");
  ownLosses_->setObjectName("own-losses");
  column->addWidget(ownLosses_);
  column->addWidget(lossFields_ = new QWidget(part));  // of a graph without losses of its own
  QVBoxLayout* all = column;
  column = formSection(lossFields_, {});
  terms_ = formComboBox("terms");
  column->addWidget(termsRow_ = formRow(tr("Part"), terms_));
  connect(terms_, &QComboBox::activated, this, [this](int index) {
    term_ = static_cast<size_t>(index);
    fill();
  });
  loss_ = formComboBox("loss");
  for (const layers::LayerSpec& layer : layers::registry())
    if (layers::comparesOutputs(layer)) {
      loss_->addItem(text(layer.title), text(layer.id));
      loss_->setItemData(loss_->count() - 1, text(layer.doc), Qt::ToolTipRole);
    }
  column->addWidget(formRow(tr("Loss"), loss_));
  connect(loss_, &QComboBox::activated, this, [this] {
    const std::string kind = loss_->currentData().toString().toStdString();
    changeTerm(tr("Change the loss"), [&](run::LossTerm& term) {
      if (term.loss != kind)
        term = {.loss = kind,
                .weight = term.weight,
                .output = term.output,
                .target = term.target,
                .formulas = term.formulas};
    });
  });
  lossDoc_ = wrapped({}, "muted small");
  column->addWidget(lossDoc_);
  output_ = formComboBox("loss-output");
  target_ = formComboBox("loss-target");
  column->addWidget(outputRow_ = formRow(tr("Output"), output_));
  column->addWidget(targetRow_ = formRow(tr("Target"), target_));
  connect(output_, &QComboBox::activated, this, [this] {
    changeTerm(tr("Change the output of a loss"),
               [&](run::LossTerm& t) { t.output = output_->currentData().toString().toStdString(); });
  });
  connect(target_, &QComboBox::activated, this, [this] {
    changeTerm(tr("Change the target of a loss"),
               [&](run::LossTerm& t) { t.target = target_->currentData().toString().toStdString(); });
  });
  lossRows_ = new SpecRows("loss-");
  moreLossRows_ = new SpecRows("loss-");
  lossFold_ = new FormFold("loss", tr("More of the loss"), part);
  lossFold_->add(moreLossRows_);
  for (SpecRows* rows : {lossRows_, moreLossRows_})
    connect(rows, &SpecRows::edited, this, [this](const QString& name, const QString& title, const Attribute& value) {
      changeTerm(tr("Change %1 of the loss").arg(title.toLower()),
                 [&](run::LossTerm& t) { t.params[name.toStdString()] = value; });
    });
  termRows_ = new SpecRows("term-");
  connect(termRows_, &SpecRows::edited, this, [this](const QString&, const QString&, const Attribute& value) {
    changeTerm(tr("Change the weight of a loss"),
               [&](run::LossTerm& t) { setSetting(t.weight, t.formulas, run::weightParam(), value); });
  });
  column->addWidget(lossRows_);
  column->addWidget(lossFold_);
  column->addWidget(termRows_);
  problem_ = wrapped({}, "small error");
  problem_->setObjectName("objective-problem");
  all->addWidget(problem_);
  return part;
}

QWidget* ObjectiveSettings::makeOptimiser() {
  auto* part = new QWidget(this);
  QVBoxLayout* column = formSection(part, tr("Optimiser"));
  optimiser_ = formComboBox("optimiser");
  for (const run::OptimiserSpec& o : run::optimisers()) optimiser_->addItem(text(o.title), text(o.id));
  column->addWidget(formRow(tr("Method"), optimiser_));
  optimiserDoc_ = wrapped({}, "muted small");
  column->addWidget(optimiserDoc_);
  connect(optimiser_, &QComboBox::activated, this, [this] {
    const std::string kind = optimiser_->currentData().toString().toStdString();
    change(tr("Change the optimiser"), [&](run::Objective& o) {
      if (o.optimiser.kind == kind) return;
      o.optimiser = {kind, {}, {}};
      const Attributes known = run::completeParams(o.optimiser);
      for (run::ParameterGroup& g : o.groups)
        std::erase_if(g.params, [&](const auto& param) { return !known.contains(param.first); });
    });
  });
  optimiserRows_ = new SpecRows("");
  moreOptimiserRows_ = new SpecRows("");
  optimiserFold_ = new FormFold("optimiser", tr("More of the optimiser"), part);
  optimiserFold_->add(moreOptimiserRows_);
  for (SpecRows* rows : {optimiserRows_, moreOptimiserRows_})
    connect(rows, &SpecRows::edited, this, [this](const QString& name, const QString& title, const Attribute& value) {
      change(tr("Change %1").arg(title.toLower()),
             [&](run::Objective& o) { o.optimiser.params[name.toStdString()] = value; });
    });
  column->addWidget(optimiserRows_);
  column->addWidget(optimiserFold_);
  groups_ = new GroupSettings([this](const QString& name, const Change& changeGroups) { change(name, changeGroups); });
  groupFold_ = new FormFold("groups", tr("Parameter groups"), part);
  groupFold_->add(groups_);
  column->addWidget(groupFold_);
  return part;
}

QWidget* ObjectiveSettings::makeSchedule() {
  auto* part = new QWidget(this);
  QVBoxLayout* column = formSection(part, tr("Learning rate over the run"));
  schedule_ = formComboBox("schedule");
  for (const run::ScheduleSpec& s : run::schedules()) {
    schedule_->addItem(text(s.title), text(s.id));
    schedule_->setItemData(schedule_->count() - 1, text(s.doc), Qt::ToolTipRole);
  }
  column->addWidget(formRow(tr("Schedule"), schedule_));
  connect(schedule_, &QComboBox::activated, this, [this] {
    const std::string kind = schedule_->currentData().toString().toStdString();
    change(tr("Change the schedule"), [&](run::Objective& o) {
      if (o.schedule.kind == kind) return;
      o.schedule = {kind, {}, {}, run::partsFromText(run::findSchedule(kind)->usualParts)};
    });
  });
  scheduleDoc_ = wrapped({}, "muted small");
  column->addWidget(scheduleDoc_);
  parts_ = new QLineEdit;
  parts_->setObjectName("schedule-parts");
  parts_->setToolTip(tr("Schedules in their order, with the settings that differ: linear(total_iters=5), cosine"));
  connect(parts_, &QLineEdit::editingFinished, this, &ObjectiveSettings::changeParts);
  column->addWidget(partsRow_ = formRow(tr("Parts"), parts_));
  column->addWidget(partsProblem_ = wrapped({}, "small error"));
  partsProblem_->setObjectName("schedule-parts-problem");
  scheduleRows_ = new SpecRows("schedule-");
  connect(scheduleRows_, &SpecRows::edited, this,
          [this](const QString& name, const QString& title, const Attribute& value) {
            change(tr("Change %1 of the schedule").arg(title.toLower()),
                   [&](run::Objective& o) { o.schedule.params[name.toStdString()] = value; });
          });
  column->addWidget(scheduleRows_);
  column->addWidget(preview_ = new RatePreview);
  return part;
}

QWidget* ObjectiveSettings::makeGradients() {
  gradientFold_ = new FormFold("gradients", tr("Gradients"), this);
  gradientRows_ = new SpecRows("");
  connect(gradientRows_, &SpecRows::edited, this,
          [this](const QString& name, const QString& title, const Attribute& value) {
            change(tr("Change %1").arg(title.toLower()),
                   [&](run::Objective& o) { run::setObjectiveParam(o, name.toStdString(), value); });
          });
  parameters_ = new QLineEdit;
  parameters_->setObjectName("objective-parameters");
  parameters_->setToolTip(tr("Which weights this objective trains, by a pattern over their names: *, head.*"));
  connect(parameters_, &QLineEdit::editingFinished, this, [this] {
    const QString pattern = parameters_->text().trimmed();
    change(tr("Change the trained parameters"),
           [&](run::Objective& o) { o.parameters = pattern.isEmpty() ? "*" : pattern.toStdString(); });
  });
  gradientFold_->add(gradientRows_);
  gradientFold_->add(formRow(tr("Trains"), parameters_));
  return gradientFold_;
}

QWidget* ObjectiveSettings::makeParameters() {
  parameterFold_ = new FormFold("parameters", tr("Parameters"), this);
  parameterSettings_ =
      new ParameterSettings([this](const QString& name, const std::function<void(run::RunConfig&, size_t)>& changeOne) {
        changeRun(*model_, name, [&](run::RunConfig& c) {
          if (objective_ < c.objectives.size()) changeOne(c, objective_);
        });
      });
  parameterFold_->add(parameterSettings_);
  return parameterFold_;
}

void ObjectiveSettings::fillMenu() {
  menu_->clear();
  const auto add = [this](const char* id, const QString& name, bool possible,
                          const std::function<void(run::RunConfig&)>& act) {
    QAction* action = menu_->addAction(name);
    action->setObjectName(id);
    action->setEnabled(possible && model_->isOpen());
    connect(action, &QAction::triggered, this, [this, name, act] { changeRun(*model_, name, act); });
  };
  const auto& objectives = model_->project().run.objectives;
  const size_t terms = objective_ < objectives.size() ? objectives[objective_].terms.size() : 0;
  const bool own = model_->prepared().lowered.ownLosses;
  add("train.add-loss", tr("Add a loss"), terms > 0 && !own, [this](run::RunConfig& c) {
    auto& all = c.objectives[objective_].terms;
    all.push_back(all.back());
    term_ = all.size() - 1;
  });
  add("train.remove-loss", tr("Remove this loss"), terms > 1 && !own, [this](run::RunConfig& c) {
    auto& all = c.objectives[objective_].terms;
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(std::min(term_, all.size() - 1)));
  });
  menu_->addSeparator();
  add("train.add-objective", tr("Add an objective"), true, [this](run::RunConfig& c) {
    c.objectives.push_back(c.objectives.back());
    objective_ = c.objectives.size() - 1;
    term_ = 0;
  });
  add("train.remove-objective", tr("Remove this objective"), objectives.size() > 1, [this](run::RunConfig& c) {
    c.objectives.erase(c.objectives.begin() + static_cast<std::ptrdiff_t>(objective_));
  });
}

void ObjectiveSettings::change(const QString& name, const Change& change) {
  changeRun(*model_, name, [&](run::RunConfig& c) {
    if (objective_ < c.objectives.size()) change(c.objectives[objective_]);
  });
}

void ObjectiveSettings::changeTerm(const QString& name, const std::function<void(run::LossTerm&)>& changeOne) {
  change(name, [&](run::Objective& o) {
    if (term_ < o.terms.size()) changeOne(o.terms[term_]);
  });
}

void ObjectiveSettings::fill() {
  const run::RunConfig& config = model_->project().run;
  if (config.objectives.empty()) return;
  objective_ = std::min(objective_, config.objectives.size() - 1);
  const run::Objective& objective = config.objectives[objective_];
  term_ = std::min(term_, objective.terms.empty() ? 0 : objective.terms.size() - 1);
  fillChoices(config);
  fillLoss(objective.terms.empty() ? run::LossTerm{} : objective.terms[term_]);
  fillOptimiser(objective);
  fillSchedule(objective);
  fillGradients(objective);
  parameterSettings_->display(config, objective_);
  parameterFold_->setChanged(parameterSettings_->changedCount());
  fillOwnLosses();
  showProblem();
}

void ObjectiveSettings::fillChoices(const run::RunConfig& config) {
  const run::Objective& objective = config.objectives[objective_];
  objectives_->clear();
  for (size_t i = 0; i < config.objectives.size(); ++i)
    objectives_->addItem(
        tr("%1 of %2: %3").arg(i + 1).arg(config.objectives.size()).arg(text(config.objectives[i].parameters)));
  objectives_->setCurrentIndex(static_cast<int>(objective_));
  objectivesRow_->setVisible(config.objectives.size() > 1);
  terms_->clear();
  for (size_t i = 0; i < objective.terms.size(); ++i)
    terms_->addItem(tr("%1 of %2: %3").arg(i + 1).arg(objective.terms.size()).arg(text(objective.terms[i].loss)));
  terms_->setCurrentIndex(static_cast<int>(term_));
  termsRow_->setVisible(objective.terms.size() > 1);
}

void ObjectiveSettings::fillOwnLosses() {
  const layers::Lowered& lowered = model_->prepared().lowered;
  lossFields_->setVisible(!lowered.ownLosses);
  ownLosses_->setVisible(lowered.ownLosses);
  QStringList names;
  for (size_t i = 0; i < lowered.program.losses.size() && i < lowered.losses.size(); ++i)
    if (lowered.losses[i].node && static_cast<size_t>(lowered.program.losses[i].objective) == objective_)
      names << text(lowered.program.losses[i].name);
  ownLosses_->setText(names.isEmpty() ? tr("The graph has its own losses.")
                                      : tr("The graph has its own losses: %1.").arg(names.join(", ")));
}

void ObjectiveSettings::fillLoss(const run::LossTerm& term) {
  loss_->setCurrentIndex(loss_->findData(text(term.loss)));
  const layers::LayerSpec* layer = layers::findLayer(term.loss);
  lossDoc_->setText(layer ? text(layer->doc) : QString());
  Attributes params = layer ? layer->defaults() : Attributes{};
  for (const auto& [name, value] : term.params) params[name] = value;
  std::vector<ParamSpec> main, more;
  if (layer)
    for (const ParamSpec& spec : layer->params) (spec.main ? main : more).push_back(spec);
  const FormulaValue worth = model_->formulaValue();
  lossRows_->display(text(term.loss), main, params, worth);
  moreLossRows_->display(text(term.loss), more, params, worth);
  lossFold_->setVisible(!more.empty());
  lossFold_->setChanged(moreLossRows_->changedCount());
  const auto& objectives = model_->project().run.objectives;
  const bool several = objectives[objective_].terms.size() > 1 || term.weight != 1 || !term.formulas.empty();
  termRows_->display(several ? "weight" : "none",
                     several ? std::vector<ParamSpec>{run::weightParam()} : std::vector<ParamSpec>{},
                     {{"weight", settingOf(term.weight, term.formulas, run::weightParam())}}, worth);
  const auto offer = [](QComboBox& box, QWidget& row, const QStringList& names, const std::string& now) {
    box.clear();
    box.addItem(tr("the only one"), QString());
    for (const QString& name : names) box.addItem(name, name);
    if (!now.empty() && !names.contains(text(now))) box.addItem(text(now), text(now));
    box.setCurrentIndex(std::max(0, box.findData(text(now))));
    row.setVisible(names.size() > 1 || !now.empty());
  };
  QStringList outputs, targets;
  for (const program::Port& p : model_->prepared().lowered.program.outputs) outputs << text(p.name);
  for (const data::ColumnSpec& c : model_->columns())
    if (c.role == data::Role::Target || isRebuilt(c, model_->prepared().lowered.program)) targets << text(c.name);
  offer(*output_, *outputRow_, outputs, term.output);
  offer(*target_, *targetRow_, targets, term.target);
}

void ObjectiveSettings::fillOptimiser(const run::Objective& objective) {
  const run::OptimiserSpec* spec = run::findOptimiser(objective.optimiser.kind);
  optimiser_->setCurrentIndex(optimiser_->findData(text(objective.optimiser.kind)));
  if (!spec) return;
  optimiserDoc_->setText(text(spec->doc));
  const Attributes params = run::completeParams(objective.optimiser);
  const FormulaValue worth = model_->formulaValue();
  optimiserRows_->display(text(spec->id), specsWhere(spec->params, isMain), params, worth);
  moreOptimiserRows_->display(text(spec->id), specsWhere(spec->params, isUnusual), params, worth);
  optimiserFold_->setChanged(moreOptimiserRows_->changedCount());
  groups_->display(objective, bridge::weightsOf(model_->prepared().lowered.program), worth);
  groupFold_->setChanged(static_cast<int>(objective.groups.size()));
}

void ObjectiveSettings::fillSchedule(const run::Objective& objective) {
  const run::ScheduleSpec* spec = run::findSchedule(objective.schedule.kind);
  schedule_->setCurrentIndex(schedule_->findData(text(objective.schedule.kind)));
  if (!spec) return;
  scheduleDoc_->setText(text(spec->doc));
  partsRow_->setVisible(spec->combines());
  partsProblem_->hide();
  if (!parts_->hasFocus() || !parts_->isModified()) parts_->setText(text(run::partsText(objective.schedule)));
  scheduleRows_->display(text(spec->id), spec->params, run::completeParams(objective.schedule), model_->formulaValue());
  const run::RunConfig settled = model_->settledRun();
  preview_->display(settled.objectives[objective_], settled.epochs);
}

void ObjectiveSettings::changeParts() {
  try {
    const auto parts = run::partsFromText(parts_->text().toStdString());
    parts_->setModified(false);
    partsProblem_->hide();
    change(tr("Change the parts of the schedule"), [&](run::Objective& o) { o.schedule.parts = parts; });
  } catch (const Error& e) {
    partsProblem_->setText(text(e.title));
    partsProblem_->show();
  }
}

void ObjectiveSettings::fillGradients(const run::Objective& objective) {
  Attributes values;
  for (const ParamSpec& spec : run::objectiveParams()) values[spec.name] = run::objectiveParam(objective, spec.name);
  gradientRows_->display("gradients", run::objectiveParams(), values, model_->formulaValue());
  gradientFold_->setChanged(gradientRows_->changedCount() + (objective.parameters != "*"));
  if (!parameters_->hasFocus() || !parameters_->isModified()) parameters_->setText(text(objective.parameters));
}

// What is wrong between settings and data: a loss that wants classes where the data has numbers, say.
void ObjectiveSettings::showProblem() {
  QStringList problems;
  if (model_->dataError().isEmpty())
    for (const Diagnostic& d : model_->prepared().diagnostics)
      if (d.severity == Severity::Error && (d.node.empty() || ofLoss(d)) && d.code != kFormulaMistake &&
          problems.size() < 2)
        problems << text(d.text());
  problem_->setText(problems.join(' '));
  problem_->setVisible(!problems.isEmpty());
}

}  // namespace netwright::panels
