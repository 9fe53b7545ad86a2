// SPDX-License-Identifier: GPL-3.0-or-later
// Takes a trained run out of Netwright: format, run, file; what the format cannot hold; the file and the proof that it
// is right.
#pragma once

#include <QDialog>
#include <QVector>

#include "widgets/bridge/export_job.h"
#include "widgets/bridge/project_model.h"

QT_BEGIN_NAMESPACE
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QScrollArea;
QT_END_NAMESPACE

namespace netwright::panels {

class FormatCard;
class FormFold;
class SpecRows;
class IconLabel;
class MessageBanner;

class ExportDialog : public QDialog {
  Q_OBJECT

 public:
  // run: an id, a name or "latest".
  ExportDialog(const bridge::ProjectModel& model, const QString& run, QWidget* parent = nullptr);
  const std::optional<project::ExportOutcome>& outcome() const { return outcome_; }

 Q_SIGNALS:
  void exported(const QString& file);          // written; the proof may have failed
  void nodeRequested(netwright::NodeId node);  // that the format cannot hold

 private:
  QWidget* makeFormats();
  QWidget* makeWhat();
  QWidget* makeOptions();
  QWidget* makeCheck();
  QWidget* makeResult();
  void loadRuns(const QString& chosen);
  const convert::Exporter& format() const;
  project::ExportRequest request() const;
  void chooseFormat();
  void showOptions();
  void browse();
  void check();
  void showCheck(const Diagnostics& problems);
  void start();
  void showOutcome(const project::ExportOutcome& outcome);
  void showRunning(bool running);
  void copyCode();
  QString placeText(const QString& path) const;
  void fitHeight();
  const bridge::ProjectModel& model_;
  bridge::ExportJob* job_;
  QVector<FormatCard*> formats_;
  QComboBox* runs_;
  QLineEdit* path_;
  QLabel* pathTitle_ = nullptr;
  QString ending_;  // of the path, as the format gave it
  FormFold* fold_ = nullptr;
  SpecRows* rows_ = nullptr;
  QScrollArea* scroll_ = nullptr;
  Attributes options_;
  IconLabel* checkIcon_;
  QLabel *checkTitle_, *checkText_, *resultTitle_, *resultFile_, *proof_;
  IconLabel *resultIcon_, *proofIcon_;
  QWidget* result_;
  MessageBanner* banner_;
  QProgressBar* bar_;
  QPushButton *export_, *close_, *copy_;
  std::optional<project::ExportOutcome> outcome_;
  bool legal_ = false;
};

}  // namespace netwright::panels
