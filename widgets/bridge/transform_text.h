// SPDX-License-Identifier: GPL-3.0-or-later
// Data transforms as one line that can be typed: "to_float, normalize(mean=0.1307, std=0.3081)".
#pragma once

#include <QString>
#include <vector>

#include "core/data/transform.h"

namespace netwright::bridge {

QString transformText(const std::vector<data::TransformConfig>& steps);
// Throws Error{Input} that says what is wrong and, for names, what is nearest.
std::vector<data::TransformConfig> transformsFromText(const QString& text);

}  // namespace netwright::bridge
