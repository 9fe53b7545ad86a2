// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/wav.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "tests/core/data/wav_files.h"
#include "tests/support/message_of.h"

namespace netwright::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string message(const std::string& bytes) {
  return test::messageOf([&] { parseWav(bytes, "a.wav"); });
}

TEST(Wav, WholeNumbersOfAllWidthsLieWithinOne) {
  const Sound sound = parseWav(wav(little(0, 2) + little(0x4000, 2) + little(0x8000, 2) + little(0x7FFF, 2)), "a.wav");
  EXPECT_EQ(sound.rate, 8000);
  EXPECT_THAT(sound.samples, ElementsAre(0, 0.5F, -1, 32767 / 32768.0F));
  EXPECT_THAT(parseWav(wav("\x80\xC0" + std::string(1, '\0'), {1, 1, 8000, 8}), "").samples, ElementsAre(0, 0.5F, -1));
  EXPECT_THAT(parseWav(wav(little(0x400000, 3) + little(0x800000, 3), {1, 1, 44100, 24}), "").samples,
              ElementsAre(0.5F, -1));
  EXPECT_THAT(parseWav(wav(little(0xC0000000, 4), {1, 1, 8000, 32}), "").samples, ElementsAre(-0.5F));
}

TEST(Wav, FloatsAreTakenAsTheyAre) {
  const auto single = std::bit_cast<uint32_t>(0.25F);
  EXPECT_THAT(parseWav(wav(little(single, 4), {3, 1, 8000, 32}), "").samples, ElementsAre(0.25F));
  EXPECT_THAT(parseWav(wav(little(std::bit_cast<uint64_t>(-0.75), 8), {3, 1, 8000, 64}), "").samples,
              ElementsAre(-0.75F));
  EXPECT_THAT(message(wav(little(std::bit_cast<uint32_t>(NAN), 4), {3, 1, 8000, 32})),
              HasSubstr("a.wav holds a value that is no number. It is at moment 0."));
}

TEST(Wav, ChannelsAreMixedAndOtherPiecesSkipped) {
  const std::string sound = little(0x4000, 2) + little(0, 2);
  const std::string odd = "LIST" + little(3, 4) + "abc" + std::string(1, '\0');  // filled up to an even place
  EXPECT_THAT(parseWav(riff(odd + wavFormat({1, 2, 8000, 16}) + "data" + little(4, 4) + sound), "").samples,
              ElementsAre(0.25F));
}

TEST(Wav, TheExtensibleFormatSaysWhatItIsFurtherBehind) {
  std::string format = wavFormat({0xFFFE, 1, 8000, 16});
  format.replace(4, 4, little(40, 4));
  format += little(22, 2) + little(16, 2) + little(4, 4) + little(1, 2) + std::string(14, '\0');
  EXPECT_THAT(parseWav(riff(format + "data" + little(2, 4) + little(0x4000, 2)), "").samples, ElementsAre(0.5F));
}

TEST(Wav, WhatIsWrongIsNamed) {
  EXPECT_EQ(
      message("hello"),
      "a.wav is not a WAV file. It does not begin with RIFF and WAVE. Get the file again, or save it as 16-bit PCM.");
  EXPECT_THAT(message(riff("")), HasSubstr("a.wav holds no sound."));
  EXPECT_THAT(message(riff("data" + little(2, 4) + "ab")), HasSubstr("stands before what describes it"));
  EXPECT_THAT(message(wav("abc")), HasSubstr("a.wav is damaged. Its 3 bytes of sound end within a moment."));
  EXPECT_THAT(message(wav("abcd", {1, 0, 8000, 16})), HasSubstr("0 channels at 8000 Hz"));
  EXPECT_THAT(message(wav("abcd", {2, 1, 8000, 4})), HasSubstr("It has format 2 with 4 bits"));
  EXPECT_THAT(message(riff(wavFormat({}) + "data" + little(1000, 4) + "ab")),
              HasSubstr("a.wav is cut off. A piece of 1,000 bytes has only 2."));
  EXPECT_THAT(message(riff("LIST" + little(0xFFFFFFFF, 4))), HasSubstr("is cut off"));
}

}  // namespace
}  // namespace netwright::data
