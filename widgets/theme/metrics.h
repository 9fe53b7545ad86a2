// SPDX-License-Identifier: GPL-3.0-or-later
// Distances and radii, in device-independent pixels. Layouts use these instead of numbers of their own.
#pragma once

namespace netwright::theme {

inline constexpr int kSpaceXs = 4;     // between an icon and its text
inline constexpr int kSpaceSmall = 8;  // between controls that belong together
inline constexpr int kSpace = 12;      // padding of panels and cards
inline constexpr int kSpaceLarge = 16;
inline constexpr int kSpaceXl = 24;      // between sections, margins of pages
inline constexpr int kRadius = 6;        // buttons, fields
inline constexpr int kRadiusLarge = 10;  // cards, nodes
inline constexpr int kControlHeight = 30;
inline constexpr int kIconSize = 16;
inline constexpr int kToolIconSize = 18;

}  // namespace netwright::theme
