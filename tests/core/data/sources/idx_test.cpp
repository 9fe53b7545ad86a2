// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/idx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/core/data/idx_files.h"

namespace netwright::data {
namespace {

using testing::ElementsAre;

// The message of the Error{Input} that opening these two files throws.
std::string messageOf(const std::filesystem::path& images, const std::filesystem::path& labels) {
  try {
    openIdx(images, labels);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::Input);
    return error.what();
  }
  return "no error";
}

std::string messageForImages(const std::string& bytes) {
  const DataFolder folder;
  return messageOf(folder.write("images", bytes), folder.write("labels", idxLabels({0, 1})));
}

std::string messageForLabels(const std::string& bytes) {
  const DataFolder folder;
  return messageOf(folder.write("images", idxImages(2, 2, 3)), folder.write("labels", bytes));
}

TEST(Idx, Idx_ReadsSamplesInAnyOrder) {
  const DataFolder folder;
  const auto data = openIdx(folder.write("i", idxImages(3, 1, 2)), folder.write("l", idxLabels({7, 0, 9})));
  Batch batch;
  data->read(std::vector<int64_t>{2, 0, 2}, batch);
  EXPECT_THAT(batch.samples, ElementsAre(2, 0, 2));
  EXPECT_THAT(batch.columns[0].tensor.shape, ElementsAre(3, 1, 1, 2));
  EXPECT_THAT(batch.find("image")->as<uint8_t>(), ElementsAre(4, 5, 0, 1, 4, 5));
  EXPECT_THAT(batch.columns[1].tensor.shape, ElementsAre(3));
  EXPECT_THAT(batch.find("label")->as<int64_t>(), ElementsAre(9, 7, 9));
  EXPECT_EQ(batch.find("labels"), nullptr);
}

TEST(Idx, Idx_DescribesItsColumns) {
  const DataFolder folder;
  const auto data = openIdx(folder.write("i", idxImages(2, 4, 5)), folder.write("l", idxLabels({0, 2})));
  const ColumnSpec image{"image", DType::UInt8, {1, 4, 5}, Role::Feature, {}};
  const ColumnSpec label{"label", DType::Int64, {}, Role::Target, {"0", "1", "2"}};
  EXPECT_THAT(data->columns(), ElementsAre(image, label));
  EXPECT_EQ(data->size(), 2);
}

TEST(Idx, Idx_ReadsGzipWhateverItsName) {
  const DataFolder folder;
  const auto data = openIdx(folder.write("i", gzip(idxImages(300, 28, 28))),
                            folder.write("l.gz", gzip(idxLabels(std::vector<uint8_t>(300, 1)))));
  Batch batch;
  data->read(std::vector<int64_t>{299}, batch);
  for (size_t i = 0; i < 784; ++i) ASSERT_EQ(batch.columns[0].tensor.as<uint8_t>()[i], (299 * 784 + i) % 256);
}

TEST(Idx, Idx_ReusesTheMemoryOfTheBatch) {
  const DataFolder folder;
  const auto data =
      openIdx(folder.write("i", idxImages(8, 4, 4)), folder.write("l", idxLabels({0, 1, 2, 3, 4, 5, 6, 7})));
  Batch batch;
  data->read(std::vector<int64_t>{0, 1, 2, 3}, batch);
  const auto* pixels = batch.columns[0].tensor.bytes.data();
  data->read(std::vector<int64_t>{4}, batch);
  data->read(std::vector<int64_t>{4, 5, 6, 7}, batch);
  EXPECT_EQ(batch.columns[0].tensor.bytes.data(), pixels);
}

TEST(Idx, Idx_RejectsMissingFile) {
  EXPECT_EQ(messageOf("/nowhere/images", "/nowhere/labels"),
            "Could not read /nowhere/images. No such file or directory. Check the path.");
}

TEST(Idx, Idx_RejectsFolderAsFile) {
  const DataFolder folder;
  EXPECT_EQ(messageOf(folder.path(), folder.path()), folder.path().string() + " is not a file. Choose a file.");
}

TEST(Idx, Idx_RejectsTruncatedImages) {
  EXPECT_EQ(messageForImages(idxHeader(0x803, {60000, 28, 28}) + std::string(12345, 'x')),
            "images should hold 60,000 images of 28 x 28 = 47,040,000 bytes but has only 12,345. Get the file again: "
            "it looks "
            "cut off.");
}

TEST(Idx, Idx_RejectsTruncatedLabels) {
  EXPECT_EQ(messageForLabels(idxHeader(0x801, {10}) + "123"),
            "labels should hold 10 labels = 10 bytes but has only 3. Get the file again: it looks cut off.");
}

TEST(Idx, Idx_RejectsShortContentInsideGzip) {
  EXPECT_EQ(messageForImages(gzip(idxHeader(0x803, {2, 2, 3}) + "12345")),
            "images should hold 2 images of 2 x 3 = 12 bytes but has only 5. Get the file again: it looks cut off.");
}

TEST(Idx, Idx_RejectsHeaderCutOff) {
  EXPECT_EQ(messageForImages(std::string("\0\0\x08", 3)),
            "images ends within its header. It has 3 bytes on disk. Choose a file of IDX images.");
  EXPECT_EQ(messageForImages(""),
            "images ends within its header. It has 0 bytes on disk. Choose a file of IDX images.");
}

TEST(Idx, Idx_RejectsTrailingBytes) {
  EXPECT_EQ(
      messageForImages(idxImages(2, 2, 3) + "x"),
      "images should hold 2 images of 2 x 3 = 12 bytes but goes on after them. Replace the file: it does not match its "
      "header.");
}

TEST(Idx, Idx_RejectsBytesAfterGzip) {
  EXPECT_EQ(messageForImages(gzip(idxImages(2, 2, 3)) + "xyz"),
            "images has 3 bytes after the end of its compressed data. Get the file again.");
}

TEST(Idx, Idx_RejectsLabelsAsImages) {
  EXPECT_EQ(
      messageForImages(idxLabels({1, 2})),
      "images starts with 0x00000801 where IDX images have 0x00000803. This is a labels file. Choose a file of IDX "
      "images.");
}

TEST(Idx, Idx_RejectsImagesAsLabels) {
  EXPECT_EQ(
      messageForLabels(idxImages(1, 2, 2)),
      "labels starts with 0x00000803 where IDX labels have 0x00000801. This is an images file. Choose a file of IDX "
      "labels.");
}

TEST(Idx, Idx_RejectsOtherTypesByName) {
  EXPECT_EQ(
      messageForImages(idxHeader(0xD03, {1, 1, 1}) + "1234"),
      "images starts with 0x00000d03 where IDX images have 0x00000803. It holds 32-bit floats, and only unsigned bytes "
      "are read. Choose a file of IDX images.");
}

TEST(Idx, Idx_RejectsOtherRanks) {
  EXPECT_EQ(messageForImages(idxHeader(0x804, {1, 1, 1, 1}) + "1"),
            "images starts with 0x00000804 where IDX images have 0x00000803. It has 4 dimensions. Choose a file of IDX "
            "images.");
}

TEST(Idx, Idx_RejectsForeignFile) {
  EXPECT_EQ(
      messageForImages("\x89PNG\r\n\x1a\n----"),
      "images starts with 0x89504e47 where IDX images have 0x00000803. This is not an IDX file. Choose a file of IDX "
      "images.");
}

TEST(Idx, Idx_RejectsCountMismatch) {
  const DataFolder folder;
  EXPECT_EQ(
      messageOf(folder.write("images", idxImages(3, 1, 1)), folder.write("labels", idxLabels({0, 1}))),
      "images holds 3 images but labels holds 2 labels. Choose an images file and a labels file that belong together.");
}

TEST(Idx, Idx_RejectsCorruptGzip) {
  std::string bytes = gzip(idxImages(2, 2, 3));
  bytes[bytes.size() - 6] ^= 1;  // the check sum
  EXPECT_THAT(messageForImages(bytes), testing::StartsWith("images is damaged. Unpacking stopped at byte "));
  EXPECT_THAT(messageForImages(bytes), testing::HasSubstr("incorrect data check"));
}

TEST(Idx, Idx_RejectsGzipCutOff) {
  std::string bytes = gzip(idxImages(2, 2, 3));
  bytes.resize(bytes.size() - 9);
  EXPECT_THAT(messageForImages(bytes), testing::StartsWith("images is cut off. The compressed data stops after "));
}

TEST(Idx, Idx_RejectsEverySingleTruncation) {
  for (const std::string& whole : {idxImages(2, 2, 3), gzip(idxImages(2, 2, 3))})
    for (size_t size = 0; size < whole.size(); ++size)
      EXPECT_NE(messageForImages(whole.substr(0, size)), "no error") << size;
}

TEST(Idx, Idx_RejectsHostileSizesBeforeAllocating) {
  EXPECT_EQ(messageForImages(idxHeader(0x803, {0xffffffff, 0xffffffff, 0xffffffff})),
            "images claims 4,294,967,295 images of 4294967295 x 4294967295, more than any memory. Replace the file: "
            "its header "
            "is damaged.");
  EXPECT_EQ(messageForImages(idxHeader(0x803, {0xffffffff, 1000, 1000})),
            "images should hold 4,294,967,295 images of 1000 x 1000 = 4,294,967,295,000,000 bytes but has only 0. Get "
            "the file "
            "again: it looks cut off.");
  EXPECT_THAT(messageForImages(gzip(idxHeader(0x803, {0xffffffff, 1000, 1000}))),
              testing::HasSubstr("That is less than any compression needs."));
}

TEST(Idx, Idx_RejectsEmptyImages) {
  EXPECT_EQ(messageForImages(idxHeader(0x803, {2, 0, 28})),
            "images holds images of 0 x 28 pixels. Replace the file: it does not hold images.");
  EXPECT_EQ(messageForImages(idxHeader(0x803, {0, 28, 28})), "images holds no samples. Choose another file.");
}

TEST(Idx, Idx_RejectsLabelBeyondTheClasses) {
  const DataFolder folder;
  try {
    openIdx(folder.write("i", idxImages(2, 1, 1)), folder.write("labels", idxLabels({1, 12})), 10);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.title, "labels holds the label 12 at sample 1, but there are only 10 classes (0 to 9).");
  }
}

}  // namespace
}  // namespace netwright::data
