// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/numpy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "core/data/sources/zip_reader.h"
#include "tests/core/data/array_files.h"
#include "tests/core/data/tables.h"
#include "tests/support/message_of.h"
#include "tests/support/process.h"

namespace netwright::data {
namespace {

using testing::ElementsAre;
using Entries = std::vector<std::pair<std::string, std::string>>;

std::string floats(const std::string& shape, const std::vector<float>& values) {
  return npy("<f4", shape, bytesOf(values));
}
std::string whole(const std::string& shape, const std::vector<int64_t>& values) {
  return npy("<i8", shape, bytesOf(values));
}

Table archive(const Entries& entries, bool deflate = false) { return Table(zip(entries, deflate), "numpy", "a.npz"); }

TEST(Numpy, Numpy_ReadsFeaturesAndClasses) {
  for (const bool deflate : {false, true}) {
    const Table table =
        archive({{"x.npy", floats("3, 2", {1, 2, 3, 4, 5, 6})}, {"y.npy", whole("3,", {2, 0, 2})}}, deflate);
    const auto data = table.open().train;
    const ColumnSpec x{"x", DType::Float32, {2}, Role::Feature, {}, {}};
    const ColumnSpec y{"y", DType::Int64, {}, Role::Target, {"0", "1", "2"}, {}};
    EXPECT_THAT(data->columns(), ElementsAre(x, y));
    EXPECT_EQ(table.describe(), data->columns());
    EXPECT_THAT(values<float>(*data, "x"), ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_THAT(values<int64_t>(*data, "y"), ElementsAre(2, 0, 2));
    EXPECT_EQ(data->sampleName(2), "sample 2 of a.npz");
  }
}

TEST(Numpy, Numpy_ReadsNumbersToPredictAndNamedArrays) {
  Table table = archive({{"in.npy", floats("2,", {1, 2})}, {"out.npy", floats("2,", {3, 4})}});
  table.config.params = {{"x", "in"}, {"y", "out"}};
  EXPECT_THAT(values<float>(*table.open().train, "y"), ElementsAre(3, 4));
  EXPECT_THAT(table.open().train->columns()[1].shape, ElementsAre(1));
  table.config.params["y"] = "outt";
  EXPECT_EQ(table.message(), "a.npz has no array 'outt'. It has in, out. Did you mean 'out'?");
}

TEST(Numpy, Numpy_KeepsBytesAndArrangesImages) {
  std::vector<uint8_t> pixels(24);
  for (size_t i = 0; i < 24; ++i) pixels[i] = static_cast<uint8_t>(i);
  Table table = archive({{"x.npy", npy("|u1", "2, 2, 2, 3", bytesOf(pixels))}, {"y.npy", whole("2,", {0, 1})}});
  table.config.params = {{"images", "channels_last"}};
  EXPECT_THAT(table.open().train->columns()[0].shape, ElementsAre(3, 2, 2));
  EXPECT_THAT(values<uint8_t>(*table.open().train, "x"),
              ElementsAre(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, 12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23));
  table.config.params = {{"images", "add_channel"}};
  EXPECT_EQ(
      table.message(),
      "x.npy has the shape (2, 2, 2, 3), but images=add_channel takes arrays of 3 dimensions. Set images to as_is.");
  table.config.params = {};
  table.config.transforms = {{"to_float", {}}};
  EXPECT_EQ(table.open().train->columns()[0].dtype, DType::Float32);
}

TEST(Numpy, Numpy_TakesSetsFromAnArchiveOrAFolder) {
  const Entries sets{{"x_train.npy", floats("2, 1", {1, 2})}, {"y_train.npy", whole("2,", {0, 1})},
                     {"x_val.npy", floats("1, 1", {5})},      {"y_val.npy", whole("1,", {1})},
                     {"x_test.npy", floats("1, 1", {9})},     {"y_test.npy", whole("1,", {0})}};
  Table folder("", "numpy", "notes.txt");
  folder.config.path = ".";
  for (const auto& [name, bytes] : sets) folder.folder.write(name, bytes);
  const Table packed = archive(sets);
  for (const Table* table : std::initializer_list<const Table*>{&folder, &packed}) {
    const DataSplits data = table->open();
    EXPECT_THAT(data.trainSamples, ElementsAre(0, 1));
    EXPECT_THAT(data.validationSamples, ElementsAre(2));
    EXPECT_THAT(values<float>(*data.train, "x"), ElementsAre(1, 2, 5));
    EXPECT_THAT(values<float>(*data.test, "x"), ElementsAre(9));
  }
  folder.folder.write("y_test.npy", whole("1,", {2}));
  EXPECT_EQ(folder.message(),
            "y of test holds the label 2, but there are only 2 classes (0 to 1). The classes are those of the training "
            "labels. Use labels of the same data set.");
  folder.folder.write("x_test.npy", floats("1, 2", {9, 9}));
  EXPECT_EQ(folder.message(),
            "x of test holds float32 of (2) but that of training holds float32 of (1). Give all sets the same kind of "
            "samples.");
}

TEST(Numpy, Numpy_RejectsLabelsOutOfRange) {
  const auto message = [](const std::string& y, const Attributes& params = {}) {
    Table table = archive({{"x.npy", floats("2, 1", {1, 2})}, {"y.npy", y}});
    table.config.params = params;
    return table.message();
  };
  EXPECT_EQ(
      message(whole("2,", {1, -1})),
      "y.npy holds the label -1 at sample 1. Labels were expected, which are whole numbers from 0 to 9,999. Number "
      "the classes from 0, or set target_type to number for a regression.");
  EXPECT_THAT(message(whole("2,", {1'000'000, 1})), testing::StartsWith("y.npy holds the label 1000000 at sample 0."));
  EXPECT_EQ(message(floats("2,", {1, 75.5f}), {{"target_type", "class"}}),
            "y.npy holds 75.5 at sample 1, which is not a class. A class was expected, which is a whole number. For a "
            "regression set target_type to number and take the loss mse.");
  EXPECT_EQ(message(whole("3,", {1, 2, 3})),
            "y.npy has the shape (3), but there are 2 samples. Give features and targets equally many rows.");
  EXPECT_EQ(
      message(whole("2, 2", {1, 2, 3, 4})),
      "y.npy has the shape (2, 2), but a class is one number for each sample. Give the number of the class, or set "
      "target_type to number.");
  EXPECT_EQ(message(whole("2,", {1, 4}), {{"target_type", "number"}}), "no error");
}

TEST(Numpy, Numpy_RejectsNothingAndNaN) {
  EXPECT_EQ(archive({{"x.npy", floats("0, 2", {})}, {"y.npy", whole("0,", {})}}).message(),
            "x.npy has the shape (0, 2): it holds no samples. Choose an array with the sample as its first dimension.");
  EXPECT_EQ(archive({{"x.npy", floats("2, 2", {1, 2, 3, std::numeric_limits<float>::quiet_NaN()})},
                     {"y.npy", whole("2,", {0, 1})}})
                .message(),
            "The data has no number at sample 1 of a.npz, column 'x', entry 1. Missing values remain after the "
            "transforms, and a network cannot learn from them. Add the step 'impute', leave such rows out, or fill the "
            "value in.");
  Table single(floats("1,", {1}), "numpy", "x.npy");
  EXPECT_EQ(
      single.message(),
      "x.npy holds one array, but features and targets are two. Choose the folder that holds both files, or an .npz "
      "archive.");
}

TEST(ZipReader, ZipReader_RejectsDamage) {
  const auto message = [](const std::string& bytes, const std::string& entry = "a") {
    return netwright::test::messageOf([&] { ZipReader(bytes, "t.npz").read(entry, 1 << 20); });
  };
  const std::string good = zip({{"a", "hello hello hello"}}, true);
  EXPECT_EQ(ZipReader(good, "t").read("a", 100), "hello hello hello");
  EXPECT_EQ(message(good, "b"), "t.npz is not an archive that can be read. It has no entry 'b'. Get the file again.");
  EXPECT_EQ(message("short"), "t.npz is not an archive that can be read. It is too short. Get the file again.");
  EXPECT_EQ(message(std::string(100, 'x')),
            "t.npz is not an archive that can be read. It has no directory at its end; it looks cut off. Get the file "
            "again.");
  std::string bad = good;
  bad[35] ^= 1;
  EXPECT_THAT(message(bad), testing::StartsWith("t.npz is not an archive that can be read. Its entry 'a' is damaged"));
  std::string bomb = good;  // a size that deflate cannot reach
  const size_t size = bomb.rfind("PK\x01\x02") + 24;
  bomb.replace(size, 4, littleEndian(0x7fffffff, 4));
  EXPECT_THAT(message(bomb), testing::HasSubstr("claims 2,147,483,647 bytes, which cannot come from "));
  for (size_t cut = 0; cut < good.size(); ++cut) EXPECT_NE(message(good.substr(0, cut)), "nothing was thrown");
}

// NumPy itself writes arrays of every kind, order and byte order; all hold 0.5 i - 3 or, of whole numbers, i.
TEST(Numpy, Numpy_ReadsWhatNumpyWrites) {
  const std::string python = netwright::test::peerPython();
  ASSERT_FALSE(python.empty()) << "No Python with NumPy was found; ./test installs one.";
  const DataFolder folder;
  const auto outcome = netwright::test::runShell(
      "'" + python + "' '" NETWRIGHT_SOURCE_DIR "/tests/peers/write_arrays.py' '" + folder.path().string() + "'");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (entry.path().extension() != ".npz") continue;
    ++files;
    DataConfig config;
    config.source = "numpy";
    config.path = entry.path().string();
    config.validation = 0;
    config.params = {{"target_type", "number"}};
    const auto data = openData(config, folder.path()).train;
    const auto y = values<float>(*data, "y");
    const Batch batch = readAll(*data);
    const HostTensor& x = *batch.find("x");
    EXPECT_THAT(x.shape, ElementsAre(4, 3, 2)) << entry.path();
    ASSERT_EQ(y.size(), 24u);
    for (size_t i = 0; i < 24; ++i) {
      const float expected = entry.path().stem().string().starts_with("f")   ? 0.5f * static_cast<float>(i) - 3
                             : entry.path().stem().string().starts_with("b") ? static_cast<float>(i % 2)
                                                                             : static_cast<float>(i);
      EXPECT_EQ(y[i], expected) << entry.path() << " " << i;
      EXPECT_EQ(x.dtype == DType::UInt8 ? static_cast<float>(x.as<uint8_t>()[i]) : x.as<float>()[i], expected);
    }
  }
  EXPECT_EQ(files, 42);
}

}  // namespace
}  // namespace netwright::data
