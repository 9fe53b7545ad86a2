// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/find_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/layers/registry.h"
#include "widgets/bridge/project_model.h"
#include "widgets/editor/graph_scene.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr int kWidth = 340, kRowsShown = 7;
constexpr size_t kListed = 200;  // more hits are counted, not listed

QToolButton* tool(const char* icon, const QString& tip, QHBoxLayout& row) {
  auto* button = new QToolButton;
  button->setIcon(theme::icon(icon, theme::IconRole::Muted));
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  button->setFocusPolicy(Qt::NoFocus);
  theme::setClass(*button, "icon");
  row.addWidget(button);
  return button;
}

}  // namespace

FindBar::FindBar(GraphScene* scene, QWidget* parent)
    : QFrame(parent), scene_(scene), field_(new QLineEdit), count_(new QLabel), list_(new QListWidget) {
  setObjectName("find-bar");
  setAccessibleName(tr("Find in the network"));
  theme::setClass(*this, "card");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceSmall, theme::kSpaceSmall, theme::kSpaceSmall, theme::kSpaceSmall);
  column->setSpacing(theme::kSpaceXs);
  auto* row = new QHBoxLayout;
  row->setSpacing(theme::kSpaceXs);
  field_->setPlaceholderText(tr("Name, type:conv, out_channels=32"));
  field_->setAccessibleName(tr("Find"));
  field_->setToolTip(
      tr("Part of a name or type, a value, type:conv, out_channels=32, p>0.3. Enter goes to the next hit, "
         "Shift+Enter back, Ctrl+Enter selects all hits."));
  field_->addAction(theme::icon("search", theme::IconRole::Muted), QLineEdit::LeadingPosition);
  field_->installEventFilter(this);
  theme::setClass(*count_, "muted small");
  count_->setMinimumWidth(44);
  count_->setAlignment(Qt::AlignCenter);
  row->addWidget(field_, 1);
  row->addWidget(count_);
  connect(tool("chevron-up", tr("Previous hit (Shift+Enter)"), *row), &QToolButton::clicked, this,
          [this] { step(false); });
  connect(tool("chevron-down", tr("Next hit (Enter, F3)"), *row), &QToolButton::clicked, this, [this] { step(true); });
  connect(tool("close", tr("Close (Esc)"), *row), &QToolButton::clicked, this, [this] {
    Q_EMIT closed();
    hide();
  });
  column->addLayout(row);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setFrameShape(NoFrame);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setAccessibleName(tr("Hits"));
  column->addWidget(list_);
  connect(field_, &QLineEdit::textChanged, this, &FindBar::search);
  connect(list_, &QListWidget::itemClicked, this, [this] { go(static_cast<size_t>(list_->currentRow())); });
  connect(&scene_->model(), &bridge::ProjectModel::documentChanged, this, [this] {
    if (!field_->text().isEmpty()) search();  // also while hidden: F3 goes on
  });
  connect(&scene_->model(), &bridge::ProjectModel::projectChanged, this, [this] {
    field_->clear();
    if (field_->hasFocus()) Q_EMIT closed();
    hide();
  });
  setFixedWidth(kWidth);
  hide();
}

void FindBar::open() {
  show();
  raise();
  field_->setFocus(Qt::ShortcutFocusReason);
  field_->selectAll();
  search();
}

void FindBar::search() {
  hits_ = findNodes(scene_->document(), field_->text());
  at_ = SIZE_MAX;
  list_->clear();
  for (size_t i = 0; i < std::min(hits_.size(), kListed); ++i) {
    const graph::Node& node = *scene_->document().find(hits_[i].node);
    const layers::LayerSpec* layer = layers::findLayer(node.kind);
    QString text = QString::fromStdString(node.name) + QStringLiteral("  ·  ") +
                   QString::fromStdString(layer ? layer->title : node.kind);
    if (!hits_[i].why.isEmpty()) text += QStringLiteral("  ·  ") + hits_[i].why;
    list_->addItem(text);
  }
  const bool asked = !field_->text().trimmed().isEmpty();
  count_->setText(!asked ? QString() : hits_.empty() ? tr("none") : tr("%1 hits").arg(hits_.size()));
  if (hits_.size() == 1) count_->setText(tr("1 hit"));
  theme::setClass(*field_, asked && hits_.empty() ? "error" : "");
  fitList();
}

void FindBar::fitList() {
  list_->setVisible(list_->count() > 0);
  const int row = list_->count() ? std::max(22, list_->sizeHintForRow(0)) : 0;
  list_->setFixedHeight(row * std::min(list_->count(), kRowsShown) + 4);
  adjustSize();
}

void FindBar::step(bool forward) {
  if (hits_.empty()) return;
  if (at_ >= hits_.size()) return go(forward ? 0 : hits_.size() - 1);
  go((at_ + (forward ? 1 : hits_.size() - 1)) % hits_.size());
}

void FindBar::go(size_t hit) {
  if (hit >= hits_.size()) return;
  at_ = hit;
  list_->setCurrentRow(static_cast<int>(std::min(hit, kListed - 1)));
  count_->setText(tr("%1 of %2").arg(hit + 1).arg(hits_.size()));
  Q_EMIT nodeFound(hits_[hit].node);
}

bool FindBar::eventFilter(QObject* watched, QEvent* event) {
  if (watched != field_ || event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  const auto& key = static_cast<QKeyEvent&>(*event);
  switch (key.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (key.modifiers() & Qt::ControlModifier) return Q_EMIT allChosen(), true;
      return step(!(key.modifiers() & Qt::ShiftModifier)), true;
    case Qt::Key_F3:
    case Qt::Key_Down:
      return step(true), true;
    case Qt::Key_Up:
      return step(false), true;
    case Qt::Key_Escape:
      Q_EMIT closed();  // before it hides: who takes the keyboard decides its listener
      hide();
      return true;
    default:
      return false;
  }
}

}  // namespace netwright::editor
