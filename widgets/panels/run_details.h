// SPDX-License-Identifier: GPL-3.0-or-later
// One run of the past in words: outcome, settings, network, error; with what can be done with it.
#pragma once

#include <QFrame>
#include <filesystem>

#include "core/store/database.h"

QT_BEGIN_NAMESPACE
class QFormLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

class MessageBanner;

class RunDetails : public QFrame {
  Q_OBJECT

 public:
  RunDetails();
  void showRun(const std::filesystem::path& folder, const store::RunSummary& run);
  void showSeveral(int count);
  void clear();

 Q_SIGNALS:
  void exportRequested(const QString& run);  // its id

 private:
  struct Facts {
    std::vector<std::pair<std::string, std::string>> params;
    int64_t layers = 0, parameters = 0;
    int checkpoints = 0;
  };
  static Facts read(const std::filesystem::path& folder, store::RunId run);
  void fill(const Facts& facts);
  void addRow(const QString& name, const QString& value);
  std::filesystem::path folder_;
  store::RunSummary run_;
  QLabel *title_, *note_, *error_;
  QFormLayout* rows_;
  QPushButton *export_, *open_;
  int question_ = 0;
};

}  // namespace netwright::panels
