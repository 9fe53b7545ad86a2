// SPDX-License-Identifier: GPL-3.0-or-later
// Tags and notes of a run, to read and to change in place.
#pragma once

#include <QWidget>

#include "core/store/run_filter.h"

QT_BEGIN_NAMESPACE
class QLineEdit;
class QPlainTextEdit;
QT_END_NAMESPACE

namespace netwright::panels {

// A tag is typed as "key=value" or "key"; a note is kept when the field is left or another run is shown.
class RunLabels : public QWidget {
  Q_OBJECT

 public:
  RunLabels();
  void showRun(const store::RunFacts& run);
  void commitNotes();
  void focusTag();
  void focusNotes();

 Q_SIGNALS:
  void tagSet(netwright::store::RunId run, const QString& key, const QString& value);
  void tagRemoved(netwright::store::RunId run, const QString& key);
  void notesChanged(netwright::store::RunId run, const QString& notes, const QString& before);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void showTags();
  void addTag();
  store::RunFacts run_;
  QWidget* tags_;
  QLineEdit* add_;
  QPlainTextEdit* notes_;
};

}  // namespace netwright::panels
