// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/settings_form_rate.h"

#include <QPainter>
#include <algorithm>

#include "widgets/charts/sparkline.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr int64_t kStepsPerEpoch = 100;  // the shape is what matters; warm-up in steps is drawn against these
constexpr int kPoints = 240;

}  // namespace

RatePreview::RatePreview() {
  setObjectName("rate-preview");
  setFixedHeight(sizeHint().height());
  setAccessibleName(tr("Learning rate over the run"));
}

// What the rate does by itself; the plateau waits for the loss, so there is nothing to draw.
void RatePreview::display(const run::Objective& objective, int64_t epochs) {
  rates_.clear();
  const Attributes params = run::completeParams(objective.optimiser);
  const auto lr = params.find("lr");
  const auto base = lr == params.end() ? std::nullopt : numbers(lr->second);
  const bool drawn = objective.schedule.kind != "constant" && objective.schedule.kind != "plateau" && base &&
                     run::checkSchedule(objective.schedule).empty();
  setVisible(drawn);
  if (!drawn) return;
  const int64_t steps = std::max<int64_t>(1, epochs) * kStepsPerEpoch;
  const run::Scheduler scheduler(objective.schedule, base->front(), {steps, kStepsPerEpoch});
  for (int i = 0; i < kPoints; ++i) rates_.push_back(scheduler.rate(i * (steps - 1) / (kPoints - 1)));
  const auto [low, high] = std::minmax_element(rates_.begin(), rates_.end());
  setToolTip(tr("From %1 to %2, at most %3; drawn for %4 batches in an epoch.")
                 .arg(rates_.front(), 0, 'g', 3)
                 .arg(rates_.back(), 0, 'g', 3)
                 .arg(*high, 0, 'g', 3)
                 .arg(kStepsPerEpoch));
  (void)low;
  update();
}

void RatePreview::paintEvent(QPaintEvent*) {
  if (rates_.empty()) return;
  const theme::Palette& p = theme::palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  painter.setPen(p.subtleBorder);
  painter.setBrush(p.field);
  painter.drawRoundedRect(box, 4, 4);
  painter.setFont(theme::font(theme::TextStyle::Small));
  painter.setPen(p.muted);
  const QString first = QString::number(rates_.front(), 'g', 3), last = QString::number(rates_.back(), 'g', 3);
  const int left = painter.fontMetrics().horizontalAdvance(first),
            right = painter.fontMetrics().horizontalAdvance(last);
  const QRectF inside = box.adjusted(6, 4, -6, -4);
  painter.drawText(inside, Qt::AlignLeft | Qt::AlignVCenter, first);
  painter.drawText(inside, Qt::AlignRight | Qt::AlignVCenter, last);
  charts::paintSparkline(painter, inside.adjusted(left + 6, 2, -right - 6, -2), rates_, p.seriesColour(0));
}

}  // namespace netwright::panels
