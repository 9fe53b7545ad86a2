// SPDX-License-Identifier: GPL-3.0-or-later
// The column of page buttons at the left edge of the window.
#pragma once

#include <QAbstractButton>
#include <QVector>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

// Icon above a word; the chosen one stands on a soft field. A ring around the icon shows the progress of a run.
class NavButton : public QAbstractButton {
  Q_OBJECT

 public:
  NavButton(const QString& iconName, const QString& text, bool exclusive = true);
  void setLook(const QString& iconName, const QString& text);
  void setProgress(double share);  // 0 to 1; below 0: none
  double progress() const { return progress_; }
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  QString icon_;
  double progress_ = -1;
};

class NavRail : public QWidget {
  Q_OBJECT

 public:
  explicit NavRail(QWidget* parent = nullptr);
  NavButton* addPage(const QString& iconName, const QString& text);  // pages count from 0
  NavButton* addTool(const QString& iconName, const QString& text);  // at the lower end
  NavButton* page(int index) const { return pages_[index]; }
  int current() const;
  void setCurrent(int index);

 Q_SIGNALS:
  void chosen(int index);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QVBoxLayout *top_, *bottom_;
  QVector<NavButton*> pages_;
};

}  // namespace netwright::panels
