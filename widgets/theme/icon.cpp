// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/icon.h"

#include <QDebug>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/file.h"
#include "widgets/theme/theme.h"

namespace netwright::theme {
namespace {

const QByteArray& drawing(const QString& name) {
  static QHash<QString, QByteArray> drawings;
  auto found = drawings.find(name);
  if (found == drawings.end()) {
    QByteArray bytes;
    try {
      bytes = QByteArray::fromStdString(readFile(resourceFolder() / "icons" / (name.toStdString() + ".svg")));
    } catch (const Error&) {
      qWarning() << "There is no icon" << name;
    }
    found = drawings.insert(name, bytes);
  }
  return *found;
}

QPixmap render(const QString& name, const QColor& colour, const QSize& pixels) {
  const QString key =
      QString("nw-icon/%1/%2/%3x%4").arg(name, colour.name(QColor::HexArgb)).arg(pixels.width()).arg(pixels.height());
  QPixmap pixmap;
  if (QPixmapCache::find(key, &pixmap)) return pixmap;
  pixmap = QPixmap(pixels);
  pixmap.fill(Qt::transparent);
  const QByteArray svg = tintedSvg(name, colour);
  if (!svg.isEmpty()) {
    QSvgRenderer renderer(svg);
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    QPainter painter(&pixmap);
    painter.setOpacity(colour.alphaF());
    renderer.render(&painter, QRectF(QPointF(0, 0), QSizeF(pixels)));
  }
  QPixmapCache::insert(key, pixmap);
  return pixmap;
}

class ThemedEngine final : public QIconEngine {
 public:
  ThemedEngine(QString name, IconRole role) : name_(std::move(name)), role_(role) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
    const double ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1;
    painter->drawPixmap(rect, pixmap(rect.size() * ratio, mode, state));
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override {
    QColor colour = iconColour(role_);
    if (mode == QIcon::Disabled) colour = palette().disabled;
    return render(name_, colour, size);
  }
  QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override {
    const int side = qMin(size.width(), size.height());
    return {side, side};
  }
  QString iconName() override { return name_; }
  bool isNull() override { return drawing(name_).isEmpty(); }
  QIconEngine* clone() const override { return new ThemedEngine(*this); }

 private:
  QString name_;
  IconRole role_;
};

}  // namespace

QColor iconColour(IconRole role) {
  const Palette& p = palette();
  switch (role) {
    case IconRole::Text:
      return p.text;
    case IconRole::Muted:
      return p.muted;
    case IconRole::Accent:
      return p.accentInk;
    case IconRole::OnAccent:
      return p.accentText;
    case IconRole::Success:
      return p.success;
    case IconRole::Warning:
      return p.warning;
    case IconRole::Error:
      return p.error;
  }
  return p.text;
}

QByteArray tintedSvg(const QString& name, const QColor& colour) {
  return QByteArray(drawing(name)).replace("currentColor", colour.name().toLatin1());
}

QIcon icon(const QString& name, IconRole role) { return QIcon(new ThemedEngine(name, role)); }

QPixmap iconPixmap(const QString& name, const QColor& colour, int size, double devicePixelRatio) {
  const int pixels = qRound(size * devicePixelRatio);
  QPixmap pixmap = render(name, colour, {pixels, pixels});
  pixmap.setDevicePixelRatio(devicePixelRatio);
  return pixmap;
}

}  // namespace netwright::theme
