// SPDX-License-Identifier: GPL-3.0-or-later
// The recent projects on the Home page: one row each, with its folder and when it was open. Missing ones can be
// removed.
#pragma once

#include <QAbstractButton>
#include <QFrame>

#include "widgets/bridge/recent_projects.h"

QT_BEGIN_NAMESPACE
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

class RecentRow : public QAbstractButton {
  Q_OBJECT

 public:
  explicit RecentRow(const bridge::RecentProject& project);
  QSize sizeHint() const override;

 Q_SIGNALS:
  void removed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  bridge::RecentProject project_;
  QWidget* remove_;
};

class RecentList : public QFrame {
  Q_OBJECT

 public:
  RecentList();
  void reload();

 Q_SIGNALS:
  void openRequested(const QString& folder);

 private:
  QVBoxLayout* rows_;
};

}  // namespace netwright::panels
