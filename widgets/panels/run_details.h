// SPDX-License-Identifier: GPL-3.0-or-later
// One run of the past: outcome, tags, notes, network, settings; with what can be done with it.
#pragma once

#include <QFrame>
#include <QList>
#include <filesystem>

#include "core/store/run_filter.h"
#include "widgets/bridge/graph_picture.h"

QT_BEGIN_NAMESPACE
class QAction;
class QFormLayout;
class QLabel;
class QPushButton;
class QScrollArea;
QT_END_NAMESPACE

namespace netwright::panels {

class GraphThumbnail;
class RunLabels;

class RunDetails : public QFrame {
  Q_OBJECT

 public:
  // more: what else can be done, for the menu beside the buttons.
  RunDetails(QAction* again, QAction* exportRun, const QList<QAction*>& more);
  void showRun(const std::filesystem::path& folder, const store::RunFacts& run);
  void showSeveral(int count);
  void clear();
  RunLabels& labels() { return *labels_; }
  bool hasCheckpoint() const { return checkpoints_ > 0; }

 Q_SIGNALS:
  void read();  // what the database tells of the run; hasCheckpoint() is known

 private:
  struct Facts {
    std::vector<std::pair<std::string, std::string>> params;
    int64_t layers = 0, parameters = 0;
    int checkpoints = 0;
    bridge::GraphPicture picture;
  };
  static Facts factsOf(const std::filesystem::path& folder, store::RunId run);
  void fill(const Facts& facts);
  void showBody(bool visible);
  void addRow(const QString& name, const QString& value);
  std::filesystem::path folder_;
  store::RunFacts run_;
  QLabel *title_, *note_, *error_;
  RunLabels* labels_;
  GraphThumbnail* network_;
  QFormLayout* rows_;
  QWidget* body_;
  QScrollArea* scroll_;
  QWidget* buttons_;
  int question_ = 0, checkpoints_ = 0;
};

}  // namespace netwright::panels
