// SPDX-License-Identifier: GPL-3.0-or-later
// How the project trains: data, run settings, losses, optimiser, schedule and metrics, as undoable edits of the
// project.
#pragma once

#include <QMap>
#include <QWidget>
#include <functional>

#include "widgets/bridge/data_facts.h"
#include "widgets/bridge/project_model.h"

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::forms {
class SpecEditor;
}

namespace netwright::panels {

class FormFold;
class MetricsForm;

// Made from the registries: a new setting, source, optimiser, schedule, loss or metric appears here by itself.
class SettingsForm : public QWidget {
  Q_OBJECT

 public:
  SettingsForm(bridge::ProjectModel* model, bridge::DataFacts* facts, QWidget* parent = nullptr);
  void reset();  // run settings, optimiser and schedule as a new project has them; losses, metrics and data stay

 Q_SIGNALS:
  void weightsRequested();  // a file to start from

 private:
  QWidget* makeTraining();
  void makeStart(QVBoxLayout& column);
  QWidget* makeFold(const QString& name, const QString& title, const std::vector<std::string>& settings);
  void addRunRow(QVBoxLayout& to, const std::string& name);
  void fill();
  void fillStart(const std::string& start);

  bridge::ProjectModel* model_;
  QMap<QString, forms::SpecEditor*> runRows_;
  MetricsForm* metrics_;
  QComboBox* start_;
  QToolButton* fresh_;
  QLabel* startDoc_;
  QVector<FormFold*> folds_;
  QVector<std::vector<std::string>> foldSettings_;
};

// Changes the run settings of the open project as one step that can be taken back.
void changeRun(bridge::ProjectModel& model, const QString& name, const std::function<void(run::RunConfig&)>& change);
void changeData(bridge::ProjectModel& model, const QString& name, const std::function<void(data::DataConfig&)>& change);

}  // namespace netwright::panels
