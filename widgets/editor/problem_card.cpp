// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/problem_card.h"

#include <QGuiApplication>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/bridge/project_model.h"
#include "widgets/forms/problem_view.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr int kWidth = 360;

}  // namespace

ProblemCard::ProblemCard(bridge::ProjectModel& model, NodeId node, QWidget* parent) : QFrame(parent, Qt::Popup) {
  setAttribute(Qt::WA_DeleteOnClose);
  setObjectName("problem-card");
  setAccessibleName(tr("Problems of this layer"));
  theme::setClass(*this, "card");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceSmall, theme::kSpaceSmall, theme::kSpaceSmall, theme::kSpaceSmall);
  column->setSpacing(theme::kSpaceSmall);
  for (const Diagnostic& d : model.prepared().diagnostics) {
    if (model.view().own(d.node) != node) continue;
    column->addWidget(new forms::ProblemView(d, model, forms::ProblemLayout::Card));
    ++count_;
  }
  setFixedWidth(kWidth);
  connect(&model, &bridge::ProjectModel::documentChanged, this, &QWidget::close);
  connect(&model, &bridge::ProjectModel::projectChanged, this, &QWidget::close);
  connect(&model, &bridge::ProjectModel::placeChanged, this, &QWidget::close);
}

void ProblemCard::popUp(QPoint at) {
  adjustSize();
  const QScreen* screen = QGuiApplication::screenAt(at);
  if (!screen) screen = QGuiApplication::primaryScreen();
  const QRect room = screen->availableGeometry();
  move(std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - width())),
       std::clamp(at.y(), room.top(), std::max(room.top(), room.bottom() - height())));
  show();
  if (auto* fix = findChild<QPushButton*>()) fix->setFocus(Qt::TabFocusReason);
}

}  // namespace netwright::editor
