// SPDX-License-Identifier: Apache-2.0
#include "core/convert/wire/zip.h"

#include <gtest/gtest.h>

#include <cstring>

namespace netwright::convert {
namespace {

uint32_t read32(const std::string& bytes, size_t at) {
  uint32_t v = 0;
  std::memcpy(&v, bytes.data() + at, 4);
  return v;
}
uint16_t read16(const std::string& bytes, size_t at) {
  uint16_t v = 0;
  std::memcpy(&v, bytes.data() + at, 2);
  return v;
}

std::string sample() {
  ZipWriter zip;
  zip.add("a", "123456789");
  zip.add("folder/data", std::string(1000, 'x'));
  for (size_t n = 1; n < 70; ++n) zip.add(std::string(n, 'n'), std::string(n, 'c'));  // every alignment
  zip.add("empty", "");
  return zip.finish().joined();
}

TEST(ZipWriter, IsDeterministic) { EXPECT_EQ(sample(), sample()); }

TEST(ZipWriter, AlignsAllDataTo64Bytes) {
  const std::string bytes = sample();
  const size_t end = bytes.size() - 22;
  ASSERT_EQ(read32(bytes, end), 0x06054b50u);
  ASSERT_EQ(read16(bytes, end + 10), 72);
  size_t entry = read32(bytes, end + 16);
  for (int i = 0; i < 72; ++i) {
    ASSERT_EQ(read32(bytes, entry), 0x02014b50u);
    const size_t local = read32(bytes, entry + 42), name = read16(bytes, entry + 28);
    ASSERT_EQ(read32(bytes, local), 0x04034b50u);
    EXPECT_EQ((local + 30 + read16(bytes, local + 26) + read16(bytes, local + 28)) % 64, 0u) << i;
    EXPECT_EQ(read32(bytes, local + 14), read32(bytes, entry + 16));  // checksums agree
    entry += 46 + name;
  }
  EXPECT_EQ(entry, end);
}

TEST(ZipWriter, WritesTheChecksumOfTheStandard) {
  ZipWriter zip;
  zip.add("a", "123456789");
  EXPECT_EQ(read32(zip.finish().joined(), 14), 0xcbf43926u);  // the check value of CRC-32
}

}  // namespace
}  // namespace netwright::convert
