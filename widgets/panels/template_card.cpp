// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/template_card.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr int kPicture = 136, kPadding = theme::kSpaceLarge, kMostDots = 12, kMostBlocks = 22;

int colourOf(layers::Category category) {
  switch (category) {
    case layers::Category::Convolution:
      return 0;
    case layers::Category::Linear:
      return 2;
    case layers::Category::Activation:
      return 1;
    case layers::Category::Pooling:
      return 3;
    default:
      return 4;
  }
}

// How much a layer puts out, of what the largest does, is the height of its block. Of a deep network as many neighbours
// share a block as are needed to tell blocks apart: the largest of them gives height and colour.
QVector<SketchBlock> sketch(const QVector<bridge::LayerFact>& layers) {
  const qsizetype share = (layers.size() + kMostBlocks - 1) / kMostBlocks;
  double most = 1;
  for (const bridge::LayerFact& layer : layers) most = std::max(most, layer.numbers);
  QVector<SketchBlock> blocks;
  for (qsizetype i = 0; i < layers.size(); ++i) {
    const SketchBlock block{colourOf(layers[i].category),
                            std::clamp(std::pow(layers[i].numbers / most, 0.4), 0.18, 1.0)};
    if (i % share == 0)
      blocks.append(block);
    else if (block.height > blocks.back().height ||
             (block.height == blocks.back().height && block.colour < blocks.back().colour))
      blocks.back() = block;
  }
  return blocks;
}

QFont textFont() { return theme::font(theme::TextStyle::Body); }

}  // namespace

TemplateCard::TemplateCard(const project::Template& origin)
    : id_(QString::fromStdString(origin.id)),
      title_(QString::fromStdString(origin.title)),
      text_(QString::fromStdString(origin.description)) {
  setObjectName("template-" + id_);
  setText(title_);
  setAccessibleName(tr("New project from %1").arg(title_));
  setAccessibleDescription(text_);
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::PointingHandCursor);
  setAttribute(Qt::WA_Hover);
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] {
    updateGeometry();
    update();
  });
}

void TemplateCard::setFacts(const bridge::TemplateFacts& facts) {
  foot_ = tr("%1 parameters").arg(QString::fromStdString(grouped(facts.parameters)));
  blocks_ = sketch(facts.layers);
  source_ = facts.source;
  outputs_ = facts.outputs;
  setAccessibleDescription(text_ + ' ' + foot_);
  update();
}

void TemplateCard::setDigit(const bridge::SamplePicture& digit) {
  digit_ = digit;
  update();
}

int TemplateCard::textHeight(int width) const {
  const QRect box(0, 0, width - 2 * kPadding, 1000);
  return QFontMetrics(textFont()).boundingRect(box, Qt::TextWordWrap, text_).height();
}

QSize TemplateCard::sizeHint() const { return {300, heightForWidth(300)}; }

int TemplateCard::heightForWidth(int width) const {
  const int title = QFontMetrics(theme::font(theme::TextStyle::Heading)).height();
  const int foot = QFontMetrics(theme::font(theme::TextStyle::Small)).height();
  return kPicture + theme::kSpace + title + theme::kSpaceXs + textHeight(width) + theme::kSpace + foot + kPadding;
}

void TemplateCard::paintEvent(QPaintEvent*) {
  const theme::Palette& p = theme::palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
  QPainterPath outline;
  outline.addRoundedRect(frame, theme::kRadiusLarge, theme::kRadiusLarge);
  painter.fillPath(outline, p.raised);
  painter.save();
  painter.setClipPath(outline);
  painter.fillRect(QRectF(0, 0, width(), kPicture), isDown() ? p.pressed : underMouse() ? p.accentSoft : p.canvas);
  paintSketch(painter, QRectF(kPadding, 18, width() - 2 * kPadding, kPicture - 36));
  painter.restore();
  painter.fillRect(QRectF(1, kPicture, width() - 2, 1), p.subtleBorder);
  const bool marked = underMouse() || hasFocus();
  painter.setPen(QPen(hasFocus() ? p.focus : underMouse() ? p.accentInk : p.subtleBorder, marked ? 1.5 : 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(outline);

  QRect box(kPadding, kPicture + theme::kSpace, width() - 2 * kPadding, height());
  painter.setPen(p.text);
  painter.setFont(theme::font(theme::TextStyle::Heading));
  painter.drawText(box, Qt::AlignTop | Qt::AlignLeft, title_);
  box.translate(0, painter.fontMetrics().height() + theme::kSpaceXs);
  painter.setPen(p.muted);
  painter.setFont(textFont());
  painter.drawText(box, Qt::TextWordWrap | Qt::AlignTop | Qt::AlignLeft, text_);
  painter.setFont(theme::font(theme::TextStyle::Small));
  painter.setPen(p.muted);
  const QRect foot(kPadding, height() - kPadding - painter.fontMetrics().height(), width() - 2 * kPadding,
                   painter.fontMetrics().height());
  painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter, foot_);
  painter.setPen(p.accentInk);
  painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter,
                   underMouse() || hasFocus() ? tr("Create project →") : QString());
}

void TemplateCard::paintSketch(QPainter& painter, const QRectF& area) const {
  const theme::Palette& p = theme::palette();
  const double tile = 60, outputs = 16, middle = area.center().y();
  const QRectF input(area.left(), middle - tile / 2, tile, tile);
  const QRectF output(area.right() - outputs, area.top(), outputs, area.height());
  painter.setPen(QPen(p.wire, 1.5));
  painter.drawLine(QPointF(input.right(), middle), QPointF(output.left(), middle));
  paintInput(painter, input);
  paintOutput(painter, output);
  if (blocks_.isEmpty()) return;
  const double left = input.right() + 16, right = output.left() - 16;
  const double step = (right - left) / static_cast<double>(blocks_.size());
  const double width = std::min(18.0, step * 0.62);
  for (int i = 0; i < blocks_.size(); ++i) {
    const double height = blocks_[i].height * area.height();
    const QRectF block(left + step * (i + 0.5) - width / 2, middle - height / 2, width, height);
    const QColor colour = p.seriesColour(blocks_[i].colour);
    painter.setPen(QPen(colour, 1.2));
    painter.setBrush(theme::mix(p.raised, colour, p.dark ? 0.45 : 0.35));
    painter.drawRoundedRect(block, 3, 3);
  }
}

void TemplateCard::paintInput(QPainter& painter, const QRectF& tile) const {
  const theme::Palette& p = theme::palette();
  painter.setPen(QPen(p.border, 1));
  painter.setBrush(p.field);
  painter.drawRoundedRect(tile, 5, 5);
  if (!takesDigits()) return paintData(painter, tile);
  if (digit_.image.isNull()) return;
  QImage ink(digit_.image.size(), QImage::Format_ARGB32_Premultiplied);
  ink.fill(p.text);
  QPainter stencil(&ink);
  stencil.setCompositionMode(QPainter::CompositionMode_DestinationIn);
  stencil.drawImage(0, 0, digit_.image);
  stencil.end();
  painter.save();
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.drawImage(tile.adjusted(2, 2, -2, -2), ink);
  painter.restore();
}

void TemplateCard::paintData(QPainter& painter, const QRectF& tile) const {
  const theme::Palette& p = theme::palette();
  const QRectF area = tile.adjusted(9, 9, -9, -9);
  painter.setPen(QPen(p.muted, 1.4));
  if (source_ == "csv") {  // a table: a head and rows
    for (int row = 0; row <= 4; ++row) {
      const double y = area.top() + row * area.height() / 4;
      painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    }
    for (const double share : {0.0, 0.4, 0.7, 1.0}) {
      const double x = area.left() + share * area.width();
      painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
    painter.fillRect(QRectF(area.left(), area.top(), area.width(), area.height() / 4), p.muted);
    return;
  }
  if (source_ == "text" || source_ == "digit_order") {
    painter.setFont(theme::font(theme::TextStyle::Title));
    return painter.drawText(tile, Qt::AlignCenter, source_ == "text" ? "Abc" : "312");
  }
  if (source_ == "sounds") {  // how loud it is
    for (int i = 0; i <= 14; ++i) {
      const double x = area.left() + i / 14.0 * area.width();
      const double loud = (0.15 + 0.85 * std::exp(-std::pow((i - 5) / 4.0, 2))) * (i % 2 == 0 ? 1 : 0.6);
      painter.drawLine(QPointF(x, area.center().y() - loud * area.height() / 2),
                       QPointF(x, area.center().y() + loud * area.height() / 2));
    }
    return;
  }
  QPainterPath curve;  // a series
  if (source_ == "series" || source_ == "adding") {
    for (int i = 0; i <= 40; ++i) {
      const double t = i / 40.0, y = std::sin(t * 14) * (0.6 + 0.4 * std::sin(t * 5));
      const QPointF at(area.left() + t * area.width(), area.center().y() - y * area.height() / 2);
      i == 0 ? curve.moveTo(at) : curve.lineTo(at);
    }
    painter.setBrush(Qt::NoBrush);
    return painter.drawPath(curve);
  }
  painter.setPen(Qt::NoPen);
  if (source_ == "shapes") {
    const double part = area.width() / 2;
    painter.setBrush(p.seriesColour(0));
    painter.drawEllipse(QRectF(area.left(), area.top(), part, part).adjusted(1, 1, -2, -2));
    painter.setBrush(p.seriesColour(1));
    painter.drawRect(QRectF(area.left() + part, area.top() + part / 2, part, part).adjusted(3, 3, -2, -2));
    painter.setBrush(p.seriesColour(2));
    return painter.drawPolygon(QPolygonF({{area.left() + part * 0.6, area.top() + part},
                                          {area.left() + part * 1.1, area.bottom()},
                                          {area.left() + part * 0.1, area.bottom()}}));
  }
  // points of several classes: arms of a spiral
  for (int arm = 0; arm < 3; ++arm) {
    painter.setBrush(p.seriesColour(arm));
    for (int i = 2; i < 10; ++i) {
      const double angle = arm * 2.0944 + i * 0.32, radius = i / 10.0 * area.width() / 2;
      painter.drawEllipse(area.center() + QPointF(std::cos(angle), std::sin(angle)) * radius, 1.7, 1.7);
    }
  }
}

// One dot for each number that comes out; for digits the right class is lit.
void TemplateCard::paintOutput(QPainter& painter, const QRectF& column) const {
  const theme::Palette& p = theme::palette();
  const int dots = std::clamp(outputs_, 1, kMostDots);
  const double step = std::min(16.0, column.height() / dots), radius = std::min(3.6, step * 0.36);
  const double top = column.center().y() - step * dots / 2;
  const int lit = outputs_ <= kMostDots ? digit_.label : -1;
  for (int i = 0; i < dots; ++i) {
    const QPointF centre(column.left() + 5, top + step * (i + 0.5));
    painter.setPen(Qt::NoPen);
    painter.setBrush(i == lit ? p.accentInk : p.border);
    painter.drawEllipse(centre, i == lit ? radius + 1 : radius, i == lit ? radius + 1 : radius);
  }
}

}  // namespace netwright::panels
