// SPDX-License-Identifier: Apache-2.0
// WAV files as bytes. For tests of sounds.
#pragma once

#include <cstdint>
#include <string>

namespace netwright::data {

inline std::string little(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * i);
  return out;
}

struct WavKind {
  int format = 1, channels = 1, rate = 8000, bits = 16;
};

inline std::string wavFormat(const WavKind& k) {
  const int align = k.channels * k.bits / 8;
  return "fmt " + little(16, 4) + little(static_cast<uint64_t>(k.format), 2) +
         little(static_cast<uint64_t>(k.channels), 2) + little(static_cast<uint64_t>(k.rate), 4) +
         little(static_cast<uint64_t>(k.rate * align), 4) + little(static_cast<uint64_t>(align), 2) +
         little(static_cast<uint64_t>(k.bits), 2);
}

inline std::string riff(const std::string& pieces) { return "RIFF" + little(4 + pieces.size(), 4) + "WAVE" + pieces; }

inline std::string wav(const std::string& sound, const WavKind& kind = {}) {
  return riff(wavFormat(kind) + "data" + little(sound.size(), 4) + sound);
}

}  // namespace netwright::data
