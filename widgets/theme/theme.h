// SPDX-License-Identifier: GPL-3.0-or-later
// The look of the window: main() calls Theme::apply once, widgets read theme::palette() while painting and connect to
// changed().
#pragma once

#include <QObject>
#include <QPalette>
#include <memory>

#include "widgets/theme/palette.h"

QT_BEGIN_NAMESPACE
class QApplication;
class QTemporaryDir;
class QWidget;
QT_END_NAMESPACE

namespace netwright::theme {

enum class Mode { System, Light, Dark };

// One per process, on the GUI thread. Applying sets style, palette, font and style sheet of the application; it can be
// done again at any time and switches live. The mode and the font scale are remembered in the user's settings.
class Theme : public QObject {
  Q_OBJECT

 public:
  static Theme& instance();
  static void apply(QApplication& app, Mode mode);
  static Mode rememberedMode();  // System when nothing was remembered

  Mode mode() const { return mode_; }
  bool isDark() const { return palette_->dark; }
  const Palette& palette() const { return *palette_; }
  double fontScale() const { return fontScale_; }
  void setFontScale(double scale);  // 0.75 to 2.5

 Q_SIGNALS:
  void changed();  // after everything has been switched

 private:
  Theme();
  ~Theme() override;
  void restyle();
  QString controlImages();

  Mode mode_ = Mode::System;
  const Palette* palette_;
  double fontScale_ = 1;
  QPalette platformPalette_;
  bool applied_ = false;
  std::unique_ptr<QTemporaryDir> images_;
};

inline const Palette& palette() { return Theme::instance().palette(); }

// Gives a widget one or more style classes, separated by blanks, and restyles it. Classes of the style sheet:
//   buttons      primary  danger  flat  icon (square, flat)
//   labels       title  heading  strong  muted  small  code  success  warning  error  badge
//   containers   card  panel  raised  toolbar  banner-info  banner-success  banner-warning  banner-error
void setClass(QWidget& widget, const QString& classes);

}  // namespace netwright::theme
