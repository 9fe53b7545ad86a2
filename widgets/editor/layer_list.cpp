// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/layer_list.h"

#include <QContextMenuEvent>
#include <QDrag>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QUrl>
#include <utility>

#include "core/graph/document.h"
#include "core/layers/registry.h"
#include "widgets/editor/layer_marks.h"
#include "widgets/editor/node_style.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::editor {
namespace {

constexpr int kIdRole = Qt::UserRole, kCategoryRole = Qt::UserRole + 1, kSideRole = Qt::UserRole + 2,
              kMisfitRole = Qt::UserRole + 3, kFoldedRole = Qt::UserRole + 4, kSectionRole = Qt::UserRole + 5;
constexpr int kMark = 18, kStar = 20;
constexpr int kFavourites = -2, kRecent = -1;  // sections beside the categories

void paintMark(QPainter& p, const QRectF& box, layers::Category category) {
  p.setPen(Qt::NoPen);
  p.setBrush(categoryColour(category));
  p.drawRoundedRect(box, 5, 5);
  QFont font = theme::font(theme::TextStyle::Small, 1);
  font.setWeight(QFont::Bold);
  p.setFont(font);
  p.setPen(theme::palette().dark ? QColor("#15161a") : QColor("#ffffff"));
  p.drawText(box, Qt::AlignCenter, categoryMark(category));
}

QRectF starBox(const QRect& row) {
  return {row.right() - kStar - 4.0, double(row.top()), double(kStar), double(row.height())};
}

// Full where it is a favourite; faint where it could become one.
void paintStar(QPainter& p, const QRectF& box, bool favourite, bool hovered) {
  if (!favourite && !hovered) return;
  p.setFont(theme::font(theme::TextStyle::Body));
  p.setPen(favourite ? theme::palette().accent : theme::palette().muted);
  p.drawText(box, Qt::AlignCenter, favourite ? QStringLiteral("★") : QStringLiteral("☆"));
}

class LayerDelegate final : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const bool heading = index.data(kIdRole).toString().isEmpty();
    return {option.rect.width(),
            std::max(heading ? 30 : 28, QFontMetrics(theme::font(theme::TextStyle::Body)).height() + 8)};
  }

  void paint(QPainter* p, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const theme::Palette& c = theme::palette();
    p->save();
    p->setRenderHint(QPainter::Antialiasing);
    const QRectF row = QRectF(option.rect).adjusted(6, 1, -6, -1);
    const auto category = static_cast<layers::Category>(index.data(kCategoryRole).toInt());
    if (index.data(kIdRole).toString().isEmpty()) {
      p->setFont(theme::font(theme::TextStyle::Small));
      p->setPen(c.muted);
      const QString sign = index.data(kFoldedRole).toBool() ? QStringLiteral("▸  ") : QStringLiteral("▾  ");
      p->drawText(row.adjusted(6, 4, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, sign + index.data().toString());
      p->restore();
      return;
    }
    const bool selected = option.state & QStyle::State_Selected, hovered = option.state & QStyle::State_MouseOver;
    if (selected || hovered) {
      p->setPen(Qt::NoPen);
      p->setBrush(selected ? c.accentSoft : c.hover);
      p->drawRoundedRect(row, 5, 5);
    }
    const bool misfit = !index.data(kMisfitRole).toString().isEmpty();
    p->setOpacity(misfit ? 0.5 : 1);
    paintMark(*p, {row.left() + 6, row.center().y() - kMark / 2.0, kMark, kMark}, category);
    paintStar(*p, starBox(option.rect), LayerMarks::instance().isFavourite(index.data(kIdRole).toString()), hovered);
    QRectF text = row.adjusted(6 + kMark + 8, 0, -kStar, 0);
    const QFont body = theme::font(theme::TextStyle::Body);
    const QString title = index.data().toString(), side = index.data(kSideRole).toString();
    p->setFont(body);
    p->setPen(c.text);
    p->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, title);
    text.adjust(QFontMetricsF(body).horizontalAdvance(title) + 10, 0, 0, 0);
    p->setFont(theme::font(theme::TextStyle::Small));
    p->setPen(c.muted);
    if (QFontMetricsF(p->font()).horizontalAdvance(side) <= text.width())
      p->drawText(text, Qt::AlignRight | Qt::AlignVCenter, side);
    p->restore();
  }
};

}  // namespace

std::vector<const layers::LayerSpec*> blocksCalled(const std::vector<std::shared_ptr<const layers::LayerSpec>>& blocks,
                                                   const QString& words) {
  std::vector<const layers::LayerSpec*> found;
  for (const auto& block : blocks)
    for (const std::string* text : {&block->title, &block->doc})
      if (QString::fromStdString(*text).contains(words, Qt::CaseInsensitive)) {
        found.push_back(block.get());
        break;
      }
  return found;
}

LayerList::LayerList(QWidget* parent)
    : QListWidget(parent),
      folded_{int(layers::Category::Padding),    int(layers::Category::Arithmetic), int(layers::Category::Function),
              int(layers::Category::Comparison), int(layers::Category::Reduction),  int(layers::Category::Selection),
              int(layers::Category::Source)} {
  setItemDelegate(new LayerDelegate(this));
  setFrameShape(NoFrame);
  setStyleSheet("QListWidget { border: none; background: transparent; }");
  setVerticalScrollMode(ScrollPerPixel);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setMouseTracking(true);
  setUniformItemSizes(false);
  setResizeMode(Adjust);
  setDragEnabled(true);
  setDragDropMode(DragOnly);
  connect(this, &QListWidget::itemDoubleClicked, this, [this](QListWidgetItem* item) {
    if (const QString id = item->data(kIdRole).toString(); !id.isEmpty()) Q_EMIT picked(id);
  });
  connect(this, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
    if (item->data(kIdRole).toString().isEmpty()) toggle(item->data(kSectionRole).toInt());
  });
  connect(&theme::Theme::instance(), &theme::Theme::changed, viewport(), [this] { viewport()->update(); });
}

void LayerList::addHeading(int section, const QString& title) {
  auto* item = new QListWidgetItem(title, this);
  item->setFlags(Qt::ItemIsEnabled);
  item->setData(kSectionRole, section);
}

void LayerList::toggle(int section) {
  if (folded_.erase(section) == 0) folded_.insert(section);
  hideFolded();
}

void LayerList::addMarked(int section, const QString& title, const QStringList& layers) {
  if (layers.isEmpty()) return;
  addHeading(section, title);
  for (const QString& id : layers)
    if (standsHere(id.toStdString())) addLayer(*layers::findLayer(id.toStdString()), {}, section);
}

void LayerList::hideFolded() {
  for (int row = 0; row < count(); ++row) {
    const bool folded = folded_.contains(item(row)->data(kSectionRole).toInt());
    const bool heading = item(row)->data(kIdRole).toString().isEmpty();
    if (heading) item(row)->setData(kFoldedRole, folded);
    setRowHidden(row, folded && !heading);
  }
}

void LayerList::addLayer(const layers::LayerSpec& layer, const QString& misfit, int section) {
  listed_[QString::fromStdString(layer.id)] = &layer;
  auto* item = new QListWidgetItem(QString::fromStdString(layer.title), this);
  item->setData(kIdRole, QString::fromStdString(layer.id));
  item->setData(kCategoryRole, static_cast<int>(layer.category));
  item->setData(kSectionRole, section);
  item->setData(kSideRole, QString::fromStdString(layer.torchName));
  item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled);
  item->setData(Qt::AccessibleDescriptionRole, QString::fromStdString(layer.doc));
  item->setData(kMisfitRole, misfit);
}

void LayerList::setLayers(const std::vector<const layers::LayerSpec*>& layers, bool grouped, const Misfit& misfit,
                          size_t first) {
  pointAt(nullptr);
  clear();
  listed_.clear();
  const layers::LayerSpec* before = nullptr;
  std::vector<std::pair<const layers::LayerSpec*, QString>> last;
  const auto addLast = [&] {
    for (const auto& [layer, why] : std::exchange(last, {})) addLayer(*layer, why, int(layer->category));
  };
  if (grouped) {
    addMarked(kFavourites, tr("Favourites"), LayerMarks::instance().favourites());
    addMarked(kRecent, tr("Used last"), LayerMarks::instance().recent());
  }
  for (size_t i = 0; i < layers.size(); ++i) {
    const layers::LayerSpec* layer = layers[i];
    if (i == first) addLast();
    if (layer->category == layers::Category::Loss || !standsHere(layer->id)) continue;
    if (const QString why = misfit ? misfit(*layer) : QString(); !why.isEmpty()) {
      last.emplace_back(layer, why);
      continue;
    }
    if (grouped && (!before || before->category != layer->category))
      addHeading(int(layer->category), QString::fromStdString(layers::title(layer->category)));
    addLayer(*layer, {}, int(layer->category));
    before = layer;
  }
  addLast();
  if (grouped) hideFolded();
}

bool LayerList::standsHere(const std::string& id) const {
  if (id == graph::kBlockInput || id == graph::kBlockOutput) return inside_;
  return !inside_ || (id != "input" && id != "output");
}

QString LayerList::currentMisfit() const {
  return currentItem() ? currentItem()->data(kMisfitRole).toString() : QString();
}

const layers::LayerSpec* LayerList::currentLayer() const {
  const QListWidgetItem* item = currentItem();
  return item ? layerOf(*item) : nullptr;
}

const layers::LayerSpec* LayerList::layerOf(const QListWidgetItem& item) const {
  const auto it = listed_.find(item.data(kIdRole).toString());
  return it == listed_.end() ? nullptr : it->second;
}

void LayerList::selectFirst() {
  for (int row = 0; row < count(); ++row)
    if ((item(row)->flags() & Qt::ItemIsSelectable) && !isRowHidden(row)) return setCurrentRow(row);
}

void LayerList::step(int rows) {
  for (int row = currentRow() + rows; row >= 0 && row < count(); row += rows)
    if ((item(row)->flags() & Qt::ItemIsSelectable) && !isRowHidden(row)) {
      setCurrentRow(row);
      scrollToItem(item(row));
      return pointAt(item(row));
    }
}

QMimeData* LayerList::mimeData(const QList<QListWidgetItem*>& items) const {
  auto* data = new QMimeData;
  if (items.isEmpty()) return data;
  const QString id = items.front()->data(kIdRole).toString();
  data->setData(kLayerMime, id.toUtf8());
  if (id.startsWith("library:")) data->setUrls({QUrl::fromLocalFile(id.mid(8))});  // out of the window: its file
  return data;
}

void LayerList::pointAt(const QListWidgetItem* item) {
  if (item && item->data(kIdRole).toString().isEmpty()) item = nullptr;  // a heading
  if (item == pointed_) return;
  pointed_ = item;
  if (!item) return Q_EMIT pointedAt(nullptr, {});
  const QRect row = visualItemRect(item);
  Q_EMIT pointedAt(layerOf(*item), QRect(viewport()->mapToGlobal(row.topLeft()), row.size()));
}

void LayerList::mouseMoveEvent(QMouseEvent* event) {
  pointAt(event->buttons() ? nullptr : itemAt(event->position().toPoint()));
  QListWidget::mouseMoveEvent(event);
}

bool LayerList::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::Leave || event->type() == QEvent::Wheel || event->type() == QEvent::Hide)
    pointAt(nullptr);
  return QListWidget::viewportEvent(event);
}

void LayerList::startDrag(Qt::DropActions) {
  pointAt(nullptr);
  const layers::LayerSpec* layer = currentLayer();
  if (!layer) return;
  auto* drag = new QDrag(this);
  drag->setMimeData(mimeData(selectedItems()));
  const QRect row = visualItemRect(currentItem());
  drag->setPixmap(viewport()->grab(row));
  drag->setHotSpot({row.width() / 2, row.height() / 2});
  drag->exec(Qt::CopyAction);
}

// A click on the star of a row makes it a favourite and picks nothing.
bool LayerList::pressStar(const QMouseEvent& event) {
  const QListWidgetItem* item = itemAt(event.pos());
  const QString id = item ? item->data(kIdRole).toString() : QString();
  if (event.button() != Qt::LeftButton || id.isEmpty() || !starBox(visualItemRect(item)).contains(event.pos()))
    return false;
  LayerMarks& marks = LayerMarks::instance();
  marks.setFavourite(id, !marks.isFavourite(id));
  viewport()->update();
  return true;
}

void LayerList::mousePressEvent(QMouseEvent* event) {
  if (!pressStar(*event)) QListWidget::mousePressEvent(event);
}

void LayerList::mouseDoubleClickEvent(QMouseEvent* event) {
  if (!pressStar(*event)) QListWidget::mouseDoubleClickEvent(event);
}

void LayerList::contextMenuEvent(QContextMenuEvent* event) {
  const QListWidgetItem* item = event->reason() == QContextMenuEvent::Keyboard ? currentItem() : itemAt(event->pos());
  const QString id = item ? item->data(kIdRole).toString() : QString();
  if (id.isEmpty()) return;
  const bool favourite = LayerMarks::instance().isFavourite(id);
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(favourite ? tr("Remove from the favourites") : tr("Add to the favourites"),
                  [id, favourite] { LayerMarks::instance().setFavourite(id, !favourite); });
  menu->popup(event->reason() == QContextMenuEvent::Keyboard ? mapToGlobal(visualItemRect(item).center())
                                                             : event->globalPos());
}

void LayerList::keyPressEvent(QKeyEvent* event) {
  const layers::LayerSpec* layer = currentLayer();
  if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && layer) {
    Q_EMIT picked(QString::fromStdString(layer->id));
    return;
  }
  QListWidget::keyPressEvent(event);
}

}  // namespace netwright::editor
