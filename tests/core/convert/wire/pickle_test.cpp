// SPDX-License-Identifier: Apache-2.0
#include "core/convert/wire/pickle.h"

#include <gtest/gtest.h>

namespace netwright::convert {
namespace {

TEST(PickleWriter, WritesWhatPicklePyWrites) {
  PickleWriter p;
  p.mark().text("a").integer(-2).integer(int64_t{1} << 40).boolean(true).tuple();
  const char expected[] =
      "\x80\x02(X\x01\x00\x00\x00"
      "aJ\xfe\xff\xff\xff\x8a\x08\x00\x00\x00\x00\x00\x01\x00\x00\x88t.";
  EXPECT_EQ(p.finish(), std::string(expected, sizeof(expected) - 1));
}

TEST(PickleWriter, WritesGlobalsAndTuplesOfNumbers) {
  PickleWriter p;
  p.global("torch", "FloatStorage").integers({3});
  const char expected[] =
      "\x80\x02"
      "ctorch\nFloatStorage\n(J\x03\x00\x00\x00t.";
  EXPECT_EQ(p.finish(), std::string(expected, sizeof(expected) - 1));
}

}  // namespace
}  // namespace netwright::convert
