// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces that all pages share: labels, buttons, lines, empty states.
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QWidget>

#include "widgets/theme/icon.h"

QT_BEGIN_NAMESPACE
class QBoxLayout;
class QFrame;
QT_END_NAMESPACE

namespace netwright::panels {

QLabel* label(const QString& text, const QString& classes = {});
QLabel* wrapped(const QString& text, const QString& classes = {});  // breaks lines; can be selected and copied
QPushButton* button(const QString& text, const QString& iconName = {}, const QString& classes = {});
QToolButton* toolButton(const QString& iconName, const QString& tip);
QFrame* card();
QWidget* horizontalLine();
void opensFolder(const QString& folder);  // in the file browser of the desktop

// A label that shows an icon of the theme, in the colours of the current one.
class IconLabel : public QLabel {
  Q_OBJECT

 public:
  explicit IconLabel(const QString& name, theme::IconRole role = theme::IconRole::Text, int size = 16);
  void setIcon(const QString& name, theme::IconRole role);

 private:
  void draw();
  QString name_;
  theme::IconRole role_;
  int size_;
};

// A label of one line that shortens its text with "…" instead of asking for width.
class ElidedLabel : public QLabel {
  Q_OBJECT

 public:
  explicit ElidedLabel(const QString& text = {}, Qt::TextElideMode mode = Qt::ElideRight);
  void setFullText(const QString& text);
  QString fullText() const { return full_; }
  QSize minimumSizeHint() const override { return {20, QLabel::minimumSizeHint().height()}; }
  QSize sizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void elide();
  QString full_;
  Qt::TextElideMode mode_;
};

// What an empty panel says: a picture, a sentence, and what to do.
class EmptyState : public QWidget {
  Q_OBJECT

 public:
  EmptyState(const QString& iconName, const QString& title, const QString& text);
  QPushButton* addButton(const QString& text, const QString& iconName = {}, const QString& classes = {});
  void setText(const QString& title, const QString& text);

 private:
  QLabel *title_, *text_;
  QBoxLayout* buttons_;
};

}  // namespace netwright::panels
