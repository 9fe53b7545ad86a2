// SPDX-License-Identifier: GPL-3.0-or-later
// Places widgets one after the other and breaks into rows as text does.
#pragma once

#include <QLayout>
#include <memory>
#include <vector>

namespace netwright::charts {

class FlowLayout : public QLayout {
 public:
  explicit FlowLayout(QWidget* parent, int spacing);
  ~FlowLayout() override;

  void addItem(QLayoutItem* item) override;
  int count() const override { return static_cast<int>(items_.size()); }
  QLayoutItem* itemAt(int index) const override;
  QLayoutItem* takeAt(int index) override;
  Qt::Orientations expandingDirections() const override { return {}; }
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override { return arrange({0, 0, width, 0}, false); }
  QSize sizeHint() const override { return minimumSize(); }
  QSize minimumSize() const override;
  void setGeometry(const QRect& rect) override;

 private:
  int arrange(const QRect& rect, bool move) const;  // returns the height

  std::vector<std::unique_ptr<QLayoutItem>> items_;
};

}  // namespace netwright::charts
