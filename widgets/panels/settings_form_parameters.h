// SPDX-License-Identifier: GPL-3.0-or-later
// What parameters may do beside being trained: keep their values, begin otherwise, be held small. A part of the
// settings form.
#pragma once

#include <QWidget>
#include <functional>

#include "core/run/config.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

class ParameterSettings : public QWidget {
  Q_OBJECT

 public:
  // How the run is changed, as one step that can be taken back; the number is that of the objective that is shown.
  using Change = std::function<void(const QString& name, const std::function<void(run::RunConfig&, size_t)>& change)>;
  explicit ParameterSettings(Change change);
  void display(const run::RunConfig& config, size_t objective);
  int changedCount() const;  // fields that hold something

 private:
  using Take = std::function<void(run::RunConfig&, size_t, const std::string& text)>;  // throws Error for a mistake
  QLineEdit* addField(const char* id, const QString& title, const QString& help, const QString& change, Take take);
  void show(QLineEdit* field, const std::string& text);

  Change change_;
  QVBoxLayout* column_;
  QLineEdit *frozen_, *initialisers_, *regularisers_;
  QLabel* problem_;
};

}  // namespace netwright::panels
