// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QFile>
#include <QPixmapCache>
#include <QProxyStyle>
#include <QSettings>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QWidget>

#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/style_sheet.h"
#include "widgets/theme/system_mode.h"
#include "widgets/theme/typography.h"

namespace netwright::theme {
namespace {

constexpr const char* kModeKey = "appearance/mode";
constexpr const char* kScaleKey = "appearance/fontScale";

QSettings settings() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "netwright", "netwright"); }

class StudioStyle final : public QProxyStyle {
 public:
  StudioStyle() : QProxyStyle(QStyleFactory::create("Fusion")) {}

  int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                QStyleHintReturn* data) const override {
    switch (hint) {
      case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
      case SH_ComboBox_Popup:
        return 0;  // a list below the box, not a menu over it
      case SH_ToolTip_WakeUpDelay:
        return 450;
      case SH_Widget_Animation_Duration:
        return 0;
      default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
  }
  // A view that was filled before it was first shown has laid out its rows without the style sheet's padding.
  void polish(QWidget* widget) override {
    QProxyStyle::polish(widget);
    if (auto* view = qobject_cast<QAbstractItemView*>(widget))
      QMetaObject::invokeMethod(view, &QAbstractItemView::doItemsLayout, Qt::QueuedConnection);
  }
  using QProxyStyle::polish;
  int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override {
    switch (metric) {
      case PM_SmallIconSize:
      case PM_ButtonIconSize:
      case PM_ListViewIconSize:
        return kIconSize;
      case PM_ToolBarIconSize:
        return kToolIconSize;
      case PM_ToolBarItemSpacing:
        return 2;
      default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
  }
};

QPalette toQPalette(const Palette& p) {
  QPalette q;
  q.setColor(QPalette::Window, p.window);
  q.setColor(QPalette::WindowText, p.text);
  q.setColor(QPalette::Base, p.field);
  q.setColor(QPalette::AlternateBase, p.panel);
  q.setColor(QPalette::Text, p.text);
  q.setColor(QPalette::PlaceholderText, p.muted);
  q.setColor(QPalette::Button, p.raised);
  q.setColor(QPalette::ButtonText, p.text);
  q.setColor(QPalette::BrightText, p.accentText);
  q.setColor(QPalette::Highlight, p.accent);
  q.setColor(QPalette::HighlightedText, p.accentText);
  q.setColor(QPalette::Link, p.accentInk);
  q.setColor(QPalette::LinkVisited, p.accentInk);
  q.setColor(QPalette::ToolTipBase, p.raised);
  q.setColor(QPalette::ToolTipText, p.text);
  q.setColor(QPalette::Light, p.raised);
  q.setColor(QPalette::Midlight, p.hover);
  q.setColor(QPalette::Mid, p.border);
  q.setColor(QPalette::Dark, p.subtleBorder);
  q.setColor(QPalette::Shadow, p.canvas);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
    q.setColor(QPalette::Disabled, role, p.disabled);
  q.setColor(QPalette::Disabled, QPalette::Highlight, p.pressed);
  return q;
}

}  // namespace

Theme& Theme::instance() {
  static Theme theme;
  return theme;
}

Theme::Theme() : palette_(&lightPalette()) {
  fontScale_ = qBound(0.75, settings().value(kScaleKey, 1.0).toDouble(), 2.5);
}

Theme::~Theme() = default;

Mode Theme::rememberedMode() {
  const QString name = settings().value(kModeKey).toString();
  return name == "light" ? Mode::Light : name == "dark" ? Mode::Dark : Mode::System;
}

void Theme::apply(QApplication& app, Mode mode) {
  Theme& theme = instance();
  if (!theme.applied_) {
    theme.platformPalette_ = app.palette();
    app.setStyle(new StudioStyle);
    theme.applied_ = true;
  }
  theme.mode_ = mode;
  settings().setValue(kModeKey, mode == Mode::Light ? "light" : mode == Mode::Dark ? "dark" : "system");
  const bool dark = mode == Mode::Dark || (mode == Mode::System && prefersDark(systemHints(theme.platformPalette_)));
  theme.palette_ = dark ? &darkPalette() : &lightPalette();
  theme.restyle();
}

void Theme::setFontScale(double scale) {
  fontScale_ = qBound(0.75, scale, 2.5);
  settings().setValue(kScaleKey, fontScale_);
  if (applied_) restyle();
}

void Theme::restyle() {
  QApplication::setPalette(toQPalette(*palette_));
  QApplication::setFont(font(TextStyle::Body));
  qApp->setStyleSheet(styleSheet(*palette_, fontScale_, controlImages()));
  Q_EMIT changed();
}

// Style sheets take pictures only from files, so the few that controls need are written out in the palette's colours.
QString Theme::controlImages() {
  if (!images_) images_ = std::make_unique<QTemporaryDir>();
  const QString prefix = images_->path() + (palette_->dark ? "/dark-" : "/light-");
  if (QFile::exists(prefix + "written")) return prefix;
  struct Image {
    const char *file, *icon;
    QColor colour;
  };
  const Palette& p = *palette_;
  for (const Image& image : {Image{"down", "chevron-down", p.muted}, Image{"up", "chevron-up", p.muted},
                             Image{"right", "chevron-right", p.muted}, Image{"down-off", "chevron-down", p.disabled},
                             Image{"up-off", "chevron-up", p.disabled}, Image{"check", "check", p.accentText},
                             Image{"check-off", "check", p.disabled}, Image{"check-menu", "check", p.text},
                             Image{"minus", "minus", p.accentText}, Image{"dot", "dot", p.accentText},
                             Image{"dot-off", "dot", p.disabled}, Image{"close", "close", p.muted}}) {
    QFile file(prefix + image.file + ".svg");
    if (file.open(QIODevice::WriteOnly)) file.write(tintedSvg(image.icon, image.colour));
  }
  QFile written(prefix + "written");
  [[maybe_unused]] const bool opened = written.open(QIODevice::WriteOnly);
  return prefix;
}

void setClass(QWidget& widget, const QString& classes) {
  if (widget.property("class").toString() == classes) return;
  widget.setProperty("class", classes);
  widget.style()->unpolish(&widget);
  widget.style()->polish(&widget);
  widget.update();
}

}  // namespace netwright::theme
