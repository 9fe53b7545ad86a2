// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/system_mode.h"

#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>
#include <optional>

namespace netwright::theme {
namespace {

bool soundsDark(const QString& name) { return name.contains("dark", Qt::CaseInsensitive); }

std::optional<bool> gtkSetting(const QString& file) {
  if (!QFileInfo::exists(file)) return std::nullopt;
  const QSettings settings(file, QSettings::IniFormat);
  const QVariant preference = settings.value("Settings/gtk-application-prefer-dark-theme");
  if (preference.isValid()) {
    const QString value = preference.toString();
    return value == "1" || value.compare("true", Qt::CaseInsensitive) == 0;
  }
  const QVariant name = settings.value("Settings/gtk-theme-name");
  if (name.isValid()) return soundsDark(name.toString());
  return std::nullopt;
}

std::optional<bool> kdeSetting(const QString& file) {
  if (!QFileInfo::exists(file)) return std::nullopt;
  const QSettings settings(file, QSettings::IniFormat);
  const QVariant scheme = settings.value("General/ColorScheme", settings.value("ColorScheme"));
  if (!scheme.isValid()) return std::nullopt;
  return soundsDark(scheme.toString());
}

}  // namespace

SystemHints systemHints(const QPalette& platformPalette) {
  return {qEnvironmentVariable("GTK_THEME"), QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation),
          platformPalette};
}

bool prefersDark(const SystemHints& hints) {
  if (!hints.gtkTheme.isEmpty()) return soundsDark(hints.gtkTheme);
  for (const char* file : {"/gtk-4.0/settings.ini", "/gtk-3.0/settings.ini"})
    if (const auto dark = gtkSetting(hints.configFolder + file)) return *dark;
  if (const auto dark = kdeSetting(hints.configFolder + "/kdeglobals")) return *dark;
  return hints.palette.color(QPalette::Window).lightnessF() < 0.5f;
}

}  // namespace netwright::theme
