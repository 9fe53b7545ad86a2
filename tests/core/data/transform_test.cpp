// SPDX-License-Identifier: Apache-2.0
#include "core/data/transform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/data/memory_dataset.h"
#include "core/data/registry.h"
#include "core/data/sources/idx.h"
#include "tests/core/data/idx_files.h"

namespace netwright::data {
namespace {

// Images of 16 x 16 pixels that hold every byte once, and a label.
std::shared_ptr<const Dataset> allBytes(const DataFolder& folder) {
  return openIdx(folder.write("i", idxImages(3, 16, 16)), folder.write("l", idxLabels({2, 1, 0})));
}

std::string messageOf(const std::vector<TransformConfig>& steps) {
  const DataFolder folder;
  try {
    transformed(allBytes(folder), steps);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::Input);
    return error.what();
  }
  return "no error";
}

TEST(Transform, ToFloat_EqualsDivisionBy255) {
  const DataFolder folder;
  Batch batch;
  transformed(allBytes(folder), {{"to_float", {}}})->read(std::vector<int64_t>{1}, batch);
  for (size_t i = 0; i < 256; ++i)
    EXPECT_EQ(batch.columns[0].tensor.as<float>()[i], static_cast<float>(i) / 255.0f) << i;
}

TEST(Transform, Normalize_EqualsTheFormulaInFloat32) {
  const DataFolder folder;
  Batch batch;
  const auto data =
      transformed(allBytes(folder), {{"to_float", {}}, {"normalize", {{"mean", 0.1307}, {"std", 0.3081}}}});
  data->read(std::vector<int64_t>{0, 2}, batch);
  for (size_t i = 0; i < 512; ++i)
    EXPECT_EQ(batch.columns[0].tensor.as<float>()[i], (static_cast<float>(i % 256) / 255.0f - 0.1307f) / 0.3081f) << i;
}

TEST(Transform, Normalize_TakesANumberForEachChannel) {
  const auto image = memoryDataset({{.name = "image", .dtype = DType::UInt8, .shape = {3, 1, 2}}}, {[] {
                                     HostTensor t(DType::UInt8, {1, 3, 1, 2});
                                     for (size_t i = 0; i < 6; ++i) t.as<uint8_t>()[i] = static_cast<uint8_t>(10 * i);
                                     return t;
                                   }()});
  const std::vector<double> means{0.1, 0.2, 0.3};
  const std::vector<TransformConfig> steps{{"to_float", {}}, {"normalize", {{"mean", means}, {"std", 0.5}}}};
  Batch batch;
  transformed(image, steps)->read(std::vector<int64_t>{0}, batch);
  const auto values = batch.columns[0].tensor.as<float>();
  for (size_t i = 0; i < 6; ++i)
    EXPECT_EQ(values[i], (static_cast<float>(10 * i) / 255.0f - static_cast<float>(means[i / 2])) / 0.5f) << i;
}

TEST(Transform, Normalize_SaysHowManyChannelsThereAre) {
  EXPECT_EQ(
      messageOf({{"to_float", {}}, {"normalize", {{"std", std::vector<double>{0.1, 0.2, 0.3}}}}}),
      "Transform 'normalize': std has 3 numbers, but there is 1 channel. Give one number for all, or one for each "
      "channel.");
}

TEST(Transform, Transform_HandlesAnyPixelCount) {
  for (const uint32_t width : {1u, 2u, 255u, 256u, 257u, 1023u, 1025u}) {
    const DataFolder folder;
    const auto source = openIdx(folder.write("i", idxImages(2, 1, width)), folder.write("l", idxLabels({0, 0})));
    Batch batch;
    transformed(source, {{"to_float", {{"scale", int64_t{2}}}}})->read(std::vector<int64_t>{0, 1}, batch);
    const auto values = batch.columns[0].tensor.as<float>();
    ASSERT_EQ(values.size(), 2 * width);
    for (size_t i = 0; i < values.size(); ++i)
      ASSERT_EQ(values[i], 2.0f * static_cast<float>(i % 256)) << width << " " << i;
  }
}

TEST(Transform, Transform_LeavesTargetsAlone) {
  const DataFolder folder;
  const auto data = transformed(allBytes(folder), {{"to_float", {}}});
  Batch batch;
  data->read(std::vector<int64_t>{0, 1, 2}, batch);
  EXPECT_THAT(batch.find("label")->as<int64_t>(), testing::ElementsAre(2, 1, 0));
  EXPECT_EQ(data->columns()[0].dtype, DType::Float32);
  EXPECT_EQ(batch.columns[0].tensor.dtype, DType::Float32);
  EXPECT_EQ(data->columns()[1].dtype, DType::Int64);
}

TEST(Transform, Transform_ReusesTheMemoryOfTheBatch) {
  const DataFolder folder;
  const auto data = transformed(allBytes(folder), {{"to_float", {}}});
  Batch batch;
  data->read(std::vector<int64_t>{0, 1, 2}, batch);
  const auto* memory = batch.columns[0].tensor.bytes.data();
  data->read(std::vector<int64_t>{1}, batch);
  data->read(std::vector<int64_t>{2, 1, 0}, batch);
  EXPECT_EQ(batch.columns[0].tensor.bytes.data(), memory);
}

TEST(Transform, Transform_WithoutStepsIsTheSource) {
  const DataFolder folder;
  const auto source = allBytes(folder);
  EXPECT_EQ(transformed(source, {}), source);
}

TEST(Transform, Transform_NamesTheNearestKind) {
  EXPECT_EQ(messageOf({{"to_flaot", {}}}),
            "Unknown transform 'to_flaot'. Known are to_float, normalize, standardize, min_max, impute. Did you mean "
            "'to_float'?");
}

TEST(Transform, Transform_NamesTheNearestSetting) {
  EXPECT_EQ(messageOf({{"to_float", {}}, {"normalize", {{"maen", 0.1}}}}),
            "Transform 'normalize' has no setting 'maen'. It has mean, std. Did you mean 'mean'?");
}

TEST(Transform, Transform_RejectsBadValues) {
  EXPECT_EQ(messageOf({{"to_float", {}}, {"normalize", {{"std", 0.0}}}}),
            "Transform 'normalize': std must be above 0 but is 0. Correct that value.");
  EXPECT_EQ(messageOf({{"to_float", {{"scale", "big"}}}}),
            "Transform 'to_float': scale must be a number but is big. Correct that value.");
}

TEST(Transform, Normalize_RejectsBytes) {
  EXPECT_EQ(messageOf({{"normalize", {}}}),
            "Transform 'normalize' expects float32 but column 'image' holds uint8. Put 'to_float' before it.");
}

TEST(Transform, ToFloat_RejectsNumbers) {
  EXPECT_EQ(
      messageOf({{"to_float", {}}, {"to_float", {}}}),
      "Transform 'to_float' expects uint8 but column 'image' holds float32. Remove this step: the column holds numbers "
      "already.");
}

TEST(Registry, Registry_EveryDefaultIsLegalAndExplained) {
  for (const TransformSpec& spec : transforms()) {
    EXPECT_FALSE(spec.title.empty() || spec.doc.empty()) << spec.kind;
    for (const ParamSpec& param : spec.params) {
      EXPECT_EQ(param.problem(param.fallback), std::nullopt) << spec.kind << " " << param.name;
      EXPECT_FALSE(param.doc.empty()) << spec.kind << " " << param.name;
    }
  }
  for (const SourceSpec& spec : sources()) {
    EXPECT_FALSE(spec.title.empty() || spec.doc.empty()) << spec.kind;
    for (const ParamSpec& param : spec.params) {
      EXPECT_EQ(param.problem(param.fallback), std::nullopt) << spec.kind << " " << param.name;
      EXPECT_FALSE(param.doc.empty()) << spec.kind << " " << param.name;
    }
  }
}

}  // namespace
}  // namespace netwright::data
