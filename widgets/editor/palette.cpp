// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/palette.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QVBoxLayout>
#include <utility>

#include "core/layers/registry.h"
#include "widgets/editor/layer_card.h"
#include "widgets/editor/layer_list.h"
#include "widgets/editor/layer_marks.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

QStringList marks() {
  return LayerMarks::instance().favourites() + QStringList(QString()) + LayerMarks::instance().recent();
}

}  // namespace

Palette::Palette(QWidget* parent)
    : QFrame(parent), field_(new QLineEdit), list_(new LayerList), card_(new LayerCard(this)) {
  theme::setClass(*this, "panel");
  setAccessibleName(tr("Layers"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, theme::kSpace, 0, 0);
  column->setSpacing(theme::kSpaceSmall);
  field_->setPlaceholderText(tr("Search layers"));
  field_->setAccessibleName(tr("Search layers"));
  field_->setClearButtonEnabled(true);
  field_->addAction(theme::icon("search", theme::IconRole::Muted), QLineEdit::LeadingPosition);
  field_->installEventFilter(this);
  auto* top = new QHBoxLayout;
  top->setContentsMargins(theme::kSpace, 0, theme::kSpace, 0);
  top->addWidget(field_);
  column->addLayout(top);
  list_->setAccessibleName(tr("Layers"));
  column->addWidget(list_, 1);
  connect(field_, &QLineEdit::textChanged, this, &Palette::search);
  connect(list_, &LayerList::picked, this, &Palette::picked);
  connect(&LayerMarks::instance(), &LayerMarks::favouritesChanged, this, &Palette::showMarks);
  connect(list_, &LayerList::pointedAt, this, [this](const layers::LayerSpec* layer, const QRect& row) {
    pointed_ = layer ? QString::fromStdString(layer->id) : QString();
    layer ? card_->showBeside(row, *layer, {}) : card_->dismiss();
  });
  search({});
}

void Palette::setBlocks(std::vector<std::shared_ptr<const layers::LayerSpec>> blocks, bool insideBlock) {
  list_->setInsideBlock(insideBlock);
  const int at = list_->verticalScrollBar()->value();
  const auto old = std::exchange(blocks_, std::move(blocks));  // lives until the list has let go of it
  search(field_->text());
  list_->verticalScrollBar()->setValue(at);
}

void Palette::search(const QString& words) {
  const std::string wanted = words.trimmed().toStdString();
  std::vector<const layers::LayerSpec*> blocks = blocksCalled(blocks_, words.trimmed());
  if (wanted.empty()) {
    std::vector<const layers::LayerSpec*> all = blocks;
    for (const layers::LayerSpec& layer : layers::registry()) all.push_back(&layer);
    marks_ = marks();
    return list_->setLayers(all, true);
  }
  const std::vector<const layers::LayerSpec*> found = layers::searchLayers(wanted);
  blocks.insert(blocks.end(), found.begin(), found.end());
  list_->setLayers(blocks, false);
  list_->selectFirst();
}

// Not while the mouse is over the list: a row must not move away under it.
void Palette::showMarks() {
  if (!field_->text().trimmed().isEmpty() || marks_ == marks() || list_->underMouse()) return;
  const int at = list_->verticalScrollBar()->value();
  search({});
  list_->verticalScrollBar()->setValue(at);
}

void Palette::leaveEvent(QEvent* event) {
  QFrame::leaveEvent(event);
  showMarks();
}

void Palette::showEvent(QShowEvent* event) {
  QFrame::showEvent(event);
  showMarks();
}

QString Palette::helpTopic() const {
  const layers::LayerSpec* current = field_->hasFocus() || list_->hasFocus() ? list_->currentLayer() : nullptr;
  return pointed_.isEmpty() && current ? QString::fromStdString(current->id) : pointed_;
}

// The list follows the keys while the field has the focus.
bool Palette::eventFilter(QObject* watched, QEvent* event) {
  if (watched == field_ && event->type() == QEvent::FocusOut) card_->dismiss();
  if (watched != field_ || event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down:
      return list_->step(1), true;
    case Qt::Key_Up:
      return list_->step(-1), true;
    case Qt::Key_Escape:
      return field_->clear(), true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (const layers::LayerSpec* layer = list_->currentLayer()) Q_EMIT picked(QString::fromStdString(layer->id));
      return true;
    default:
      return false;
  }
}

}  // namespace netwright::editor
