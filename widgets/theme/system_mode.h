// SPDX-License-Identifier: GPL-3.0-or-later
// Guesses whether the desktop is dark, for Mode::System. Qt 6.4 has no colour scheme of its own.
#pragma once

#include <QPalette>
#include <QString>

namespace netwright::theme {

struct SystemHints {
  QString gtkTheme;      // GTK_THEME, such as "Adwaita:dark"
  QString configFolder;  // where gtk-4.0/settings.ini, gtk-3.0/settings.ini and kdeglobals are
  QPalette palette;      // the palette that the platform gave before a theme was applied
};

SystemHints systemHints(const QPalette& platformPalette);
// The first hint that says something decides: GTK_THEME, GTK settings, KDE's colour scheme, then the palette's
// lightness.
bool prefersDark(const SystemHints& hints);

}  // namespace netwright::theme
