// SPDX-License-Identifier: GPL-3.0-or-later
// The help pages in a window of their own, beside the one that is worked in: a field to search them, what was found,
// and the page, with links, back and forward.
#pragma once

#include <QDialog>
#include <QStringList>

#include "core/help/entry.h"

QT_BEGIN_NAMESPACE
class QLineEdit;
class QListWidget;
class QListWidgetItem;
class QTextBrowser;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

// Keeps its size from one time to the next. Esc closes it, Ctrl+F goes to the field, Alt+Left and Alt+Right go back and
// forward, Tab goes from link to link.
class HelpWindow : public QDialog {
  Q_OBJECT

 public:
  explicit HelpWindow(QWidget* parent);

  void showPage(const QString& key);  // "layer/conv2d"; empty: what there is; of any other it says so
  QString current() const { return at_ < 0 ? QString() : visited_[at_]; }
  QLineEdit* field() const { return field_; }
  QListWidget* list() const { return list_; }
  QTextBrowser* browser() const { return browser_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void done(int result) override;

 private:
  void buildRow(QVBoxLayout& column);
  void search(const QString& words);
  void render();
  void markInList();
  void go(int step);
  void addEntries(const std::vector<const help::Entry*>& entries, bool headings);

  QToolButton *back_, *forward_;
  QLineEdit* field_;
  QListWidget* list_;
  QTextBrowser* browser_;
  QStringList visited_;  // keys
  int at_ = -1;          // in visited_
};

}  // namespace netwright::panels
