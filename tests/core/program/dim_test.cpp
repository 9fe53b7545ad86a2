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

// A random polynomial over N and T with floors, remainders, minima and maxima inside.
Dim randomDim(std::mt19937& random, int depth) {
  const auto small = [&] { return Dim(static_cast<int64_t>(random() % 7) - 2); };
  if (depth == 0) return random() % 3 == 0 ? small() : random() % 2 ? N : T;
  const Dim a = randomDim(random, depth - 1), b = randomDim(random, depth - 1);
  const Dim divisor = random() % 3 == 0 ? T : Dim(static_cast<int64_t>(random() % 4) + 1);
  switch (random() % 7) {
    case 0:
      return a + b;
    case 1:
      return a - b;
    case 2:
      return a * b;
    case 3:
      return floorDiv(a, divisor);
    case 4:
      return mod(a, divisor);
    case 5:
      return min(a, b);
    default:
      return max(a, b);
  }
}

int64_t floored(int64_t a, int64_t b) { return (a - ((a % b) + b) % b) / b; }

// What an operator gives on dims must be what arithmetic gives on their values.
TEST(Dim, OperatorsCommuteWithEvaluation) {
  std::mt19937 random(2);
  for (int round = 0; round < 1500; ++round) {
    const Dim a = randomDim(random, 2), b = randomDim(random, 2);
    const std::vector<Dim> made{a + b, a - b, a * b, min(a, b), max(a, b)};
    const Dim quotient = floorDiv(a, N), rest = mod(a, N);
    for (int64_t n = 1; n <= 7; n += 2)
      for (int64_t t = 1; t <= 7; t += 3) {
        const Bindings at{{"N", n}, {"T", t}};
        const int64_t x = a.evaluate(at).value(), y = b.evaluate(at).value();
        const std::vector<int64_t> expected{x + y, x - y, x * y, std::min(x, y), std::max(x, y)};
        for (size_t i = 0; i < made.size(); ++i)
          ASSERT_EQ(made[i].evaluate(at), expected[i]) << i << ": " << a.text() << " and " << b.text();
        ASSERT_EQ(quotient.evaluate(at), floored(x, n)) << a.text();
        ASSERT_EQ(rest.evaluate(at), x - floored(x, n) * n) << a.text();
      }
  }
}

// Yes and No are promises about every size.
TEST(Dim, AnswersHoldForEverySize) {
  std::mt19937 random(4);
  std::map<Answer, int> said;
  for (int round = 0; round < 3000; ++round) {
    const Dim a = randomDim(random, 1 + static_cast<int>(random() % 2)),
              b = random() % 4 == 0 ? a + Dim(static_cast<int64_t>(random() % 3)) : randomDim(random, 1);
    const Answer equal = a.equals(b), atLeast = a.atLeast(b);
    ++said[equal];
    for (int64_t n = 1; n <= 6; ++n)
      for (int64_t t = 1; t <= 6; ++t) {
        const Bindings at{{"N", n}, {"T", t}};
        const int64_t x = a.evaluate(at).value(), y = b.evaluate(at).value();
        ASSERT_TRUE(equal == Answer::Unknown || (equal == Answer::Yes) == (x == y)) << a.text() << " and " << b.text();
        ASSERT_TRUE(atLeast == Answer::Unknown || (atLeast == Answer::Yes) == (x >= y))
            << a.text() << " and " << b.text();
      }
  }
  EXPECT_GT(said[Answer::Yes], 100);
  EXPECT_GT(said[Answer::No], 100);
}

// The same polynomial has the same form, however it was made.
TEST(Dim, IsCanonical) {
  std::mt19937 random(5);
  for (int round = 0; round < 1000; ++round) {
    const Dim a = randomDim(random, 2), b = randomDim(random, 2), c = randomDim(random, 1);
    EXPECT_EQ(a + b - b, a);
    EXPECT_EQ(a * b, b * a);
    EXPECT_EQ((a + b) * c, a * c + b * c);
    EXPECT_EQ((a + b).text(), (b + a).text());
    EXPECT_EQ((a - b).equals(a - b), Answer::Yes);
  }
}

}  // namespace
}  // namespace netwright::program
