// SPDX-License-Identifier: GPL-3.0-or-later
// Weights from elsewhere (.pth, .safetensors, .onnx) for the network as it is drawn: which tensor goes where, and why,
// before anything is taken over.
#pragma once

#include <QDialog>
#include <memory>

#include "core/project/open_weights.h"
#include "widgets/bridge/project_model.h"

QT_BEGIN_NAMESPACE
class QCheckBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QTreeWidget;
QT_END_NAMESPACE

namespace netwright::panels {

class MessageBanner;

// Taking the weights over is one step of undo: the next run's start.
class WeightsDialog : public QDialog {
  Q_OBJECT

 public:
  WeightsDialog(bridge::ProjectModel& model, const QString& file, QWidget* parent = nullptr);

 Q_SIGNALS:
  void applied(const QString& summary);  // "121 of 122 weights of resnet18.pth"

 private:
  void read();
  void show(const project::WeightsOffer& offer);
  void filter();
  void takeOver();
  void showBusy(bool busy);
  bridge::ProjectModel& model_;
  QString file_;
  std::shared_ptr<const project::WeightsOffer> offer_;
  QLabel *summary_, *hint_;
  QTreeWidget* table_;
  QCheckBox* problemsOnly_;
  MessageBanner* banner_;
  QProgressBar* bar_;
  QPushButton *apply_, *close_;
};

}  // namespace netwright::panels
