// SPDX-License-Identifier: Apache-2.0
#include "core/base/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "core/base/error.h"

namespace netwright {
namespace {

NamedTensor counting(const std::string& name, std::vector<int64_t> shape) {
  NamedTensor t{name, HostTensor(DType::Float32, std::move(shape))};
  const auto values = t.tensor.as<float>();
  std::iota(values.begin(), values.end(), 1.0f);
  return t;
}

// A file with this header and `size` bytes of data.
std::string fileOf(const std::string& header, size_t size) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(size, '\0');
}

TEST(Safetensors, RoundTripsTensorsOrderAndMetadata) {
  std::vector<NamedTensor> tensors{counting("b", {2, 3}), counting("a", {})};
  for (const DType type : {DType::Float64, DType::Float16, DType::BFloat16, DType::Int8, DType::Int16, DType::Int32,
                           DType::Int64, DType::UInt8, DType::Bool})
    tensors.push_back({name(type), HostTensor(type, {2, 0, 3})});
  const SafetensorsFile file = parseSafetensors(safetensorsBytes(tensors, {{"format", "pt"}}), "test");
  ASSERT_EQ(file.tensors.size(), tensors.size());
  for (const NamedTensor& t : tensors) {
    ASSERT_NE(file.find(t.name), nullptr) << t.name;
    EXPECT_EQ(*file.find(t.name), t.tensor) << t.name;
  }
  EXPECT_EQ(file.tensors[0].name, "b");
  EXPECT_EQ(file.tensors[1].name, "a");
  EXPECT_EQ(file.metadata, (TextMap{{"format", "pt"}}));
  EXPECT_EQ(file.find("c"), nullptr);
}

TEST(Safetensors, WritesTheSameBytesForTheSameTensors) {
  const std::string bytes = safetensorsBytes({counting("w", {2})});
  EXPECT_EQ(bytes, safetensorsBytes({counting("w", {2})}));
  EXPECT_EQ(bytes.substr(8, bytes.size() - 16), R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  )");
  EXPECT_EQ((bytes.size() - 8) % 8, 0u) << "data begins at a multiple of 8";
}

TEST(Safetensors, HoldsNoTensorAtAll) { EXPECT_TRUE(parseSafetensors(safetensorsBytes({}), "test").tensors.empty()); }

std::string complaint(const std::string& bytes) {
  try {
    parseSafetensors(bytes, "w.safetensors");
  } catch (const Error& e) {
    EXPECT_EQ(e.kind, ErrorKind::Input);
    EXPECT_EQ(e.title, "w.safetensors is not a sound safetensors file.");
    EXPECT_EQ(e.next, "Write or download it again.");
    return e.why;
  }
  return "accepted";
}

std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"t":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
}

TEST(Safetensors, RefusesFilesThatAreCutOff) {
  EXPECT_EQ(complaint(""), "It has 0 bytes; the header alone needs more.");
  EXPECT_EQ(complaint(fileOf("{}", 0).substr(0, 9)), "Its header claims 2 bytes but the file has 9.");
  EXPECT_EQ(complaint(std::string(8, '\xff')), "Its header claims 18446744073709551615 bytes but the file has 8.");
  EXPECT_EQ(complaint(fileOf(entry("F32", "[2]", "[0,8]"), 4)),
            "Tensor 't' lies at bytes 0 to 8 of 4, which leaves a gap, overlaps or ends outside.");
}

TEST(Safetensors, RefusesHeadersThatMakeNoSense) {
  EXPECT_EQ(complaint(fileOf("[1, 2]", 0)), "Its header is not a JSON object.");
  EXPECT_EQ(complaint(fileOf("{oops}", 0)), "Its header is not a JSON object.");
  EXPECT_EQ(complaint(fileOf(R"({"t":{"dtype":"F32"}})", 0)), "The header entry of tensor 't' is malformed.");
  EXPECT_EQ(complaint(fileOf(R"({"t":5})", 0)), "The header entry of tensor 't' is malformed.");
  EXPECT_EQ(complaint(fileOf(entry("F8", "[1]", "[0,1]"), 1)), "Tensor 't' has the unknown type F8.");
}

TEST(Safetensors, RefusesShapesThatDoNotFitTheData) {
  EXPECT_EQ(complaint(fileOf(entry("F32", "[3]", "[0,8]"), 8)),
            "Tensor 't' has 8 bytes of data, which its shape and type do not make.");
  EXPECT_EQ(complaint(fileOf(entry("F32", "[-1]", "[0,4]"), 4)), "Tensor 't' has an impossible shape.");
  EXPECT_EQ(complaint(fileOf(entry("F32", "[4611686018427387904,4]", "[0,0]"), 0)),
            "Tensor 't' has an impossible shape.");
  EXPECT_EQ(complaint(fileOf(entry("F32", "[4611686018427387904]", "[0,0]"), 0)),
            "Tensor 't' has 0 bytes of data, which its shape and type do not make.");
  EXPECT_THAT(complaint(fileOf(entry("U8", "[2]", "[4,2]"), 4)),
              ::testing::EndsWith("which its shape and type do not make."));
}

TEST(Safetensors, RefusesGapsOverlapsAndLeftovers) {
  const std::string two =
      R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":)";
  EXPECT_EQ(complaint(fileOf(two + "[4,8]}}", 8)), "accepted");
  EXPECT_EQ(complaint(fileOf(two + "[2,6]}}", 8)),
            "Tensor 'b' lies at bytes 2 to 6 of 8, which leaves a gap, overlaps or ends outside.");
  EXPECT_EQ(complaint(fileOf(two + "[6,10]}}", 10)),
            "Tensor 'b' lies at bytes 6 to 10 of 10, which leaves a gap, overlaps or ends outside.");
  EXPECT_EQ(complaint(fileOf(two + "[4,8]}}", 11)), "3 bytes follow the last tensor.");
}

}  // namespace
}  // namespace netwright
