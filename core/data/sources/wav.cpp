// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/wav.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "core/base/error.h"
#include "core/base/text.h"

namespace netwright::data {
namespace {

constexpr uint64_t kPcm = 1, kFloat = 3, kExtensible = 0xFFFE;
constexpr uint64_t kMostChannels = 64;

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& fileName) : bytes_(bytes), fileName_(fileName) {}

  Sound read() {
    if (bytes_.size() < 12 || bytes_.substr(0, 4) != "RIFF" || bytes_.substr(8, 4) != "WAVE")
      fail("is not a WAV file.", "It does not begin with RIFF and WAVE.");
    uint64_t at = 12;
    while (at + 8 <= bytes_.size()) {
      const std::string_view kind = bytes_.substr(at, 4);
      const uint64_t size = number(at + 4, 4), begin = at + 8;
      if (kind == "data") {
        if (!known_) fail("is damaged.", "Its sound stands before what describes it.");
        return soundFrom(begin, size);
      }
      if (size > bytes_.size() - begin) failCut(size, bytes_.size() - begin);
      if (kind == "fmt ") readFormat(begin, size);
      at = begin + size + size % 2;  // pieces begin at even places
    }
    fail("holds no sound.", "It has no piece called data.");
  }

 private:
  [[noreturn]] void fail(const std::string& what, std::string why) const {
    failInput(fmt::format("{} {}", fileName_, what), std::move(why), "Get the file again, or save it as 16-bit PCM.");
  }
  [[noreturn]] void failCut(uint64_t wanted, uint64_t left) const {
    fail("is cut off.", fmt::format("A piece of {} bytes has only {}.", grouped(static_cast<int64_t>(wanted)),
                                    grouped(static_cast<int64_t>(left))));
  }

  // Little-endian; the caller has looked that it is there.
  uint64_t number(uint64_t at, uint64_t count) const {
    uint64_t value = 0;
    for (uint64_t i = count; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes_[at + i]);
    return value;
  }

  void readFormat(uint64_t at, uint64_t size) {
    if (size < 16) fail("is damaged.", fmt::format("The description of its sound has {} bytes, not 16.", size));
    format_ = number(at, 2);
    channels_ = number(at + 2, 2);
    rate_ = number(at + 4, 4);
    align_ = number(at + 12, 2);
    bits_ = number(at + 14, 2);
    if (format_ == kExtensible && size >= 26) format_ = number(at + 24, 2);
    const bool whole = format_ == kPcm && (bits_ == 8 || bits_ == 16 || bits_ == 24 || bits_ == 32);
    if (!whole && !(format_ == kFloat && (bits_ == 32 || bits_ == 64)))
      fail("is compressed, or of an unknown kind.",
           fmt::format("It has format {} with {} bits; known are whole numbers (1) of 8, 16, 24 or 32 bits and floats "
                       "(3) of 32 or 64.",
                       format_, bits_));
    if (channels_ < 1 || channels_ > kMostChannels || rate_ < 1 || align_ != channels_ * bits_ / 8)
      fail("is damaged.", fmt::format("{} channels at {} Hz with {} bytes for each moment are not possible.", channels_,
                                      rate_, align_));
    known_ = true;
  }

  Sound soundFrom(uint64_t at, uint64_t size) const {
    if (size > bytes_.size() - at) failCut(size, bytes_.size() - at);
    if (size % align_ != 0) fail("is damaged.", fmt::format("Its {} bytes of sound end within a moment.", size));
    Sound sound{static_cast<int64_t>(rate_), {}};
    sound.samples.reserve(size / align_);
    for (uint64_t moment = at; moment < at + size; moment += align_) {
      double sum = 0;
      for (uint64_t c = 0; c < channels_; ++c) sum += value(moment + c * bits_ / 8);
      const auto mean = static_cast<float>(sum / static_cast<double>(channels_));
      if (!std::isfinite(mean))
        fail("holds a value that is no number.",
             fmt::format("It is at moment {}.", grouped(static_cast<int64_t>((moment - at) / align_))));
      sound.samples.push_back(mean);
    }
    return sound;
  }

  double value(uint64_t at) const {
    const uint64_t raw = number(at, bits_ / 8);
    if (format_ == kFloat)
      return bits_ == 64 ? std::bit_cast<double>(raw) : double{std::bit_cast<float>(static_cast<uint32_t>(raw))};
    if (bits_ == 8) return (static_cast<double>(raw) - 128) / 128;  // the only kind without a sign
    const auto top = static_cast<int32_t>(static_cast<uint32_t>(raw << (32 - bits_)));
    return static_cast<double>(top) / 2147483648.0;
  }

  std::string_view bytes_;
  const std::string& fileName_;
  bool known_ = false;
  uint64_t format_ = 0, channels_ = 0, rate_ = 0, align_ = 0, bits_ = 0;
};

}  // namespace

Sound parseWav(std::string_view bytes, const std::string& fileName) { return Reader(bytes, fileName).read(); }

}  // namespace netwright::data
