// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/recent_list.h"

#include <QDateTime>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/bridge/metric_text.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr int kShown = 6, kRow = 52, kWhen = 130;

}  // namespace

RecentRow::RecentRow(const bridge::RecentProject& project) : project_(project) {
  auto* remove = toolButton("close", tr("Remove from this list; the folder is not touched"));
  remove->setParent(this);
  connect(remove, &QToolButton::clicked, this, &RecentRow::removed);
  remove_ = remove;
  setEnabled(true);
  setText(project.name);
  setToolTip(project.missing ? tr("There is no project in this folder any more.") : project.folder);
  setAccessibleName(project.missing ? tr("%1, missing").arg(project.name) : tr("Open %1").arg(project.name));
  setFocusPolicy(Qt::StrongFocus);
  setCursor(project.missing ? Qt::ArrowCursor : Qt::PointingHandCursor);
  setAttribute(Qt::WA_Hover);
}

QSize RecentRow::sizeHint() const { return {400, kRow}; }

void RecentRow::resizeEvent(QResizeEvent*) {
  const QSize size = remove_->sizeHint();
  remove_->setGeometry(width() - size.width() - theme::kSpaceSmall, (height() - size.height()) / 2, size.width(),
                       size.height());
}

void RecentRow::paintEvent(QPaintEvent*) {
  const theme::Palette& p = theme::palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (hasFocus() || (underMouse() && !project_.missing)) {
    painter.setPen(hasFocus() ? QPen(p.focus, 1.5) : QPen(Qt::NoPen));
    painter.setBrush(underMouse() && !project_.missing ? p.hover : QColor(Qt::transparent));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), theme::kRadius, theme::kRadius);
  }
  const QColor ink = project_.missing ? p.disabled : p.text, quiet = project_.missing ? p.disabled : p.muted;
  painter.drawPixmap(theme::kSpaceLarge, (height() - 18) / 2,
                     theme::iconPixmap(project_.missing ? "warning" : "graph", quiet, 18, devicePixelRatioF()));
  const int left = theme::kSpaceLarge + 18 + theme::kSpace;
  const int right = width() - remove_->width() - 2 * theme::kSpaceSmall;
  const QRect words(left, 0, right - left - kWhen, height());
  painter.setFont(theme::font(theme::TextStyle::Strong));
  painter.setPen(ink);
  painter.drawText(words.adjusted(0, 8, 0, -height() / 2), Qt::AlignLeft | Qt::AlignVCenter,
                   painter.fontMetrics().elidedText(project_.name, Qt::ElideRight, words.width()));
  painter.setFont(theme::font(theme::TextStyle::Small));
  painter.setPen(quiet);
  const QString path = bridge::shownPath(project_.folder);
  painter.drawText(words.adjusted(0, height() / 2, 0, -8), Qt::AlignLeft | Qt::AlignVCenter,
                   painter.fontMetrics().elidedText(path, Qt::ElideMiddle, words.width()));
  const QString when = project_.missing
                           ? tr("missing")
                           : bridge::whenText(project_.opened.toMSecsSinceEpoch(), QDateTime::currentMSecsSinceEpoch());
  painter.drawText(QRect(right - kWhen, 0, kWhen, height()), Qt::AlignRight | Qt::AlignVCenter, when);
}

RecentList::RecentList() : rows_(new QVBoxLayout(this)) {
  theme::setClass(*this, "card");
  rows_->setContentsMargins(theme::kSpaceXs, theme::kSpaceXs, theme::kSpaceXs, theme::kSpaceXs);
  rows_->setSpacing(0);
}

void RecentList::reload() {
  while (QLayoutItem* item = rows_->takeAt(0)) {
    if (item->widget()) item->widget()->deleteLater();
    delete item;
  }
  const QVector<bridge::RecentProject> projects = bridge::recentProjects();
  for (const bridge::RecentProject& project : projects.mid(0, kShown)) {
    auto* row = new RecentRow(project);
    connect(row, &RecentRow::clicked, this, [this, project] {
      if (!project.missing) Q_EMIT openRequested(project.folder);
    });
    connect(row, &RecentRow::removed, this, [this, project] {
      bridge::forgetProject(project.folder);
      reload();
    });
    rows_->addWidget(row);
  }
  if (!projects.isEmpty()) return;
  auto* none = wrapped(tr("Projects you make or open are listed here."), "muted");
  none->setContentsMargins(theme::kSpace, theme::kSpace, theme::kSpace, theme::kSpace);
  rows_->addWidget(none);
}

}  // namespace netwright::panels
