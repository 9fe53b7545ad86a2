// SPDX-License-Identifier: GPL-3.0-or-later
// Which data a project trains on, how it is read, prepared and split. A part of the settings form.
#pragma once

#include <QWidget>

#include "widgets/bridge/data_facts.h"
#include "widgets/bridge/project_model.h"

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QToolButton;
QT_END_NAMESPACE

namespace netwright::panels {

class FormFold;
class SpecRows;

class DataSettings : public QWidget {
  Q_OBJECT

 public:
  DataSettings(bridge::ProjectModel* model, bridge::DataFacts* facts, QWidget* parent);

 private:
  void makeSource();
  void makeLocation();
  void makeSplit();
  void fill();
  void fillLocation();
  void showCounts();
  void chooseFolder();
  void chooseFile();
  void take(const QString& path);

  bridge::ProjectModel* model_;
  bridge::DataFacts* facts_;
  QComboBox* source_;
  QLineEdit* path_;
  QToolButton* choose_;
  QMenu* chooseMenu_;
  QWidget* location_;
  QLabel *sourceDoc_, *problem_, *counts_;
  SpecRows *mainRows_, *moreRows_, *splitRows_;
  FormFold *sourceFold_, *splitFold_;
};

}  // namespace netwright::panels
