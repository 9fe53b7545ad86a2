// SPDX-License-Identifier: GPL-3.0-or-later
// All keys of the window on one sheet, with a field to look one up. Made from the registry of actions.
#pragma once

#include <QDialog>

QT_BEGIN_NAMESPACE
class QLineEdit;
class QTreeWidget;
QT_END_NAMESPACE

namespace netwright::panels {

class ActionRegistry;

class ShortcutSheet : public QDialog {
  Q_OBJECT

 public:
  ShortcutSheet(const ActionRegistry& registry, QWidget* parent);
  int shownKeys() const;

 private:
  void filter(const QString& words);
  QLineEdit* field_;
  QTreeWidget* tree_;
};

}  // namespace netwright::panels
