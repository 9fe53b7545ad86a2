// SPDX-License-Identifier: GPL-3.0-or-later
// One diagnostic with its icon, sentence, chain and fix buttons. Used by the form of a layer and by the problem list.
#pragma once

#include <QFrame>

#include "core/base/diagnostic.h"

QT_BEGIN_NAMESPACE
class QBoxLayout;
QT_END_NAMESPACE

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::forms {

enum class ProblemLayout { Card, Row };  // a coloured card with buttons below, or a line with buttons at the end

// Fix buttons apply the fix to the model. clicked() is a click anywhere else.
class ProblemView : public QFrame {
  Q_OBJECT

 public:
  ProblemView(const Diagnostic& diagnostic, bridge::ProjectModel& model, ProblemLayout layout,
              QWidget* parent = nullptr);
  const Diagnostic& diagnostic() const { return diagnostic_; }

 Q_SIGNALS:
  void clicked();

 protected:
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* makeText(ProblemLayout layout);
  void addFixes(QBoxLayout& row, ProblemLayout layout);
  Diagnostic diagnostic_;
  bridge::ProjectModel& model_;
};

QString problemIcon(Severity severity);  // name of an icon of the theme

}  // namespace netwright::forms
