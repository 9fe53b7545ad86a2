// SPDX-License-Identifier: Apache-2.0
// Sounds in folders, one folder for each class. Used by the registry.
#pragma once

#include "core/data/registry.h"
#include "core/data/sources/wav.h"

namespace netwright::data {

// "x" float32 (length,), target "label" with the names of the folders.
SourceSpec soundsSource();

// Fills `out` with a sound: cut off at its end, or followed by silence. Throws Error{Input} for another rate.
void putSound(const Sound& sound, int64_t rate, const std::string& fileName, std::span<float> out);

}  // namespace netwright::data
