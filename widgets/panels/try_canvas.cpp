// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/try_canvas.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/panels/train_page_samples.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kSide = 280, kMostSteps = 60, kStep = 2;
constexpr int kInk = 24;  // what counts as drawn

QImage blankInk() {
  QImage ink(kSide, kSide, QImage::Format_Grayscale8);
  ink.fill(0);
  return ink;
}

QRect inkBox(const QImage& ink) {
  int x0 = ink.width(), y0 = ink.height(), x1 = -1, y1 = -1;
  for (int y = 0; y < ink.height(); ++y) {
    const uchar* line = ink.constScanLine(y);
    for (int x = 0; x < ink.width(); ++x) {
      if (line[x] < kInk) continue;
      x0 = std::min(x0, x), x1 = std::max(x1, x), y0 = std::min(y0, y), y1 = std::max(y1, y);
    }
  }
  return x1 < x0 ? QRect() : QRect(QPoint(x0, y0), QPoint(x1, y1));
}

QPointF centreOfMass(const QImage& ink) {
  double sum = 0, sx = 0, sy = 0;
  for (int y = 0; y < ink.height(); ++y) {
    const uchar* line = ink.constScanLine(y);
    for (int x = 0; x < ink.width(); ++x) sum += line[x], sx += line[x] * (x + 0.5), sy += line[x] * (y + 0.5);
  }
  return sum > 0 ? QPointF(sx / sum, sy / sum) : QPointF(ink.width() / 2.0, ink.height() / 2.0);
}

// What is transparent shows the paper.
QImage onWhite(const QImage& image) {
  QImage paper(image.size(), QImage::Format_RGB32);
  paper.fill(Qt::white);
  QPainter(&paper).drawImage(0, 0, image);
  return paper;
}

// The middle of a picture in this size: nothing is stretched.
QImage cropped(const QImage& image, int width, int height) {
  const QImage whole = image.scaled(width, height, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
  return whole.copy((whole.width() - width) / 2, (whole.height() - height) / 2, width, height);
}

void store(HostTensor& t, int64_t at, double value) {
  const auto i = static_cast<size_t>(at);
  if (t.dtype == DType::UInt8) t.as<uint8_t>()[i] = static_cast<uint8_t>(std::clamp(std::lround(value), 0L, 255L));
  if (t.dtype == DType::Int64) t.as<int64_t>()[i] = std::lround(value);
  if (t.dtype == DType::Float32) t.as<float>()[i] = static_cast<float>(value);
}

}  // namespace

TryCanvas::TryCanvas() {
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::CrossCursor);
  setAccessibleName(tr("Sheet to draw on"));
  setAccessibleDescription(tr("Draw with the mouse. Delete clears the sheet, Ctrl+Z takes a stroke back."));
  now_.ink = blankInk();
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] { update(); });
}

void TryCanvas::setPicture(const bridge::TryPicture& picture) {
  picture_ = picture;
  undo_.clear();
  redo_.clear();
  now_ = {blankInk(), {}};
  setCursor(canDraw() ? Qt::CrossCursor : Qt::ArrowCursor);
  update();
  Q_EMIT changed();
}

void TryCanvas::setBrush(int percent) { brush_ = std::clamp(percent, 2, 25); }

void TryCanvas::setCentred(bool centred) {
  if (std::exchange(centred_, centred) == centred) return;
  Q_EMIT changed();
}

void TryCanvas::keep() {
  undo_.append(now_);
  if (undo_.size() > kMostSteps) undo_.removeFirst();
  redo_.clear();
}

void TryCanvas::put(Sheet sheet) {
  now_ = std::move(sheet);
  update();
  Q_EMIT changed();
}

void TryCanvas::showValues(const HostTensor& values) {
  keep();
  put({blankInk(), values});
}

void TryCanvas::showImage(const QImage& image) {
  if (image.isNull() || !picture_) return;
  keep();
  if (!canDraw()) {  // colours as they are, in the network's size
    const QImage small = cropped(onWhite(image), picture_->width, picture_->height);
    HostTensor values(DType::Float32, {1, 3, picture_->height, picture_->width});
    const int64_t area = int64_t{1} * picture_->height * picture_->width;
    for (int y = 0; y < picture_->height; ++y)
      for (int x = 0; x < picture_->width; ++x) {
        const QRgb pixel = small.pixel(x, y);
        const int parts[3] = {qRed(pixel), qGreen(pixel), qBlue(pixel)};
        for (int64_t c = 0; c < 3; ++c)
          store(values, c * area + y * picture_->width + x,
                picture_->low + parts[c] / 255.0 * (picture_->high - picture_->low));
      }
    return put({blankInk(), values});
  }
  QImage ink = onWhite(image)
                   .convertToFormat(QImage::Format_Grayscale8)
                   .scaled(kSide, kSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
  double edge = 0;
  for (int x = 0; x < ink.width(); ++x) edge += qGray(ink.pixel(x, 0)) + qGray(ink.pixel(x, ink.height() - 1));
  if (edge / (2 * ink.width()) > 127) ink.invertPixels();  // dark ink on light paper
  QImage sheet = blankInk();
  QPainter painter(&sheet);
  painter.drawImage((kSide - ink.width()) / 2, (kSide - ink.height()) / 2, ink);
  painter.end();
  put({sheet, {}});
}

// In the range of the data set: a dark picture stays dark.
QImage TryCanvas::shown(const HostTensor& values) const {
  return inputPicture(values, 0, std::pair(picture_->low, picture_->high));
}

void TryCanvas::clear() {
  if (isBlank()) return;
  keep();
  put({blankInk(), {}});
}

void TryCanvas::undo() {
  if (undo_.isEmpty()) return;
  redo_.append(now_);
  put(undo_.takeLast());
}

void TryCanvas::redo() {
  if (redo_.isEmpty()) return;
  undo_.append(now_);
  put(redo_.takeLast());
}

bool TryCanvas::isBlank() const { return !now_.values && inkBox(now_.ink).isEmpty(); }

QRectF TryCanvas::sheet() const {
  QSizeF size(1, 1);  // to draw on it is a square
  if (picture_ && !canDraw()) size = {double(picture_->width), double(picture_->height)};
  size.scale(std::max(1, width() - 2), std::max(1, height() - 2), Qt::KeepAspectRatio);
  return {{1 + (width() - 2 - size.width()) / 2, 1}, size};
}

QPointF TryCanvas::onSheet(const QPointF& at) const {
  const QRectF box = sheet();
  return {(at.x() - box.left()) / box.width() * kSide, (at.y() - box.top()) / box.height() * kSide};
}

// A sample that is drawn on becomes a drawing.
void TryCanvas::beginToDraw() {
  if (!now_.values) return;
  QImage picture = shown(*now_.values).convertToFormat(QImage::Format_Grayscale8);
  if (picture_ && !picture_->lightOnDark) picture.invertPixels();
  now_ = {picture.scaled(kSide, kSide, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
              .convertToFormat(QImage::Format_Grayscale8),
          {}};
}

void TryCanvas::stroke(const QPointF& from, const QPointF& to) {
  QPainter painter(&now_.ink);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(Qt::white, kSide * brush_ / 100.0, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.drawLine(from, from == to ? to + QPointF(0.01, 0) : to);
  painter.end();
  update();
  Q_EMIT changed();
}

void TryCanvas::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !canDraw()) return;
  setFocus();
  keep();
  beginToDraw();
  last_ = onSheet(event->position());
  stroke(*last_, *last_);
}

void TryCanvas::mouseMoveEvent(QMouseEvent* event) {
  if (!last_) return;
  const QPointF at = onSheet(event->position());
  stroke(*last_, at);
  last_ = at;
}

void TryCanvas::mouseReleaseEvent(QMouseEvent*) { last_.reset(); }

// With the sheet in focus its own steps are taken back, not those of the project.
bool TryCanvas::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo) || key->key() == Qt::Key_Delete)
      event->accept();
    return true;
  }
  return QWidget::event(event);
}

void TryCanvas::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Undo)) return undo();
  if (event->matches(QKeySequence::Redo)) return redo();
  if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace) return clear();
  if (event->key() == Qt::Key_BracketLeft) return setBrush(brush_ - kStep);
  if (event->key() == Qt::Key_BracketRight) return setBrush(brush_ + kStep);
  QWidget::keyPressEvent(event);
}

QImage TryCanvas::reduced() const {
  const QSize size(picture_->width, picture_->height);
  QImage small(size, QImage::Format_Grayscale8);
  small.fill(0);
  const QRect box = inkBox(now_.ink);
  if (box.isEmpty()) return small;
  if (!centred_)
    return now_.ink.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
        .convertToFormat(QImage::Format_Grayscale8);
  const double wanted = picture_->extent * std::max(size.width(), size.height());
  const double scale = wanted / std::max(box.width(), box.height());
  const QImage part = now_.ink.copy(box)
                          .scaled(std::max(1, qRound(box.width() * scale)), std::max(1, qRound(box.height() * scale)),
                                  Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                          .convertToFormat(QImage::Format_Grayscale8);
  const QPointF middle = centreOfMass(part);
  // To whole pixels, and never over the edge.
  const auto place = [](double at, int part, int whole) {
    return std::clamp(qRound(at), std::min(0, whole - part), std::max(0, whole - part));
  };
  QPainter painter(&small);
  painter.drawImage(place(size.width() / 2.0 - middle.x(), part.width(), size.width()),
                    place(size.height() / 2.0 - middle.y(), part.height(), size.height()), part);
  painter.end();
  return small;
}

HostTensor TryCanvas::values(DType type, const std::vector<int64_t>& shape) const {
  if (!picture_) return {};
  std::vector<int64_t> whole = shape;
  whole.insert(whole.begin(), 1);
  HostTensor made(type, whole);
  if (now_.values && now_.values->dtype == type) return *now_.values;
  if (now_.values && now_.values->dtype == DType::Float32) {
    for (int64_t i = 0; i < made.count(); ++i)
      store(made, i, static_cast<double>(now_.values->as<float>()[static_cast<size_t>(i)]));
    return made;
  }
  const QImage small = reduced();
  const double span = picture_->high - picture_->low;
  for (int y = 0; y < picture_->height; ++y)
    for (int x = 0; x < picture_->width; ++x) {
      const double ink = qGray(small.pixel(x, y)) / 255.0;
      const double value = picture_->low + span * (picture_->lightOnDark ? ink : 1 - ink);
      for (int64_t c = 0; c < picture_->channels; ++c)
        store(made, (c * picture_->height + y) * picture_->width + x, value);
    }
  return made;
}

QImage TryCanvas::seen() const {
  if (!picture_) return {};
  if (now_.values) return shown(*now_.values);
  QImage small = reduced();
  if (!picture_->lightOnDark) small.invertPixels();
  return small;
}

void TryCanvas::paintEvent(QPaintEvent*) {
  const theme::Palette& p = theme::palette();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF box = sheet();
  const bool light = !picture_ || picture_->lightOnDark;
  painter.fillRect(box, light ? Qt::black : Qt::white);
  if (now_.values) {
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(box, shown(*now_.values));
  } else {
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    QImage ink = now_.ink;
    if (!light) ink.invertPixels();
    painter.drawImage(box, ink);
  }
  if (isBlank() && !last_) {
    painter.setPen(light ? QColor(150, 150, 160) : QColor(110, 110, 120));
    painter.drawText(box, Qt::AlignCenter, canDraw() ? tr("Draw here") : tr("Choose a sample\nor drop a picture"));
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(hasFocus() ? p.focus : p.border, hasFocus() ? 2 : 1));
  painter.drawRect(box);
}

}  // namespace netwright::panels
