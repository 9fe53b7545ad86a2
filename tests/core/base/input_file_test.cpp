// SPDX-License-Identifier: Apache-2.0
#include "core/base/input_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/support/message_of.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using test::messageOf;
using ::testing::HasSubstr;

TEST(InputFile, ReadsPieces) {
  const test::TempFolder folder;
  writeFileAtomic(folder / "f", "0123456789");
  const InputFile file(folder / "f");
  EXPECT_EQ(file.size(), 10u);
  EXPECT_EQ(file.read(3, 4), "3456");
  EXPECT_EQ(file.read(10, 0), "");
  EXPECT_EQ(messageOf([&] { (void)file.read(8, 3); }),
            "Could not read " + (folder / "f").string() + ". It ends before its time. Check the path and the disk.");
}

TEST(InputFile, IsTheFileThatWasOpenedWhateverTakesItsPlace) {
  const test::TempFolder folder;
  writeFileAtomic(folder / "f", "old");
  const InputFile file(folder / "f");
  const MappedFile mapped(folder / "f");
  writeFileAtomic(folder / "f", "newer");
  EXPECT_EQ(file.read(0, 3), "old");
  EXPECT_EQ(mapped.bytes(), "old");
}

TEST(InputFile, NamesWhatCannotBeOpened) {
  const test::TempFolder folder;
  EXPECT_THAT(messageOf([&] { InputFile(folder / "none"); }), HasSubstr("none. No such file or directory."));
  EXPECT_THAT(messageOf([&] { InputFile(folder.path()); }), HasSubstr("It is no ordinary file."));
  EXPECT_THAT(messageOf([&] { MappedFile("/dev/zero"); }), HasSubstr("It is no ordinary file."));
}

TEST(InputFile, MapsAnEmptyFile) {
  const test::TempFolder folder;
  writeFileAtomic(folder / "f", "");
  EXPECT_EQ(MappedFile(folder / "f").bytes(), "");
}

TEST(InputFile, HashesInPieces) {
  const test::TempFolder folder;
  const std::string large((size_t{1} << 20) * 2 + 17, 'x');
  for (const std::string& text : {std::string(), std::string("abc"), large}) {
    writeFileAtomic(folder / "f", text);
    EXPECT_EQ(sha256OfFile(folder / "f"), sha256Hex(text));
  }
}

}  // namespace
}  // namespace netwright
