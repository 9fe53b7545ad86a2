// SPDX-License-Identifier: Apache-2.0
#include "core/store/exporting/event_record.h"

#include <gtest/gtest.h>

namespace netwright::store {
namespace {

// RFC 3720, appendix B.4, and the check value of the catalogue of CRCs.
TEST(EventRecord, Crc32c_GivesTheKnownValues) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(EventRecord, Record_FramesItsData) {
  const std::string record = eventRecord("abc");
  ASSERT_EQ(record.size(), 8u + 4 + 3 + 4);
  EXPECT_EQ(record.substr(0, 8), std::string("\x03\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(record.substr(12, 3), "abc");
}

TEST(EventRecord, Scalar_IsAnEventInProtobuf) {
  const std::string event = scalarEvent(1.0, 300, "t", 0.5F);
  const std::string expected("\x09\0\0\0\0\0\0\xf0\x3f\x10\xac\x02\x2a\x0a\x0a\x08\x0a\x01t\x15\0\0\0\x3f", 24);
  EXPECT_EQ(event, expected);
}

}  // namespace
}  // namespace netwright::store
