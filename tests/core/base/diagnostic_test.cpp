// SPDX-License-Identifier: Apache-2.0
#include "core/base/diagnostic.h"

#include <gtest/gtest.h>

namespace netwright {
namespace {

Diagnostic mismatch() {
  Diagnostic d;
  d.code = "NW-S003";
  d.args = {{"layer", "Linear 'fc1'"}, {"expected", "784"}, {"received", "1,600"}};
  return d;
}

TEST(Diagnostic, FillsItsNumbersIntoTheText) {
  EXPECT_EQ(mismatch().text(), "Linear 'fc1' expects 784 input features but receives 1,600.");
}

TEST(Diagnostic, LeavesAMissingArgumentVisible) {
  Diagnostic d = mismatch();
  d.args.erase("received");
  EXPECT_EQ(d.text(), "Linear 'fc1' expects 784 input features but receives {received}.");
}

TEST(Diagnostic, OnlyErrorsCountAsErrors) {
  Diagnostic warning = mismatch(), info = mismatch();
  warning.severity = Severity::Warning;
  info.severity = Severity::Info;
  EXPECT_FALSE(hasErrors({}));
  EXPECT_FALSE(hasErrors({warning, info}));
  EXPECT_TRUE(hasErrors({warning, mismatch(), info}));
}

TEST(Diagnostic, IsAValue) {
  Diagnostic other = mismatch();
  EXPECT_EQ(mismatch(), other);
  other.fixes.push_back({"Let fc1 take 1,600", {SetParamStep{{4}, "in_features", Auto{}}}});
  EXPECT_NE(mismatch(), other);
}

}  // namespace
}  // namespace netwright
