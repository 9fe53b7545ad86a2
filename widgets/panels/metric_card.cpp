// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/metric_card.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <cmath>

#include "widgets/bridge/metric_text.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {

MetricCard::MetricCard(const QString& key, const QString& context, bool higherIsBetter)
    : key_(key),
      context_(context),
      higherIsBetter_(higherIsBetter),
      value_(label({}, "title")),
      change_(label({}, "small muted")) {
  theme::setClass(*this, "card");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpaceSmall + 2, theme::kSpaceLarge, theme::kSpaceSmall + 2);
  column->setSpacing(0);
  column->addWidget(label(bridge::metricTitle(key, context), "muted small"));
  auto* row = new QHBoxLayout;
  row->setSpacing(theme::kSpaceSmall);
  row->addWidget(value_);
  row->addWidget(change_, 0, Qt::AlignBottom);
  row->addStretch();
  column->addLayout(row);
  setValue({}, {});
}

void MetricCard::setValue(std::optional<double> value, std::optional<double> before) {
  value_->setText(value ? bridge::metricText(key_, *value) : QStringLiteral("–"));
  theme::setClass(*value_, value ? "title" : "title muted");
  const bool comparable = value && before && std::isfinite(*value) && std::isfinite(*before) && *value != *before;
  change_->setVisible(comparable);
  if (!comparable) return;
  const bool up = *value > *before;
  const QString difference = bridge::isShare(key_) ? QString::number(100 * std::abs(*value - *before), 'f', 2)
                                                   : bridge::metricText(key_, std::abs(*value - *before));
  change_->setText((up ? QStringLiteral("▲ ") : QStringLiteral("▼ ")) + difference);
  theme::setClass(*change_, up == higherIsBetter_ ? "small success" : "small warning");
  change_->setToolTip(up == higherIsBetter_ ? tr("Better than in the epoch before")
                                            : tr("Worse than in the epoch before"));
}

}  // namespace netwright::panels
