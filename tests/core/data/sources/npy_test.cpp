// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/core/data/array_files.h"
#include "tests/support/message_of.h"

namespace netwright::data {
namespace {

using testing::ElementsAre;

std::vector<float> floats(const std::string& bytes) {
  const HostTensor tensor = toTensor(parseNpy(bytes, "a.npy"), DType::Float32);
  const auto values = tensor.as<float>();
  return {values.begin(), values.end()};
}

std::string messageOf(const std::string& bytes) {
  return netwright::test::messageOf([&] { parseNpy(bytes, "a.npy"); });
}

template <class T>
std::string reversed(const std::vector<T>& values) {
  std::string bytes = bytesOf(values);
  for (size_t i = 0; i < bytes.size(); i += sizeof(T))
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + sizeof(T)));
  return bytes;
}

TEST(Npy, Npy_ReadsEveryKindOfNumberInBothByteOrders) {
  const auto expected = ElementsAre(1, 0, 1);
  EXPECT_THAT(floats(npy("|b1", "3,", bytesOf<uint8_t>({1, 0, 1}))), expected);
  EXPECT_THAT(floats(npy("|u1", "3,", bytesOf<uint8_t>({1, 0, 255}))), ElementsAre(1, 0, 255));
  EXPECT_THAT(floats(npy("|i1", "3,", bytesOf<int8_t>({1, 0, -1}))), ElementsAre(1, 0, -1));
  EXPECT_THAT(floats(npy("<i2", "3,", bytesOf<int16_t>({1, 0, -300}))), ElementsAre(1, 0, -300));
  EXPECT_THAT(floats(npy(">i2", "3,", reversed<int16_t>({1, 0, -300}))), ElementsAre(1, 0, -300));
  EXPECT_THAT(floats(npy(">u2", "2,", reversed<uint16_t>({1, 65535}))), ElementsAre(1, 65535));
  EXPECT_THAT(floats(npy("<i4", "2,", bytesOf<int32_t>({1, -70000}))), ElementsAre(1, -70000));
  EXPECT_THAT(floats(npy(">u4", "2,", reversed<uint32_t>({1, 1u << 31}))), ElementsAre(1, 2147483648.f));
  EXPECT_THAT(floats(npy(">i8", "2,", reversed<int64_t>({1, -5}))), ElementsAre(1, -5));
  EXPECT_THAT(floats(npy("<u8", "1,", bytesOf<uint64_t>({9}))), ElementsAre(9));
  EXPECT_THAT(floats(npy("<f4", "2,", bytesOf<float>({.5f, -2}))), ElementsAre(.5f, -2));
  EXPECT_THAT(floats(npy(">f4", "2,", reversed<float>({.5f, -2}))), ElementsAre(.5f, -2));
  EXPECT_THAT(floats(npy(">f8", "2,", reversed<double>({.1, -2}))), ElementsAre(.1f, -2));
  EXPECT_THAT(
      floats(npy("<f2", "6,", bytesOf<uint16_t>({0x3C00, 0xC000, 0x3555, 0x0001, 0x7BFF, 0x7C00}))),
      ElementsAre(1, -2, 0.333251953125f, 5.9604644775390625e-08f, 65504, std::numeric_limits<float>::infinity()));
}

TEST(Npy, Npy_CutsFloatsOffAsWholeNumbers) {
  const auto whole = [](const std::string& bytes) {
    const HostTensor tensor = toTensor(parseNpy(bytes, "a.npy"), DType::Int64);
    return std::vector<int64_t>(tensor.as<int64_t>().begin(), tensor.as<int64_t>().end());
  };
  EXPECT_THAT(whole(npy("<f8", "3,", bytesOf<double>({2.0, -3.9, 1e300}))), ElementsAre(2, -3, INT64_MIN));
  EXPECT_THAT(whole(npy("<f2", "3,", bytesOf<uint16_t>({0x3C00, 0x7C00, 0x7E00}))),
              ElementsAre(1, INT64_MIN, INT64_MIN));
}

TEST(Npy, Npy_TurnsFortranOrderRound) {
  EXPECT_THAT(floats(npy("<f4", "2, 3", bytesOf<float>({1, 4, 2, 5, 3, 6}), true)), ElementsAre(1, 2, 3, 4, 5, 6));
  std::vector<float> three(24);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k)
        three[static_cast<size_t>(i + 2 * (j + 3 * k))] = static_cast<float>((i * 3 + j) * 4 + k);
  const auto rows = floats(npy("<f4", "2, 3, 4", bytesOf(three), true));
  for (size_t i = 0; i < 24; ++i) EXPECT_EQ(rows[i], static_cast<float>(i));
}

TEST(Npy, Npy_ReadsAllVersionsAndShapes) {
  for (const int version : {1, 2, 3})
    EXPECT_THAT(floats(npy("<f4", "1, 1", bytesOf<float>({7}), false, version)), ElementsAre(7));
  EXPECT_TRUE(parseNpy(npy("<f4", "", bytesOf<float>({7})), "a").shape.empty());
  EXPECT_THAT(parseNpy(npy("<f4", "0, 3", ""), "a").shape, ElementsAre(0, 3));
  EXPECT_THAT(floats(npyWith("\"shape\": (2,), \"fortran_order\": False, \"descr\": \"<f4\"", bytesOf<float>({1, 2}))),
              ElementsAre(1, 2));
}

TEST(Npy, Npy_RefusesWhatIsNoNumber) {
  EXPECT_EQ(messageOf(npy("|O", "1,", "")),
            "a.npy holds Python objects, which only Python can read ('|O'). Numbers were expected. Save it as numbers, "
            "for example np.save(path, array.astype('float32')).");
  EXPECT_THAT(messageOf(npy("<U5", "1,", "")), testing::StartsWith("a.npy holds texts ('<U5')."));
  EXPECT_THAT(messageOf(npy("<c8", "1,", "")), testing::StartsWith("a.npy holds complex numbers ('<c8')."));
  EXPECT_THAT(messageOf(npy("<M8[ns]", "1,", "")), testing::StartsWith("a.npy holds dates ('<M8[ns]')."));
  EXPECT_THAT(messageOf(npyWith("'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)", "")),
              testing::StartsWith("a.npy holds records of several fields ('|V')."));
  EXPECT_THAT(messageOf(npy("<f3", "1,", "")), testing::StartsWith("a.npy holds elements of an unknown kind ('<f3')."));
}

TEST(Npy, Npy_RefusesDamagedFiles) {
  EXPECT_EQ(messageOf("hello, this is a text"),
            "a.npy is not a NumPy array that can be read. It does not begin as one. Save it again with np.save.");
  EXPECT_EQ(messageOf(npy("<f4", "3,", bytesOf<float>({1, 2}))),
            "a.npy should hold 12 bytes (3 elements of 4 bytes) but holds 8. Get the file again: it looks cut off or "
            "damaged.");
  EXPECT_EQ(
      messageOf(npy("<f4", "9223372036854775807, 9223372036854775807", "")),
      "a.npy is not a NumPy array that can be read. Its sizes are more than any memory. Save it again with np.save.");
  EXPECT_EQ(messageOf(npy("<f4", "-1,", "")),
            "a.npy is not a NumPy array that can be read. Its header has sizes that make no sense. Save it again with "
            "np.save.");
  EXPECT_EQ(
      messageOf(npy("<f4", "1,", "", false, 4)),
      "a.npy is not a NumPy array that can be read. It has the version 4, and 1 to 3 are known. Save it again with "
      "np.save.");
  EXPECT_EQ(
      messageOf(npyWith("'descr': '<f4'", "")),
      "a.npy is not a NumPy array that can be read. Its header lacks descr, fortran_order or shape. Save it again "
      "with np.save.");
  const std::string whole = npy("<f4", "3,", bytesOf<float>({1, 2, 3}));
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_NE(messageOf(whole.substr(0, size)), "nothing was thrown");
}

}  // namespace
}  // namespace netwright::data
