// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/train_page_samples.h"

#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr double kPicture = 72, kGap = 10;

double entry(const HostTensor& t, int64_t at) {
  const auto i = static_cast<size_t>(at);
  switch (t.dtype) {
    case DType::Float32:
      return static_cast<double>(t.as<float>()[i]);
    case DType::UInt8:
      return t.as<uint8_t>()[i];
    case DType::Int64:
      return static_cast<double>(t.as<int64_t>()[i]);
    default:
      return 0;
  }
}

}  // namespace

QImage inputPicture(const HostTensor& inputs, int64_t row, std::optional<std::pair<double, double>> range) {
  std::vector<int64_t> shape(inputs.shape.begin() + (inputs.shape.empty() ? 0 : 1), inputs.shape.end());
  if (shape.size() == 2) shape.insert(shape.begin(), 1);
  const bool picture = shape.size() == 3 && (shape[0] == 1 || shape[0] == 3) && shape[1] >= 4 && shape[2] >= 4;
  if (!picture || row < 0 || row >= inputs.shape.front()) return {};
  const int64_t area = shape[1] * shape[2], from = row * shape[0] * area;
  double low = range ? range->first : INFINITY, high = range ? range->second : -INFINITY;
  for (int64_t i = 0; !range && i < shape[0] * area; ++i) {
    const double v = entry(inputs, from + i);
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  }
  const double span = high > low ? high - low : 1;
  QImage image(static_cast<int>(shape[2]), static_cast<int>(shape[1]), QImage::Format_RGB32);
  for (int64_t i = 0; i < area; ++i) {
    int channel[3];
    for (int64_t c = 0; c < 3; ++c) {
      const double v = entry(inputs, from + (shape[0] == 3 ? c : 0) * area + i);
      channel[c] = std::isfinite(v) ? static_cast<int>(std::lround(255 * std::clamp((v - low) / span, 0.0, 1.0))) : 0;
    }
    image.setPixel(static_cast<int>(i % shape[2]), static_cast<int>(i / shape[2]),
                   qRgb(channel[0], channel[1], channel[2]));
  }
  return image;
}

SampleGrid::SampleGrid() {
  setAccessibleName(tr("Predictions of validation samples"));
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] { update(); });
}

void SampleGrid::display(const run::ValidationSeen& seen) {
  samples_ = seen.shown;
  classes_ = seen.classes;
  pictures_.clear();
  for (size_t i = 0; i < samples_.size(); ++i)
    pictures_ << (seen.inputs.empty() ? QImage() : inputPicture(seen.inputs.front().tensor, static_cast<int64_t>(i)));
  setMinimumHeight(static_cast<int>(layOut(nullptr, nullptr)));
  update();
}

void SampleGrid::clear() { display({}); }

bool SampleGrid::hasPictures() const { return !pictures_.isEmpty() && !pictures_.front().isNull(); }

bool SampleGrid::isWrong(int index) const {
  const auto& s = samples_[static_cast<size_t>(index)];
  return !classes_.empty() && s.truth != s.predicted;
}

QString SampleGrid::text(double value) const {
  const auto at = static_cast<size_t>(value);
  if (!classes_.empty() && value >= 0 && at < classes_.size()) return QString::fromStdString(classes_[at]);
  return QString::number(value, 'g', 4);
}

QString SampleGrid::sentence(int index) const {
  const auto& s = samples_[static_cast<size_t>(index)];
  const QString name = QString::fromStdString(s.name), truth = text(s.truth), said = text(s.predicted),
                share = QString::number(100 * s.share, 'f', 0);
  if (classes_.empty()) return tr("%1: %2, predicted %3.").arg(name, truth, said);
  return isWrong(index) ? tr("%1: %2, taken for %3 (%4 %).").arg(name, truth, said, share)
                        : tr("%1: %2, recognised (%3 %).").arg(name, truth, share);
}

double SampleGrid::layOut(std::vector<Place>* places, std::vector<std::pair<QRectF, QString>>* headings) const {
  const QFontMetricsF small(theme::font(theme::TextStyle::Small)), strong(theme::font(theme::TextStyle::Strong));
  const double line = small.height() + 2, cellWidth = hasPictures() ? kPicture + 16 : 176,
               cellHeight = hasPictures() ? kPicture + 2 * line + 12 : 3 * line + 12;
  const int columns = std::max(1, static_cast<int>((width() + kGap) / (cellWidth + kGap)));
  double y = 0;
  for (const bool worst : {false, true}) {
    int place = 0;
    for (size_t i = 0; i < samples_.size(); ++i) {
      if (samples_[i].worst != worst) continue;
      if (place == 0) {
        if (headings)
          headings->push_back({QRectF(0, y, width(), strong.height()),
                               worst ? classes_.empty() ? tr("The largest errors") : tr("The surest mistakes")
                                     : tr("The same samples after each epoch")});
        y += strong.height() + theme::kSpaceSmall;
      }
      const int column = place % columns, row = place / columns;
      const QRectF box(column * (cellWidth + kGap), y + row * (cellHeight + kGap), cellWidth, cellHeight);
      if (places) places->push_back({box, static_cast<int>(i)});
      ++place;
    }
    if (place > 0) y += ((place + columns - 1) / columns) * (cellHeight + kGap) + theme::kSpaceSmall;
  }
  return y;
}

void SampleGrid::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  std::vector<Place> places;
  std::vector<std::pair<QRectF, QString>> headings;
  layOut(&places, &headings);
  painter.setPen(theme::palette().text);
  painter.setFont(theme::font(theme::TextStyle::Strong));
  for (const auto& [box, heading] : headings) painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, heading);
  painter.setFont(theme::font(theme::TextStyle::Small));
  for (const Place& place : places) paintSample(painter, place);
}

void SampleGrid::paintSample(QPainter& painter, const Place& place) const {
  const theme::Palette& p = theme::palette();
  const auto& s = samples_[static_cast<size_t>(place.sample)];
  const bool wrong = isWrong(place.sample);
  painter.setPen(QPen(wrong ? p.error : p.subtleBorder, 1));
  painter.setBrush(p.raised);
  painter.drawRoundedRect(place.box.adjusted(0.5, 0.5, -0.5, -0.5), theme::kRadius, theme::kRadius);
  const QFontMetricsF metrics(painter.font());
  const double line = metrics.height() + 2;
  QRectF words = place.box.adjusted(8, 6, -8, -6);
  if (const QImage& picture = pictures_[place.sample]; !picture.isNull()) {
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(QRectF(words.left(), words.top(), kPicture, kPicture), picture);
    words.setTop(words.top() + kPicture + 2);
  } else {
    painter.setPen(p.muted);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop,
                     metrics.elidedText(QString::fromStdString(s.name), Qt::ElideMiddle, words.width()));
    words.setTop(words.top() + line);
  }
  const QString said = classes_.empty() ? tr("predicted %1").arg(text(s.predicted))
                                        : QString("%1  %2 %").arg(text(s.predicted)).arg(100 * s.share, 0, 'f', 0);
  painter.setPen(classes_.empty() ? p.text : wrong ? p.error : p.success);
  painter.drawText(words, Qt::AlignLeft | Qt::AlignTop,
                   metrics.elidedText((wrong              ? QStringLiteral("✗ ")
                                       : classes_.empty() ? QString()
                                                          : QStringLiteral("✓ ")) +
                                          said,
                                      Qt::ElideRight, words.width()));
  words.setTop(words.top() + line);
  painter.setPen(p.muted);
  painter.drawText(words, Qt::AlignLeft | Qt::AlignTop,
                   metrics.elidedText(tr("is %1").arg(text(s.truth)), Qt::ElideRight, words.width()));
}

void SampleGrid::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  setMinimumHeight(static_cast<int>(layOut(nullptr, nullptr)));
}

bool SampleGrid::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  std::vector<Place> places;
  layOut(&places, nullptr);
  for (const Place& place : places)
    if (place.box.contains(help->pos())) {
      QToolTip::showText(help->globalPos(), sentence(place.sample), this);
      return true;
    }
  QToolTip::hideText();
  return true;
}

}  // namespace netwright::panels
