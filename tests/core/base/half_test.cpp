// SPDX-License-Identifier: Apache-2.0
#include "core/base/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace netwright {
namespace {

TEST(Half, EveryNumberComesBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto b = static_cast<uint16_t>(bits);
    const float value = fromHalfBits(b);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(fromHalfBits(halfBits(value)))) << bits;
    } else {
      EXPECT_EQ(halfBits(value), b) << bits;
    }
    const float other = fromBfloat16Bits(b);
    if (!std::isnan(other)) {
      EXPECT_EQ(bfloat16Bits(other), b) << bits;
    }
  }
}

// Between two neighbours the nearer one, in the middle the even one.
TEST(Half, RoundsToNearestEven) {
  for (uint16_t bits = 0; bits < 0x7bff; ++bits) {
    const float low = fromHalfBits(bits), high = fromHalfBits(bits + 1), middle = (low + high) / 2;
    EXPECT_EQ(halfBits(middle), bits % 2 == 0 ? bits : bits + 1) << bits;
    EXPECT_EQ(halfBits(std::nextafter(middle, 0.0F)), bits) << bits;
    EXPECT_EQ(halfBits(std::nextafter(middle, 1e9F)), bits + 1) << bits;
  }
  EXPECT_EQ(halfBits(65519.996F), 0x7bff);
  EXPECT_EQ(halfBits(65520), 0x7c00);
  EXPECT_EQ(halfBits(-std::numeric_limits<float>::infinity()), 0xfc00);
  EXPECT_EQ(bfloat16Bits(1.00390625F), 0x3f80) << "a tie goes to the even one";
  EXPECT_EQ(bfloat16Bits(1.01171875F), 0x3f82);
}

TEST(Half, TensorsAreNarrowedAndWidened) {
  HostTensor t(DType::Float32, {2});
  t.as<float>()[0] = 0.1F;
  t.as<float>()[1] = -2;
  const HostTensor half = narrowed(t, DType::Float16);
  EXPECT_EQ(half.dtype, DType::Float16);
  EXPECT_FLOAT_EQ(widened(half).as<float>()[0], 0.0999756F);
  EXPECT_EQ(widened(narrowed(t, DType::BFloat16)).as<float>()[1], -2);
  EXPECT_EQ(narrowed(HostTensor(DType::Int64, {1}), DType::Float16).dtype, DType::Int64);
}

}  // namespace
}  // namespace netwright
