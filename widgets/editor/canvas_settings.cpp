// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/canvas_settings.h"

#include <QSettings>

namespace netwright::editor {
namespace {

QSettings settings() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "netwright", "netwright"); }

}  // namespace

bool canvasSetting(const char* key, bool fallback) { return settings().value(key, fallback).toBool(); }
void rememberCanvasSetting(const char* key, bool on) { settings().setValue(key, on); }

}  // namespace netwright::editor
