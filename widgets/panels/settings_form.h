// SPDX-License-Identifier: GPL-3.0-or-later
// How the project trains: run settings, optimiser, loss, metrics and data, as undoable edits of the project.
#pragma once

#include <QMap>
#include <QWidget>
#include <functional>

#include "widgets/bridge/project_model.h"

QT_BEGIN_NAMESPACE
class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::forms {
class SpecEditor;
}

namespace netwright::panels {

// Made from the registries: a new run setting, optimiser, loss or metric appears here by itself.
class SettingsForm : public QWidget {
  Q_OBJECT

 public:
  explicit SettingsForm(bridge::ProjectModel* model, QWidget* parent = nullptr);

 private:
  forms::SpecEditor* addRow(QVBoxLayout& to, const ParamSpec& spec, const QString& title);
  QWidget* makeTraining();
  QWidget* makeOptimiser();
  QWidget* makeObjective();
  QWidget* makeData();
  QWidget* makeMore();
  void addRunRow(QVBoxLayout& to, const ParamSpec& spec);
  void fill();
  void fillOptimiser();
  void fillData();
  void changeRun(const QString& name, const std::function<void(run::RunConfig&)>& change);
  void changeData(const QString& name, const std::function<void(data::DataConfig&)>& change);
  void finishTransforms();
  void browse();

  bridge::ProjectModel* model_;
  QMap<QString, forms::SpecEditor*> runRows_, optimiserRows_;
  QMap<QString, QCheckBox*> metrics_;
  QString shownOptimiser_;
  QComboBox *optimiser_, *loss_, *source_;
  QLabel *optimiserDoc_, *transformProblem_, *dataProblem_;
  QVBoxLayout* optimiserParams_;
  QLineEdit *path_, *transforms_;
  forms::SpecEditor* validation_;
};

}  // namespace netwright::panels
