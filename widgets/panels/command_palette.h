// SPDX-License-Identifier: GPL-3.0-or-later
// The box that does anything by its name: type a few letters, Enter. Opened by Ctrl+K or Ctrl+Shift+P; closes itself.
#pragma once

#include <QFrame>
#include <QIcon>
#include <QVector>
#include <functional>

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QListWidget;
QT_END_NAMESPACE

namespace netwright::panels {

struct Command {
  QString id, text, context, keys, help;
  QIcon icon;
  bool enabled = true;
  std::function<void()> act;
};

// Commands that can be used now come first; the others are listed in grey. Those chosen last are offered at once.
class CommandPalette : public QFrame {
  Q_OBJECT

 public:
  CommandPalette(QVector<Command> commands, QWidget* window);
  void popUp();  // at the upper middle of the window
  QLineEdit* field() const { return field_; }
  QStringList found() const;  // ids, best first
  QString current() const;    // id

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void search(const QString& words);
  void step(int rows);
  void run();
  QVector<Command> commands_;
  QLineEdit* field_;
  QListWidget* list_;
  QLabel* help_;
};

}  // namespace netwright::panels
