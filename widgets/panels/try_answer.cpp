// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/try_answer.h"

#include <QPainter>
#include <algorithm>

#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr int kRow = 28, kMostRows = 12;

QString share(double value) { return QString("%1 %").arg(100 * value, 0, 'f', 1); }

}  // namespace

TryAnswerView::TryAnswerView() {
  setObjectName("try-answer");
  setAccessibleName(TryAnswerView::tr("What the network says"));
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] { update(); });
  display(std::nullopt);
}

void TryAnswerView::display(const std::optional<bridge::TryAnswer>& answer) {
  answer_ = answer;
  const QFontMetrics title(theme::font(theme::TextStyle::Title)), small(theme::font(theme::TextStyle::Small));
  setMinimumHeight(title.height() + 2 * small.height() + 3 * theme::kSpace + rowCount() * kRow);
  describe();
  update();
}

void TryAnswerView::setTruth(const QString& truth) {
  truth_ = truth;
  describe();
  update();
}

void TryAnswerView::describe() {
  QStringList words{headline()};
  for (int i = 0; i < rowCount(); ++i) words << rowText(i);
  setAccessibleDescription(words.join(". "));
}

std::vector<TryAnswerView::Row> TryAnswerView::rows() const {
  std::vector<Row> all;
  if (!answer_) return all;
  for (size_t i = 0; i < answer_->values.size(); ++i) all.push_back({static_cast<int>(i), answer_->values[i]});
  if (all.size() <= kMostRows) return answer_->classes.isEmpty() && all.size() == 1 ? std::vector<Row>() : all;
  if (!answer_->classes.isEmpty() && answer_->text.isEmpty())
    std::stable_sort(all.begin(), all.end(), [](const Row& a, const Row& b) { return a.value > b.value; });
  all.resize(kMostRows);
  return all;
}

int TryAnswerView::rowCount() const { return static_cast<int>(rows().size()); }

QString TryAnswerView::rowText(int index) const {
  const Row row = rows()[static_cast<size_t>(index)];
  if (answer_->classes.isEmpty()) return tr("Number %1: %2").arg(row.index + 1).arg(row.value, 0, 'g', 5);
  return tr("%1: %2").arg(answer_->classes[row.index], share(row.value));
}

QString TryAnswerView::headline() const {
  if (!answer_ || (answer_->values.empty() && answer_->text.isEmpty())) return QStringLiteral("–");
  if (!answer_->text.isEmpty()) return answer_->text;
  if (const int best = answer_->best(); best >= 0) return answer_->classes[best];
  return QString::number(answer_->values.front(), 'g', 5);
}

void TryAnswerView::paintEvent(QPaintEvent*) {
  const theme::Palette& p = theme::palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QFontMetricsF small(theme::font(theme::TextStyle::Small)), title(theme::font(theme::TextStyle::Title));
  painter.setFont(theme::font(theme::TextStyle::Small));
  painter.setPen(p.muted);
  const bool classes = answer_ && !answer_->classes.isEmpty();
  painter.drawText(QPointF(0, small.ascent()), answer_ && answer_->continues ? tr("The next letter")
                                               : classes || !answer_
                                                   ? tr("The network says")
                                                   : tr("The network says, for %1").arg(answer_->name));
  painter.setFont(theme::font(theme::TextStyle::Title));
  painter.setPen(answer_ ? p.text : p.muted);
  double y = small.height() + 4;
  painter.drawText(QPointF(0, y + title.ascent()), title.elidedText(headline(), Qt::ElideRight, width()));
  y += title.height() + 2;
  if (!answer_) {
    painter.setFont(theme::font(theme::TextStyle::Body));
    painter.drawText(QRectF(0, y + theme::kSpaceSmall, width(), 80), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                     tr("Its answer appears here as soon as it is told something, and changes with every stroke."));
    return;
  }
  painter.setFont(theme::font(theme::TextStyle::Small));
  if (!truth_.isEmpty()) {
    const bool right = classes && headline() == truth_;
    painter.setPen(!classes || !answer_ ? p.muted : right ? p.success : p.error);
    const QString sign = !classes || !answer_ ? QString() : right ? QStringLiteral("✓ ") : QStringLiteral("✗ ");
    painter.drawText(QPointF(0, y + small.ascent()), sign + tr("It is %1").arg(truth_));
  }
  y += small.height() + theme::kSpace;
  for (const Row& row : rows()) {
    paintRow(painter, QRectF(0, y, width(), kRow - 6), row);
    y += kRow;
  }
}

// As wide as the widest name, within reason.
double TryAnswerView::nameColumn() const {
  const QFontMetricsF metrics(theme::font(theme::TextStyle::Small));
  double widest = metrics.horizontalAdvance("00");
  for (const QString& name : answer_->classes) widest = std::max(widest, metrics.horizontalAdvance(name));
  return std::min({widest + 10, width() * 0.4, 170.0});
}

void TryAnswerView::paintRow(QPainter& painter, const QRectF& box, const Row& row) const {
  const theme::Palette& p = theme::palette();
  const QFontMetricsF metrics(painter.font());
  const bool classes = !answer_->classes.isEmpty();
  const double nameWidth = nameColumn(), valueWidth = metrics.horizontalAdvance("100.0 %") + 8;
  const bool best = !answer_->text.isEmpty() || row.index == answer_->best();
  const QString name = classes ? answer_->classes[row.index] : QString::number(row.index + 1);
  painter.setPen(best ? p.text : p.muted);
  painter.drawText(QRectF(box.left(), box.top(), nameWidth - 8, box.height()), Qt::AlignRight | Qt::AlignVCenter,
                   metrics.elidedText(name, Qt::ElideRight, nameWidth - 8));
  if (!classes) {
    painter.drawText(QRectF(nameWidth, box.top(), box.width() - nameWidth, box.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, QString::number(row.value, 'g', 6));
    return;
  }
  const QRectF track(nameWidth, box.top() + 3, box.width() - nameWidth - valueWidth, box.height() - 6);
  painter.setPen(Qt::NoPen);
  painter.setBrush(p.hover);
  painter.drawRoundedRect(track, 4, 4);
  QRectF bar = track;
  bar.setWidth(std::max(0.0, track.width() * std::clamp(row.value, 0.0, 1.0)));
  painter.setBrush(best ? p.accent : p.seriesColour(0).lighter(p.dark ? 90 : 130));
  if (bar.width() > 1) painter.drawRoundedRect(bar, 4, 4);
  painter.setPen(best ? p.text : p.muted);
  painter.drawText(QRectF(box.right() - valueWidth, box.top(), valueWidth, box.height()),
                   Qt::AlignRight | Qt::AlignVCenter, share(row.value));
}

}  // namespace netwright::panels
