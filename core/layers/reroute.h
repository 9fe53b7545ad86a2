// SPDX-License-Identifier: Apache-2.0
// The layer that is drawn as a dot: a wire goes through it.
#pragma once

namespace netwright::layers {

inline constexpr const char* kReroute = "reroute";

}  // namespace netwright::layers
