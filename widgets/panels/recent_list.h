// SPDX-License-Identifier: GPL-3.0-or-later
// The recent projects on the Home page: a card each, with a picture of its network, its folder and when it was open.
// Missing ones can be removed.
#pragma once

#include <QAbstractButton>

#include "widgets/bridge/graph_picture.h"
#include "widgets/bridge/recent_projects.h"

QT_BEGIN_NAMESPACE
class QGridLayout;
QT_END_NAMESPACE

namespace netwright::panels {

class RecentCard : public QAbstractButton {
  Q_OBJECT

 public:
  explicit RecentCard(const bridge::RecentProject& project);
  void setPicture(const bridge::GraphPicture& picture);
  bool hasPicture() const { return !picture_.empty(); }
  const QString& folder() const { return project_.folder; }
  QSize sizeHint() const override;

 Q_SIGNALS:
  void removed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  bridge::RecentProject project_;
  bridge::GraphPicture picture_;
  QWidget* remove_;
};

// One row of cards; pictures come from a pool thread. Hidden while there are none.
class RecentList : public QWidget {
  Q_OBJECT

 public:
  RecentList();
  void reload();
  static constexpr int kShown = 4;

 Q_SIGNALS:
  void openRequested(const QString& folder);
  void emptied(bool empty);

 private:
  void loadPictures();
  QGridLayout* cards_;
};

}  // namespace netwright::panels
