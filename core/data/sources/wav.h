// SPDX-License-Identifier: Apache-2.0
// Sounds from WAV files: uncompressed, whole numbers of 8 to 32 bits or float. Layout: Microsoft and IBM, Multimedia
// Programming Interface 1.0, and WAVEFORMATEXTENSIBLE. Used by the sound source and by whoever opens a sound.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace netwright::data {

struct Sound {
  int64_t rate = 0;            // samples a second
  std::vector<float> samples;  // within -1 and 1; the mean of all channels
};

// Throws Error{Input} that names `fileName`: no WAV, damaged, cut off, compressed.
Sound parseWav(std::string_view bytes, const std::string& fileName);

}  // namespace netwright::data
