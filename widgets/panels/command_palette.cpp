// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/command_palette.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QSettings>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/panels/fuzzy.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr int kIndexRole = Qt::UserRole, kContextRole = Qt::UserRole + 1, kKeysRole = Qt::UserRole + 2;
constexpr int kWidth = 560, kHeight = 420, kRow = 32, kRemembered = 5;
constexpr const char* kLastUsed = "palette/lastUsed";

QSettings settings() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "netwright", "netwright"); }

bool holdsWords(const QString& text, const QString& words) {
  const QStringList all = words.split(' ', Qt::SkipEmptyParts);
  return std::all_of(all.begin(), all.end(), [&](const QString& w) { return text.contains(w, Qt::CaseInsensitive); });
}

class CommandDelegate final : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
    return {200, std::max(kRow, QFontMetrics(theme::font(theme::TextStyle::Body)).height() + 12)};
  }

  void paint(QPainter* p, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const theme::Palette& c = theme::palette();
    p->save();
    p->setRenderHint(QPainter::Antialiasing);
    const QRect row = option.rect.adjusted(2, 1, -2, -1);
    if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
      p->setPen(Qt::NoPen);
      p->setBrush(option.state & QStyle::State_Selected ? c.accentSoft : c.hover);
      p->drawRoundedRect(row, theme::kRadius, theme::kRadius);
    }
    const bool usable = index.flags() & Qt::ItemIsEnabled;
    const QRect icon(row.left() + 10, row.center().y() - 8, 16, 16);
    index.data(Qt::DecorationRole)
        .value<QIcon>()
        .paint(p, icon, Qt::AlignCenter, usable ? QIcon::Normal : QIcon::Disabled);
    QRect words = row.adjusted(38, 0, -10, 0);
    p->setFont(theme::font(theme::TextStyle::Small));
    p->setPen(usable ? c.muted : c.disabled);
    if (const QString keys = index.data(kKeysRole).toString(); !keys.isEmpty()) {
      p->drawText(words, Qt::AlignRight | Qt::AlignVCenter, keys);
      words.setRight(words.right() - p->fontMetrics().horizontalAdvance(keys) - theme::kSpaceLarge);
    }
    const QString context = index.data(kContextRole).toString();
    const int side = p->fontMetrics().horizontalAdvance(context);
    const QFont body = theme::font(theme::TextStyle::Body);
    const QString text =
        QFontMetrics(body).elidedText(index.data().toString(), Qt::ElideRight, words.width() - side - theme::kSpace);
    const int width = QFontMetrics(body).horizontalAdvance(text);
    p->drawText(words.adjusted(width + theme::kSpaceSmall, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, context);
    p->setFont(body);
    p->setPen(usable ? c.text : c.disabled);
    p->drawText(words, Qt::AlignLeft | Qt::AlignVCenter, text);
    p->restore();
  }
};

}  // namespace

CommandPalette::CommandPalette(QVector<Command> commands, QWidget* window)
    : QFrame(window, Qt::Popup),
      commands_(std::move(commands)),
      field_(new QLineEdit),
      list_(new QListWidget),
      help_(new QLabel) {
  setObjectName("command-palette");
  setAttribute(Qt::WA_DeleteOnClose);
  setAccessibleName(tr("Command palette"));
  theme::setClass(*this, "card");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceSmall, theme::kSpaceSmall, theme::kSpaceSmall, theme::kSpaceSmall);
  column->setSpacing(theme::kSpaceSmall);
  field_->setPlaceholderText(tr("What do you want to do?"));
  field_->setAccessibleName(tr("Search commands"));
  field_->addAction(theme::icon("search", theme::IconRole::Muted), QLineEdit::LeadingPosition);
  field_->installEventFilter(this);
  list_->setItemDelegate(new CommandDelegate(list_));
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setFrameShape(QFrame::NoFrame);
  list_->setMouseTracking(true);
  list_->setUniformItemSizes(true);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setAccessibleName(tr("Commands"));
  theme::setClass(*help_, "muted small");
  help_->setContentsMargins(theme::kSpaceXs, 0, theme::kSpaceXs, 0);
  help_->setWordWrap(true);
  column->addWidget(field_);
  column->addWidget(list_, 1);
  column->addWidget(help_);
  resize(kWidth, kHeight);
  connect(field_, &QLineEdit::textChanged, this, &CommandPalette::search);
  connect(list_, &QListWidget::itemClicked, this, &CommandPalette::run);
  connect(list_, &QListWidget::currentRowChanged, this, [this] {
    const QListWidgetItem* item = list_->currentItem();
    const Command* c = item ? &commands_[item->data(kIndexRole).toInt()] : nullptr;
    help_->setText(!c            ? tr("Nothing is called that. Try another word.")
                   : !c->enabled ? tr("%1 Not possible at the moment.").arg(c->help)
                                 : c->help);
  });
  search({});
}

void CommandPalette::popUp() {
  const QWidget* window = parentWidget();
  const int width = std::min(kWidth, window->width() - 2 * theme::kSpaceXl);
  resize(width, std::min(kHeight, window->height() - 120));
  move(window->mapToGlobal(QPoint((window->width() - width) / 2, 72)));
  show();
  field_->setFocus();
}

void CommandPalette::search(const QString& words) {
  struct Hit {
    int command, score;
  };
  const QStringList last = settings().value(kLastUsed).toStringList();
  QVector<Hit> hits;
  for (int i = 0; i < commands_.size(); ++i) {
    const Command& c = commands_[i];
    // The name counts more than where it is and what its help says.
    std::optional<int> score = fuzzyScore(words, c.text);
    if (score) *score = *score * 2 + 50;
    if (!score && holdsWords(c.text + ' ' + c.context + ' ' + c.id, words)) score = 10;
    if (!score && words.size() > 2 && c.help.contains(words, Qt::CaseInsensitive)) score = 0;
    if (!score) continue;
    const qsizetype used = last.indexOf(c.id);
    if (used >= 0) *score += static_cast<int>(kRemembered - used);
    if (!c.enabled) *score -= 10000;
    hits.append({i, *score});
  }
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.score > b.score; });
  list_->clear();
  for (const Hit& hit : hits) {
    const Command& c = commands_[hit.command];
    auto* item = new QListWidgetItem(c.icon, c.text, list_);
    item->setData(kIndexRole, hit.command);
    item->setData(kContextRole, c.context);
    item->setData(kKeysRole, c.keys);
    if (!c.enabled) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
  }
  list_->setCurrentRow(hits.isEmpty() ? -1 : 0);
  if (hits.isEmpty()) help_->setText(tr("Nothing is called that. Try another word."));
}

QStringList CommandPalette::found() const {
  QStringList ids;
  for (int i = 0; i < list_->count(); ++i) ids << commands_[list_->item(i)->data(kIndexRole).toInt()].id;
  return ids;
}

QString CommandPalette::current() const {
  const QListWidgetItem* item = list_->currentItem();
  return item ? commands_[item->data(kIndexRole).toInt()].id : QString();
}

void CommandPalette::step(int rows) {
  if (list_->count() > 0) list_->setCurrentRow(std::clamp(list_->currentRow() + rows, 0, list_->count() - 1));
}

void CommandPalette::run() {
  const QListWidgetItem* item = list_->currentItem();
  if (!item) return;
  const Command command = commands_[item->data(kIndexRole).toInt()];
  if (!command.enabled) return;
  QSettings s = settings();
  QStringList last = s.value(kLastUsed).toStringList();
  last.removeAll(command.id);
  last.prepend(command.id);
  s.setValue(kLastUsed, last.mid(0, kRemembered));
  close();
  QTimer::singleShot(0, parentWidget(), command.act);  // a command may open a dialog: this box is gone by then
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (watched != field_ || event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down:
      return step(1), true;
    case Qt::Key_Up:
      return step(-1), true;
    case Qt::Key_PageDown:
      return step(8), true;
    case Qt::Key_PageUp:
      return step(-8), true;
    case Qt::Key_Escape:
      return close(), true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      return run(), true;
    default:
      return false;
  }
}

}  // namespace netwright::panels
