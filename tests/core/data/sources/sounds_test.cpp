// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/sounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/data/tables.h"
#include "tests/core/data/wav_files.h"

namespace netwright::data {
namespace {

using testing::ElementsAre;

// Folders "no" and "yes" in a project, and settings that read them.
class Sounds : public testing::Test {
 protected:
  Sounds() {
    table.config.path = ".";
    table.config.params = {{"length", int64_t{3}}};
    for (const char* folder : {"no", "yes"}) std::filesystem::create_directory(table.folder / folder);
    table.folder.write("no/b.wav", wav(little(0x4000, 2)));
    table.folder.write("no/a.WAV", wav(little(0x8000, 2) + little(0, 2) + little(0x4000, 2) + little(0x4000, 2)));
    table.folder.write("yes/c.wav", wav(little(0x2000, 2) + little(0x2000, 2)));
  }
  Table table{"", "sounds", "notes.txt"};
};

TEST_F(Sounds, AFolderIsAClassAndShortSoundsEndInSilence) {
  const DataSplits data = table.open();
  const Dataset& sounds = *data.train;
  EXPECT_THAT(values<float>(sounds, "x"), ElementsAre(-1, 0, .5F, .5F, 0, 0, .25F, .25F, 0));
  EXPECT_THAT(values<int64_t>(sounds, "label"), ElementsAre(0, 0, 1));
  EXPECT_THAT(sounds.columns()[1].classes, ElementsAre("no", "yes"));
  EXPECT_EQ(sounds.sampleName(1), "no/b.wav");
  EXPECT_EQ(table.describe(), sounds.columns());
  EXPECT_THAT(data.notes, ElementsAre("1 of 3 sounds are longer than 3 samples and were cut off."));
}

TEST_F(Sounds, OtherFilesAreLeftOutAndHiddenOnesNotMentioned) {
  table.folder.write("yes/readme.txt", "");
  table.folder.write("yes/.hidden.wav", "");
  EXPECT_THAT(table.open().notes.back(), "1 files that are no .wav were left out.");
}

TEST_F(Sounds, WhatIsWrongNamesTheFile) {
  table.folder.write("yes/d.wav", wav(little(0, 2), {1, 1, 16000, 16}));
  EXPECT_EQ(table.message(),
            "yes/d.wav has 16,000 samples a second, but sample_rate is 8,000. All sounds must have the same rate, or "
            "pitches would differ. Convert the file, or set sample_rate to 16000 if all are like it.");
  table.folder.write("yes/d.wav", "RIFF");
  EXPECT_EQ(table.message(),
            "yes/d.wav is not a WAV file. It does not begin with RIFF and WAVE. Get the file again, or "
            "save it as 16-bit PCM.");
}

TEST_F(Sounds, ClassesNeedFoldersWithSounds) {
  std::filesystem::create_directory(table.folder / "maybe");
  EXPECT_THAT(table.message(), testing::HasSubstr("The class 'maybe' has no sound"));
  for (const char* folder : {"maybe", "no"}) std::filesystem::remove_all(table.folder / folder);
  EXPECT_THAT(table.message(), testing::HasSubstr("holds one folder, but a class is a folder"));
}

}  // namespace
}  // namespace netwright::data
