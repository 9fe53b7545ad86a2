// SPDX-License-Identifier: GPL-3.0-or-later
// Line icons from resources/icons, tinted in the colours of the current theme.
#pragma once

#include <QByteArray>
#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace netwright::theme {

enum class IconRole { Text, Muted, Accent, OnAccent, Success, Warning, Error };

// The icon resources/icons/<name>.svg. It is drawn when it is painted: sharp at any device pixel ratio, and in the
// colours of the theme that is current then, so icons need not be set again after a switch. An unknown name draws
// nothing and warns once. The logo ("netwright") has colours of its own.
QIcon icon(const QString& name, IconRole role = IconRole::Text);

// One picture in one colour, `size` device-independent pixels wide and high.
QPixmap iconPixmap(const QString& name, const QColor& colour, int size, double devicePixelRatio = 1);

QColor iconColour(IconRole role);
// The drawing with the colour put in, empty when there is none of this name.
QByteArray tintedSvg(const QString& name, const QColor& colour);

}  // namespace netwright::theme
