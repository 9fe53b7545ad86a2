// SPDX-License-Identifier: GPL-3.0-or-later
// What a project's network learns and how: losses, optimiser, schedule and gradients of each of its objectives. A part
// of the settings form.
#pragma once

#include <QWidget>
#include <functional>

#include "widgets/bridge/project_model.h"

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

class FormFold;
class GroupSettings;
class ParameterSettings;
class RatePreview;
class SpecRows;

class ObjectiveSettings : public QWidget {
  Q_OBJECT

 public:
  ObjectiveSettings(bridge::ProjectModel* model, QWidget* parent);

 private:
  QWidget* makeLoss();
  QWidget* makeOptimiser();
  QWidget* makeSchedule();
  QWidget* makeGradients();
  QWidget* makeParameters();
  void fillMenu();
  void fill();
  void fillChoices(const run::RunConfig& config);
  void fillOwnLosses();
  void fillLoss(const run::LossTerm& term);
  void fillOptimiser(const run::Objective& objective);
  void fillSchedule(const run::Objective& objective);
  void changeParts();  // of a schedule that combines others, from the text in its field
  void fillGradients(const run::Objective& objective);
  void showProblem();
  using Change = std::function<void(run::Objective&)>;
  void change(const QString& name, const Change& change);  // of the objective that is shown
  void changeTerm(const QString& name, const std::function<void(run::LossTerm&)>& change);

  bridge::ProjectModel* model_;
  size_t objective_ = 0, term_ = 0;  // that are shown
  QComboBox *objectives_, *terms_, *loss_, *output_, *target_, *optimiser_, *schedule_;
  QWidget *objectivesRow_, *lossFields_, *termsRow_, *outputRow_, *targetRow_, *partsRow_;
  QLabel *problem_, *ownLosses_, *lossDoc_, *optimiserDoc_, *scheduleDoc_, *partsProblem_;
  QMenu* menu_;
  SpecRows *lossRows_, *moreLossRows_, *termRows_, *optimiserRows_, *moreOptimiserRows_, *scheduleRows_, *gradientRows_;
  QLineEdit *parameters_, *parts_;
  FormFold *lossFold_, *optimiserFold_, *groupFold_, *gradientFold_, *parameterFold_;
  GroupSettings* groups_;
  ParameterSettings* parameterSettings_;
  RatePreview* preview_;
};

}  // namespace netwright::panels
