// SPDX-License-Identifier: GPL-3.0-or-later
// What the canvas remembers between starts, as switches in the user's settings.
#pragma once

namespace netwright::editor {

bool canvasSetting(const char* key, bool fallback);
void rememberCanvasSetting(const char* key, bool on);

}  // namespace netwright::editor
