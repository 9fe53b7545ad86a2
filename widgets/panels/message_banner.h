// SPDX-License-Identifier: GPL-3.0-or-later
// A message in place: what happened, why, what to do next, and perhaps a button that does it. Used by all pages for
// errors and good news.
#pragma once

#include <QFrame>

#include "widgets/bridge/message.h"

QT_BEGIN_NAMESPACE
class QHBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;
QT_END_NAMESPACE

namespace netwright::panels {

class IconLabel;

// Hidden until it has something to say.
class MessageBanner : public QFrame {
  Q_OBJECT

 public:
  enum class Kind { Info, Success, Warning, Error };
  explicit MessageBanner(QWidget* parent = nullptr);

  void showMessage(Kind kind, const bridge::Message& message);
  void dismiss();
  const bridge::Message& message() const { return message_; }
  QPushButton* addButton(const QString& text, const QString& iconName = {}, const QString& classes = {});
  void setClosable(bool closable);

 Q_SIGNALS:
  void dismissed();

 private:
  bridge::Message message_;
  IconLabel* icon_;
  QLabel *title_, *why_, *next_;
  QHBoxLayout* buttons_;
  QToolButton* close_;
};

}  // namespace netwright::panels
