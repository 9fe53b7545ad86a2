// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters of an objective that are trained with settings of their own: patterns over names, and where they differ
// from the optimiser's. A part of the settings form.
#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "core/run/config.h"
#include "widgets/bridge/parameter_groups.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

class EntryHead;
class FormFold;
class SpecRows;

class GroupSettings : public QWidget {
  Q_OBJECT

 public:
  // How the objective that is shown is changed, as one step that can be taken back.
  using Change = std::function<void(const QString& name, const std::function<void(run::Objective&)>& change)>;
  explicit GroupSettings(Change change);
  void display(const run::Objective& objective, const std::vector<bridge::WeightSize>& weights,
               const FormulaValue& worth);

 private:
  struct Entry {
    QWidget* box;
    EntryHead* head;
    QLineEdit* pattern;
    QLabel* holds;
    SpecRows *factor, *main, *more;
    FormFold* fold;
  };
  Entry makeEntry(size_t index);
  void changeGroup(size_t index, const QString& name, const std::function<void(run::ParameterGroup&)>& change);
  void add();
  void move(size_t index, int by);
  void showMembers();  // by the patterns as they are typed

  Change change_;
  std::vector<Entry> entries_;
  QVBoxLayout* column_;
  QLabel* rest_;
  run::Objective objective_;
  std::vector<bridge::WeightSize> weights_;
};

}  // namespace netwright::panels
