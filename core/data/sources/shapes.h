// SPDX-License-Identifier: Apache-2.0
// Pictures of coloured shapes, made by formula: for networks that name what they see, or where it is. Used by the
// registry.
#pragma once

#include "core/data/registry.h"

namespace netwright::data {

// "image" uint8 (3, size, size) and, as `target` says, "label" int64 (one shape a picture, classes in turn) or "mask"
// int64 (size, size): 0 where the background is, else 1 + the class of the shape there (one to three a picture).
// Sample i is a function of the settings and i alone. It is painted when it is read: pictures take no memory.
SourceSpec shapesSource();

}  // namespace netwright::data
