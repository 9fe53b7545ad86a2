// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes on the canvas, in scene units (pixels at 100 %). Used by items, layout and gestures.
#pragma once

namespace netwright::editor {

inline constexpr double kGrid = 10;  // nodes snap to it
inline constexpr double kNodeWidth = 170;
inline constexpr double kNodeHeight = 90;  // with up to two ports on a side
inline constexpr double kHeaderHeight = 28;
inline constexpr double kFirstPort = 50;  // y of the first port
inline constexpr double kPortStep = 20;
inline constexpr double kPortRadius = 5;
inline constexpr double kPortReach = 12;     // how near the pointer must come
inline constexpr double kDragStart = 4;      // a press that moves less is a click
inline constexpr double kColumnPitch = 270;  // of arranged nodes
inline constexpr double kRowGap = 60;
inline constexpr double kStackGap = 30;
inline constexpr double kMinZoom = 0.05, kMaxZoom = 4, kFitLimit = 1.2;
inline constexpr double kTextZoom = 0.45;      // below it, nodes are drawn without text
inline constexpr double kSmallTextZoom = 0.6;  // below it, without costs and names of ports
inline constexpr double kFlatZoom = 0.2;       // below it, nodes are plain blocks

}  // namespace netwright::editor
