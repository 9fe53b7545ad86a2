// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_config.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/registry.h"
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
  config.test = 0.125;
  config.split = SplitMode::Stratified;
  config.params = {{"target", "species"}, {"header", false}, {"window", int64_t{12}}};
  const Json json = toJson(config);
  EXPECT_EQ(dataConfigFromJson(parseJson(json.dump(), "x"), "x"), config);
  EXPECT_EQ(toJson(dataConfigFromJson(json, "x")).dump(), json.dump());
}

TEST_F(DataConfigTest, DataConfig_DefaultsAndUnknownKeys) {
  DataConfig unknown;
  unknown.unknown = R"({"colour":3})";
  EXPECT_EQ(dataConfigFromJson(parseJson(R"({"colour": 3})", "x"), "x"), unknown);
  EXPECT_EQ(toJson(unknown).at("colour"), 3);
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

TEST_F(DataConfigTest, DataConfig_ReadsFilesFromBeforeThereWereParams) {
  const DataConfig config = dataConfigFromJson(
      parseJson(R"({"source": "idx", "path": "d", "transforms": [], "validation": 0.2, "split_seed": 3})", "x"), "x");
  EXPECT_EQ(config.split, SplitMode::Auto);
  EXPECT_EQ(config.test, 0);
  EXPECT_TRUE(config.params.empty());
}

TEST_F(DataConfigTest, DataConfig_NamesTheNearestSplit) {
  EXPECT_EQ(jsonMessageOf(R"({"split": "tiem"})"),
            "project.json: 'split' should be one of auto, random, stratified, time but is \"tiem\".");
  EXPECT_EQ(jsonMessageOf(R"({"params": {"target": {}}})"),
            "project.json: 'target' of the data source holds {}, which is not a parameter value.");
}

TEST_F(DataConfigTest, SplitParams_GetWhatWasSet) {
  DataConfig config;
  for (const auto& [name, value] :
       Attributes{{"validation", 0.25}, {"test", 0.5}, {"split", "time"}, {"split_seed", int64_t{7}}}) {
    setSplitParam(config, name, value);
    EXPECT_EQ(splitParam(config, name), value);
  }
  for (const ParamSpec& spec : splitParams()) EXPECT_EQ(spec.problem(splitParam(config, spec.name)), std::nullopt);
}

TEST_F(DataConfigTest, SetDataByName_TakesWhatIsTyped) {
  DataConfig config;
  setDataByName(config, "source", "csv");
  setDataByName(config, "path", "t.csv");
  setDataByName(config, "split", "stratified");
  setDataByName(config, "test", "0.2");
  setDataByName(config, "target", "species");
  setDataByName(config, "header", "false");
  EXPECT_EQ(config.path, "t.csv");
  EXPECT_EQ(config.split, SplitMode::Stratified);
  EXPECT_EQ(config.params, (Attributes{{"header", false}, {"target", "species"}}));
  const auto message = [&](const std::string& name, const std::string& value) {
    try {
      setDataByName(config, name, value);
    } catch (const Error& error) {
      return error.title;
    }
    return std::string("no error");
  };
  EXPECT_EQ(message("tagret", "x"), "The data has no setting 'tagret'. Did you mean 'target'?");
  EXPECT_EQ(message("encode", "on"), "encode must be one of one_hot, index but is on.");
  EXPECT_EQ(message("source", "cvs"), "Unknown data source 'cvs'.");
  setDataByName(config, "source", "spirals");
  EXPECT_TRUE(config.params.empty());  // they were of the other source
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
  std::vector<std::string> known;
  for (const SourceSpec& spec : sources()) known.push_back(spec.kind);
  EXPECT_EQ(messageOf(config),
            fmt::format("Unknown data source 'idxx'. Known are {}. Did you mean 'idx'?", joined(known, ", ")));
  config.source = "idx";
  config.validation = 1;
  EXPECT_EQ(messageOf(config),
            "The validation share must be at least 0 and below 1 but is 1. Set it to 0.1 to hold back one "
            "sample in ten.");
  config.validation = 0.5;
  config.test = 0.5;
  EXPECT_EQ(messageOf(config),
            "The shares of validation (0.5) and test (0.5) leave nothing to train on. Lower one of them.");
}

TEST_F(DataConfigTest, OpenData_HoldsBackATestShareAndNamesItsSamples) {
  const DataFolder folder;
  folder.write("train-images", idxImages(8, 1, 1));
  folder.write("train-labels", idxLabels({0, 1, 2, 3, 4, 5, 6, 7}));
  DataConfig config = folderConfig(".");
  config.validation = 0.25;
  config.test = 0.25;
  config.split = SplitMode::Time;
  const DataSplits data = openData(config, folder.path());
  EXPECT_THAT(data.trainSamples, testing::ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(data.validationSamples, testing::ElementsAre(4, 5));
  Batch batch;
  data.test->read(std::vector<int64_t>{1, 0}, batch);
  EXPECT_THAT(batch.find("label")->as<int64_t>(), testing::ElementsAre(7, 6));
  EXPECT_THAT(batch.samples, testing::ElementsAre(7, 6));  // of the source, for messages
  EXPECT_EQ(data.test->sampleName(0), "sample 6");
}

}  // namespace
}  // namespace netwright::data
