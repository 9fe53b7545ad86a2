// SPDX-License-Identifier: Apache-2.0
#include "core/program/dim.h"

#include <gtest/gtest.h>

#include <random>

namespace netwright::program {
namespace {

const Dim N = Dim::symbol("N"), T = Dim::symbol("T");

TEST(Dim, ComparesInThreeWays) {
  EXPECT_EQ(Dim(3).equals(3), Answer::Yes);
  EXPECT_EQ(Dim(3).equals(4), Answer::No);
  EXPECT_EQ(N.equals(N), Answer::Yes);
  EXPECT_EQ(N.equals(T), Answer::Unknown);
  EXPECT_EQ(N.equals(7), Answer::Unknown);
  EXPECT_EQ((N + 1).equals(N), Answer::No);
  EXPECT_EQ((N * 2 + T).equals(T + N + N), Answer::Yes);
}

TEST(Dim, KnowsThatSizesAreAtLeastOne) {
  EXPECT_EQ((N + 1).equals(1), Answer::No);
  EXPECT_EQ(N.atLeast(1), Answer::Yes);
  EXPECT_EQ(N.atLeast(2), Answer::Unknown);
  EXPECT_EQ((Dim(0) - N).atLeast(0), Answer::No);
}

TEST(Dim, KnowsThatEvenIsNeverOdd) { EXPECT_EQ((N * 2).equals(7), Answer::No); }

TEST(Dim, TakesWholePartsOutOfAFloor) {
  EXPECT_EQ(floorDiv(N * 4 + 6, 2), N * 2 + 3);
  EXPECT_EQ(floorDiv(N * 2 + 3, 2), N + 1);
  EXPECT_EQ(floorDiv(N + 4, 2).text(), "floor(N / 2) + 2");
  EXPECT_EQ(floorDiv(Dim(-3), 2), Dim(-2));
}

TEST(Dim, PrintsAsPeopleWrite) {
  EXPECT_EQ((N * 2 + 1).text(), "2*N + 1");
  EXPECT_EQ((N - 1).text(), "N - 1");
  EXPECT_EQ(text(Shape{N, 1, 28, 28}), "(N, 1, 28, 28)");
  EXPECT_EQ(text(Shape{N}), "(N,)");
  EXPECT_EQ(text(Shape{}), "()");
}

TEST(Dim, OfAnUnboundSymbolHasNoValue) {
  EXPECT_EQ((N + T).evaluate({{"N", 2}}), std::nullopt);
  EXPECT_EQ(mod(N, T).evaluate({{"N", 7}, {"T", 4}}), 3);
}

// Random expressions against plain arithmetic, and the answers against the numbers.
TEST(Dim, AgreesWithIntegerArithmetic) {
  std::mt19937 random(1);
  const auto pick = [&](int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random() % static_cast<uint64_t>(high - low + 1));
  };
  for (int round = 0; round < 3000; ++round) {
    const Bindings bindings{{"N", pick(1, 9)}, {"T", pick(1, 9)}};
    std::vector<std::pair<Dim, int64_t>> pool{{N, bindings.at("N")}, {T, bindings.at("T")}, {Dim(pick(-3, 5)), 0}};
    pool.back().second = *pool.back().first.constant();
    for (int step = 0; step < 5; ++step) {
      const auto [a, x] = pool[random() % pool.size()];
      const auto [b, y] = pool[random() % pool.size()];
      const int64_t divisor = pick(1, 4), quotient = (x - ((x % divisor) + divisor) % divisor) / divisor;
      switch (random() % 7) {
        case 0:
          pool.emplace_back(a + b, x + y);
          break;
        case 1:
          pool.emplace_back(a - b, x - y);
          break;
        case 2:
          pool.emplace_back(a * b, x * y);
          break;
        case 3:
          pool.emplace_back(floorDiv(a, Dim(divisor)), quotient);
          break;
        case 4:
          pool.emplace_back(mod(a, Dim(divisor)), x - quotient * divisor);
          break;
        case 5:
          pool.emplace_back(min(a, b), std::min(x, y));
          break;
        default:
          pool.emplace_back(max(a, b), std::max(x, y));
          break;
      }
    }
    const auto [a, x] = pool.back();
    const auto [b, y] = pool[random() % pool.size()];
    ASSERT_EQ(a.evaluate(bindings), x) << a.text();
    if (a.equals(b) == Answer::Yes) {
      ASSERT_EQ(x, y) << a.text() << " and " << b.text();
    }
    if (a.equals(b) == Answer::No) {
      ASSERT_NE(x, y) << a.text() << " and " << b.text();
    }
    if (a.atLeast(b) == Answer::Yes) {
      ASSERT_GE(x, y) << a.text() << " and " << b.text();
    }
    if (a.atLeast(b) == Answer::No) {
      ASSERT_LT(x, y) << a.text() << " and " << b.text();
    }
  }
}

}  // namespace
}  // namespace netwright::program
