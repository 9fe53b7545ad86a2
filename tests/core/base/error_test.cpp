// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

#include <gtest/gtest.h>

#include <functional>

namespace netwright {
namespace {

Error caught(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& e) {
    return e;
  }
  return Error(ErrorKind::Input, "nothing was thrown", "", "");
}

TEST(Error, JoinsItsThreePartsToOneText) {
  const Error e(ErrorKind::Input, "The file is cut off.", "It has 3 bytes.", "Copy it again.");
  EXPECT_STREQ(e.what(), "The file is cut off. It has 3 bytes. Copy it again.");
  EXPECT_EQ(e.title, "The file is cut off.");
  EXPECT_EQ(e.why, "It has 3 bytes.");
  EXPECT_EQ(e.next, "Copy it again.");
}

TEST(Error, LeavesEmptyPartsOut) {
  EXPECT_STREQ(Error(ErrorKind::Input, "What.", "", "Next.").what(), "What. Next.");
  EXPECT_STREQ(Error(ErrorKind::Input, "What.", "", "").what(), "What.");
}

TEST(Error, TellsWhoseFaultItIs) {
  EXPECT_EQ(caught([] { failInput("a", "b", "c"); }).kind, ErrorKind::Input);
  const Error e = caught([] { failEnvironment("a", "b", "c"); });
  EXPECT_EQ(e.kind, ErrorKind::Environment);
  EXPECT_STREQ(e.what(), "a b c");
}

}  // namespace
}  // namespace netwright
