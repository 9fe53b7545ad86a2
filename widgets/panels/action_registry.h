// SPDX-License-Identifier: GPL-3.0-or-later
// Every action of the window in one list: what menus, toolbars, shortcuts, the command palette, the sheet of shortcuts
// and docs/actions.md are made of.
#pragma once

#include <QAction>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QVector>

namespace netwright::panels {

// An action's objectName is its id, its text the name, its tool tip the help. It is listed as long as it lives.
class ActionRegistry : public QObject {
  Q_OBJECT

 public:
  struct Entry {
    QPointer<QAction> action;
    QString context;         // where it is found: "File", "Design"
    QPointer<QWidget> page;  // its keys hold there only; null: in the whole window
  };

  using QObject::QObject;
  void add(const QString& context, const QList<QAction*>& actions, QWidget* page = nullptr);
  QVector<Entry> entries() const;  // in the order added, without those that are gone
  // What is wrong with the list itself: no id, text or help, an id twice, keys that mean two things. One line each.
  QStringList problems() const;
  QString markdown() const;  // docs/actions.md

 private:
  QVector<Entry> entries_;
};

QString plainText(const QAction& action);  // without the mark of the mnemonic
QString helpText(const QAction& action);   // its tool tip, without the keys that may stand at its end
QString keysText(const QAction& action);   // "Ctrl+Shift+Z or Ctrl+Y"; empty if there are none

}  // namespace netwright::panels
