// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/base/error.h"
#include "core/base/json.h"
#include "tests/core/data/idx_files.h"

namespace netwright::data {
namespace {

namespace fs = std::filesystem;

DataConfig folderConfig(const std::string& path) {
  DataConfig config;
  config.path = path;
  return config;
}

std::string messageOf(const DataConfig& config, const fs::path& folder = ".") {
  try {
    openData(config, folder);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::Input);
    return error.what();
  }
  return "no error";
}

std::string jsonMessageOf(const std::string& text) {
  try {
    dataConfigFromJson(parseJson(text, "project.json"), "project.json");
  } catch (const Error& error) {
    return error.title;
  }
  return "no error";
}

class DataConfigTest : public testing::Test {
 protected:
  void SetUp() override { ::setenv("NETWRIGHT_RESOURCES", NETWRIGHT_SOURCE_DIR "/resources", 1); }
  void TearDown() override { ::unsetenv("NETWRIGHT_RESOURCES"); }
};

TEST_F(DataConfigTest, DataConfig_SurvivesJson) {
  DataConfig config;
  config.path = "digits";
  config.transforms = {{"to_float", {}}, {"normalize", {{"mean", 0.1307}, {"std", 1.0}}}};
  config.validation = 0.25;
  config.splitSeed = UINT64_MAX;
  const Json json = toJson(config);
  EXPECT_EQ(dataConfigFromJson(parseJson(json.dump(), "x"), "x"), config);
  EXPECT_EQ(toJson(dataConfigFromJson(json, "x")).dump(), json.dump());
}

TEST_F(DataConfigTest, DataConfig_DefaultsAndUnknownKeys) {
  EXPECT_EQ(dataConfigFromJson(parseJson(R"({"colour": 3})", "x"), "x"), DataConfig());
}

TEST_F(DataConfigTest, DataConfig_NamesTheKeyOfAWrongType) {
  EXPECT_EQ(jsonMessageOf(R"({"validation": "half"})"),
            "project.json: 'validation' should be a number but is \"half\".");
  EXPECT_EQ(jsonMessageOf(R"({"transforms": 3})"), "project.json: 'transforms' should be a list but is 3.");
  EXPECT_EQ(jsonMessageOf(R"({"transforms": [{"kind": "to_float", "params": []}]})"),
            "project.json: 'params' should be an object but is [].");
  EXPECT_EQ(jsonMessageOf(R"({"transforms": [{}]})"), "project.json: a transform has no 'kind'.");
  EXPECT_EQ(jsonMessageOf(R"({"transforms": [3]})"), "project.json: expected an object around 'kind'.");
}

TEST_F(DataConfigTest, OpenData_ReadsTheBuiltInDigits) {
  DataConfig config;
  config.transforms = {{"to_float", {}}};
  const DataSplits data = openData(config, ".");
  EXPECT_EQ(data.train->size(), 60'000);
  EXPECT_EQ(data.test->size(), 10'000);
  EXPECT_EQ(data.trainSamples.size(), 54'000u);
  EXPECT_EQ(data.validationSamples.size(), 6'000u);
  EXPECT_THAT(data.train->columns()[0].shape, testing::ElementsAre(1, 28, 28));
  EXPECT_EQ(data.train->columns()[1].classes.size(), 10u);
  EXPECT_EQ(describeData(config, "."), data.train->columns());
  Batch batch;
  data.train->read(std::vector<int64_t>{0, 1, 2, 59'999}, batch);
  EXPECT_THAT(batch.find("label")->as<int64_t>(), testing::ElementsAre(5, 0, 4, 8));
  data.test->read(std::vector<int64_t>{0, 9'999}, batch);
  EXPECT_THAT(batch.find("label")->as<int64_t>(), testing::ElementsAre(7, 6));
}

TEST_F(DataConfigTest, OpenData_FindsPlainFilesRelativeToTheProject) {
  const DataFolder folder;
  fs::create_directory(folder.path() / "digits");
  folder.write("digits/train-images.idx3-ubyte", idxImages(4, 2, 2));
  folder.write("digits/train-labels.idx1-ubyte.gz", gzip(idxLabels({0, 1, 1, 0})));
  const DataSplits data = openData(folderConfig("digits"), folder.path());
  EXPECT_EQ(data.train->size(), 4);
  EXPECT_EQ(data.test, nullptr);
  EXPECT_EQ(describeData(folderConfig("digits"), folder.path()), data.train->columns());
}

TEST_F(DataConfigTest, OpenData_ReportsWhatIsMissing) {
  const DataFolder folder;
  const std::string path = folder.path().string();
  EXPECT_EQ(messageOf(folderConfig(path + "/none")),
            "The data folder " + path + "/none does not exist. Choose the folder that holds the data files.");
  EXPECT_EQ(messageOf(folderConfig(path)),
            path +
                " has no train-images* and train-labels*. Choose a folder of IDX files as "
                "MNIST has them, plain or with .gz.");
  folder.write("train-images", idxImages(2, 2, 2));
  EXPECT_EQ(messageOf(folderConfig(path)),
            path + " has train-images but no train-labels*. Put the missing file there, plain or with .gz.");
}

TEST_F(DataConfigTest, OpenData_RejectsTestSetOfAnotherKind) {
  const DataFolder folder;
  folder.write("train-images", idxImages(2, 2, 2));
  folder.write("train-labels", idxLabels({0, 1}));
  folder.write("t10k-images", idxImages(2, 3, 2));
  folder.write("t10k-labels", idxLabels({0, 1}));
  EXPECT_EQ(messageOf(folderConfig(folder.path())),
            "t10k-images holds images of 3 x 2 but train-images holds 2 x 2. Use test images of the same size.");
  folder.write("t10k-labels", idxLabels({0, 2}));
  EXPECT_EQ(
      messageOf(folderConfig(folder.path())),
      "t10k-labels holds the label 2 at sample 1, but there are only 2 classes (0 to 1). The classes are those of the "
      "training labels. Use labels of the same data set.");
}

TEST_F(DataConfigTest, OpenData_NamesTheNearestBuiltIn) {
  EXPECT_THAT(messageOf(folderConfig("builtin:mnits")), testing::HasSubstr("Did you mean 'builtin:mnist'?"));
  EXPECT_THAT(messageOf(folderConfig("builtin:../data/mnist")),
              testing::StartsWith("There is no built-in data set '../data/mnist'."));
}

TEST_F(DataConfigTest, OpenData_RejectsUnknownSourceAndShare) {
  DataConfig config;
  config.source = "idxx";
  EXPECT_EQ(messageOf(config), "Unknown data source 'idxx'. Known are idx. Did you mean 'idx'?");
  config.source = "idx";
  config.validation = 1;
  EXPECT_EQ(messageOf(config),
            "The validation share must be at least 0 and below 1 but is 1. Set it to 0.1 to hold back one "
            "sample in ten.");
}

}  // namespace
}  // namespace netwright::data
