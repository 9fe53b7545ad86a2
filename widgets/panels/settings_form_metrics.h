// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics of a run: a box for each, measured on what the first loss compares, and those of other outputs and wires.
#pragma once

#include <QMap>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QComboBox;
class QLabel;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::panels {

class MetricsForm : public QWidget {
  Q_OBJECT

 public:
  explicit MetricsForm(bridge::ProjectModel* model, QWidget* parent = nullptr);
  void fill();

 protected:
  void showEvent(QShowEvent* event) override;  // names may have changed meanwhile

 private:
  void addBox(const std::string& metric);
  void addChooser();
  void fillWires();
  void add();
  void change(const std::string& metric, bool on);

  bridge::ProjectModel* model_;
  QVBoxLayout* column_;
  QMap<QString, QCheckBox*> boxes_;  // by what the settings call it
  QComboBox *metric_, *wire_, *of_;  // of one to be added
};

}  // namespace netwright::panels
