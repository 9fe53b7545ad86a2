// SPDX-License-Identifier: GPL-3.0-or-later
// The networks of two runs, with what differs marked: side by side or one above the other, as they are larger. Shown
// beside the rows of the comparison.
#pragma once

#include <QFrame>
#include <array>
#include <memory>

#include "core/project/run_difference.h"
#include "widgets/editor/network_picture.h"

QT_BEGIN_NAMESPACE
class QBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

class ElidedLabel;
class MarkLegend;

class ComparedNetworks : public QFrame {
  Q_OBJECT

 public:
  struct Side {
    QString run;                                         // its name
    std::shared_ptr<const editor::SeenNetwork> network;  // null: the record holds none
  };

  ComparedNetworks();
  void display(const Side& first, const Side& second, const std::vector<project::Difference>& graph);
  // `what` of a difference or row: "fc1", "fc1.out_features", "fc1.y -> relu1.x". Selects the nodes it is about.
  void choose(const QString& what);
  const editor::NetworkPicture& picture(size_t side) const { return *pictures_[side]; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void arrange();
  std::vector<std::string> nodesOf(const std::string& what) const;
  std::array<ElidedLabel*, 2> titles_;
  std::array<editor::NetworkPicture*, 2> pictures_;
  QBoxLayout* pair_;
  MarkLegend* legend_;
};

}  // namespace netwright::panels
