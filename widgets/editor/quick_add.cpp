// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/quick_add.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QScreen>
#include <QVBoxLayout>
#include <algorithm>

#include "core/layers/registry.h"
#include "widgets/editor/fit.h"
#include "widgets/editor/layer_card.h"
#include "widgets/editor/layer_list.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr int kCardHeight = 130;

}  // namespace

QuickAdd::QuickAdd(const std::optional<WireStart>& start, const program::ValueType* type,
                   std::vector<std::shared_ptr<const layers::LayerSpec>> blocks, bool insideBlock, QWidget* parent)
    : QFrame(parent, Qt::Popup),
      start_(start),
      blocks_(std::move(blocks)),
      field_(new QLineEdit),
      list_(new LayerList),
      doc_(new QLabel) {
  setAttribute(Qt::WA_DeleteOnClose);
  if (type)
    for (const layers::LayerSpec& layer : layers::registry()) misfits_[&layer] = whyMisfit(layer, *type);
  setAccessibleName(tr("Add a layer"));
  theme::setClass(*this, "card");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceSmall, theme::kSpaceSmall, theme::kSpaceSmall, theme::kSpaceSmall);
  column->setSpacing(theme::kSpaceSmall);
  field_->setPlaceholderText(start ? tr("Connect to…") : tr("Add a layer: conv, relu, nn.Linear…"));
  field_->setAccessibleName(tr("Search layers"));
  field_->addAction(theme::icon("search", theme::IconRole::Muted), QLineEdit::LeadingPosition);
  field_->installEventFilter(this);
  doc_->setWordWrap(true);
  doc_->setTextFormat(Qt::RichText);
  doc_->setMinimumHeight(kCardHeight);
  doc_->setAlignment(Qt::AlignTop);
  theme::setClass(*doc_, "small");
  doc_->setContentsMargins(theme::kSpaceXs, 0, theme::kSpaceXs, 0);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setDragEnabled(false);
  list_->setInsideBlock(insideBlock);
  column->addWidget(field_);
  column->addWidget(list_, 1);
  column->addWidget(doc_);
  resize(360, 330 + kCardHeight);
  connect(field_, &QLineEdit::textChanged, this, &QuickAdd::search);
  connect(list_, &LayerList::picked, this, &QuickAdd::pick);
  connect(list_, &QListWidget::itemClicked, this, [this] {
    if (const layers::LayerSpec* layer = list_->currentLayer()) pick(QString::fromStdString(layer->id));
  });
  connect(list_, &QListWidget::currentRowChanged, this, [this] {
    const layers::LayerSpec* layer = list_->currentLayer();
    doc_->setText(layer ? cardHtml(*layer, list_->currentMisfit()) : tr("No layer is called that. Try another word."));
  });
  search({});
}

void QuickAdd::popUp(QPoint at) {
  const QScreen* screen = QGuiApplication::screenAt(at);
  if (!screen) screen = QGuiApplication::primaryScreen();
  const QRect room = screen->availableGeometry();
  move(std::clamp(at.x() - 20, room.left(), std::max(room.left(), room.right() - width())),
       std::clamp(at.y() - 20, room.top(), std::max(room.top(), room.bottom() - height())));
  show();
  field_->setFocus();
}

void QuickAdd::search(const QString& words) {
  std::vector<const layers::LayerSpec*> found = layers::searchLayers(words.trimmed().toStdString());
  std::vector<const layers::LayerSpec*> blocks = blocksCalled(blocks_, words.trimmed());
  found.insert(found.begin(), blocks.begin(), blocks.end());
  if (start_) std::erase_if(found, [this](const layers::LayerSpec* l) { return !canJoin(*l, *start_); });
  // What is called so comes before what merely has such a word, whether it fits or not.
  const auto called = [&](const layers::LayerSpec* l) {
    return QString::fromStdString(l->title).contains(words.trimmed(), Qt::CaseInsensitive);
  };
  const auto first = std::stable_partition(found.begin(), found.end(), called) - found.begin();
  const auto misfit = [this](const layers::LayerSpec& layer) {
    const auto it = misfits_.find(&layer);
    return it == misfits_.end() ? QString() : it->second;
  };
  list_->setLayers(found, false, misfit, static_cast<size_t>(first));
  list_->selectFirst();
  if (list_->count() == 0) doc_->setText(tr("No layer is called that. Try another word."));
}

void QuickAdd::pick(const QString& layer) {
  Q_EMIT picked(layer);
  close();
}

bool QuickAdd::eventFilter(QObject* watched, QEvent* event) {
  if (watched != field_ || event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down:
      return list_->step(1), true;
    case Qt::Key_Up:
      return list_->step(-1), true;
    case Qt::Key_Escape:
      return close(), true;
    case Qt::Key_F1:
      if (const layers::LayerSpec* layer = list_->currentLayer()) Q_EMIT helpAsked(QString::fromStdString(layer->id));
      return close(), true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (const layers::LayerSpec* layer = list_->currentLayer()) pick(QString::fromStdString(layer->id));
      return true;
    default:
      return false;
  }
}

}  // namespace netwright::editor
