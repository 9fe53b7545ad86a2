// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/recent_list.h"

#include <QDateTime>
#include <QGridLayout>
#include <QHash>
#include <QPainter>
#include <QPainterPath>
#include <QToolButton>

#include "widgets/bridge/background.h"
#include "widgets/bridge/metric_text.h"
#include "widgets/panels/graph_thumbnail.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr int kPicture = 84, kPadding = theme::kSpace;

int lineHeight(theme::TextStyle style) { return QFontMetrics(theme::font(style)).height(); }

}  // namespace

RecentCard::RecentCard(const bridge::RecentProject& project) : project_(project) {
  auto* remove = toolButton("close", tr("Remove from this list; the folder is not touched"));
  remove->setParent(this);
  connect(remove, &QToolButton::clicked, this, &RecentCard::removed);
  remove_ = remove;
  setText(project.name);
  setToolTip(project.missing ? tr("There is no project in this folder any more.") : project.folder);
  setAccessibleName(project.missing ? tr("%1, missing").arg(project.name) : tr("Open %1").arg(project.name));
  setFocusPolicy(Qt::StrongFocus);
  setCursor(project.missing ? Qt::ArrowCursor : Qt::PointingHandCursor);
  setAttribute(Qt::WA_Hover);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void RecentCard::setPicture(const bridge::GraphPicture& picture) {
  picture_ = picture;
  update();
}

QSize RecentCard::sizeHint() const {
  return {240, kPicture + kPadding + lineHeight(theme::TextStyle::Strong) + 2 + lineHeight(theme::TextStyle::Small) +
                   kPadding};
}

void RecentCard::resizeEvent(QResizeEvent*) {
  const QSize size = remove_->sizeHint();
  remove_->setGeometry(width() - size.width() - theme::kSpaceXs, theme::kSpaceXs, size.width(), size.height());
}

void RecentCard::paintEvent(QPaintEvent*) {
  const theme::Palette& p = theme::palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const bool hovered = underMouse() && !project_.missing;
  QPainterPath outline;
  outline.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme::kRadiusLarge, theme::kRadiusLarge);
  painter.fillPath(outline, p.raised);
  painter.save();
  painter.setClipPath(outline);
  const QRectF picture(0, 0, width(), kPicture);
  painter.fillRect(picture, isDown() ? p.pressed : hovered ? p.accentSoft : p.canvas);
  if (project_.missing)
    painter.drawPixmap(QPointF(width() / 2.0 - 12, kPicture / 2.0 - 12),
                       theme::iconPixmap("warning", p.disabled, 24, devicePixelRatioF()));
  else
    paintGraph(painter, picture, picture_);
  painter.restore();
  painter.setPen(QPen(hasFocus() ? p.focus : hovered ? p.accentInk : p.subtleBorder, hasFocus() || hovered ? 1.5 : 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(outline);

  QRect words(kPadding, kPicture + kPadding - 2, width() - 2 * kPadding, lineHeight(theme::TextStyle::Strong));
  painter.setFont(theme::font(theme::TextStyle::Strong));
  painter.setPen(project_.missing ? p.disabled : p.text);
  painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                   painter.fontMetrics().elidedText(project_.name, Qt::ElideRight, words.width()));
  words.moveTop(words.bottom() + 2);
  words.setHeight(lineHeight(theme::TextStyle::Small));
  painter.setFont(theme::font(theme::TextStyle::Small));
  painter.setPen(project_.missing ? p.disabled : p.muted);
  const QString when = project_.missing
                           ? tr("missing")
                           : bridge::whenText(project_.opened.toMSecsSinceEpoch(), QDateTime::currentMSecsSinceEpoch());
  painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter, when);
  words.setRight(words.right() - painter.fontMetrics().horizontalAdvance(when) - theme::kSpaceSmall);
  painter.drawText(
      words, Qt::AlignLeft | Qt::AlignVCenter,
      painter.fontMetrics().elidedText(bridge::shownPath(project_.folder), Qt::ElideMiddle, words.width()));
}

RecentList::RecentList() : cards_(new QGridLayout(this)) {
  cards_->setContentsMargins(0, 0, 0, 0);
  cards_->setSpacing(theme::kSpaceLarge);
  for (int column = 0; column < kShown; ++column) cards_->setColumnStretch(column, 1);
}

void RecentList::reload() {
  while (QLayoutItem* item = cards_->takeAt(0)) {
    if (QWidget* card = item->widget()) {  // it may be the one that was just clicked
      card->hide();                        // else the layout shows it later, as a window
      card->setParent(nullptr);
      card->deleteLater();
    }
    delete item;
  }
  const QVector<bridge::RecentProject> projects = bridge::recentProjects();
  for (int i = 0; i < std::min<qsizetype>(kShown, projects.size()); ++i) {
    const bridge::RecentProject& project = projects[i];
    auto* card = new RecentCard(project);
    connect(card, &RecentCard::clicked, this, [this, project] {
      if (!project.missing) Q_EMIT openRequested(project.folder);
    });
    connect(card, &RecentCard::removed, this, [this, project] {
      bridge::forgetProject(project.folder);
      reload();
    });
    cards_->addWidget(card, 0, i);
  }
  for (int i = static_cast<int>(projects.size()); i < kShown; ++i)
    cards_->addItem(new QSpacerItem(0, 0), 0, i);  // a single card is as wide as four are
  setVisible(!projects.isEmpty());
  Q_EMIT emptied(projects.isEmpty());
  if (!projects.isEmpty()) loadPictures();
}

void RecentList::loadPictures() {
  QStringList folders;
  for (const bridge::RecentProject& p : bridge::recentProjects().mid(0, kShown))
    if (!p.missing) folders << p.folder;
  bridge::inBackground(
      this,
      [folders] {
        QHash<QString, bridge::GraphPicture> pictures;
        for (const QString& folder : folders) pictures.insert(folder, bridge::pictureOfProject(folder));
        return pictures;
      },
      [this](const QHash<QString, bridge::GraphPicture>& pictures) {
        for (RecentCard* card : findChildren<RecentCard*>()) card->setPicture(pictures.value(card->folder()));
      },
      [](const bridge::Message&) {});  // the cards stay without pictures
}

}  // namespace netwright::panels
