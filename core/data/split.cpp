// SPDX-License-Identifier: Apache-2.0
#include "core/data/split.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>

#include "core/data/random.h"

namespace netwright::data {
namespace {

struct Counts {
  int64_t validation = 0, test = 0;
};

Counts countsOf(int64_t size, Shares shares) {
  assert(size >= 0 && shares.validation >= 0 && shares.test >= 0 && shares.validation + shares.test < 1);
  const auto wanted = [&](double share) {
    return static_cast<int64_t>(std::llround(static_cast<double>(size) * share));
  };
  const int64_t most = std::max<int64_t>(size - 1, 0);
  const int64_t validation = std::clamp<int64_t>(wanted(shares.validation), 0, most);
  return {validation, std::clamp<int64_t>(wanted(shares.test), 0, most - validation)};
}

std::vector<int64_t> countingUp(int64_t from, int64_t to) {
  std::vector<int64_t> numbers(static_cast<size_t>(std::max<int64_t>(to - from, 0)));
  std::iota(numbers.begin(), numbers.end(), from);
  return numbers;
}

void sortParts(Split& split) {
  for (auto* part : {&split.train, &split.validation, &split.test}) std::sort(part->begin(), part->end());
}

// How many of each class: the whole part of its share, and one more for the largest remainders until `total` is
// reached. limits: how many each class has left.
std::vector<int64_t> apportion(const std::vector<int64_t>& sizes, double share, int64_t total,
                               const std::vector<int64_t>& limits) {
  std::vector<int64_t> counts(sizes.size());
  std::vector<size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto exact = [&](size_t c) { return static_cast<double>(sizes[c]) * share; };
  for (size_t c = 0; c < sizes.size(); ++c) {
    counts[c] = std::min(static_cast<int64_t>(exact(c)), limits[c]);
    total -= counts[c];
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return exact(a) - std::floor(exact(a)) > exact(b) - std::floor(exact(b));
  });
  for (const size_t c : order)
    if (total > 0 && counts[c] < limits[c]) {
      ++counts[c];
      --total;
    }
  return counts;
}

}  // namespace

Split splitSamples(int64_t size, double validation, uint64_t seed) {
  return splitSamples(size, Shares{validation, 0}, seed);
}

Split splitSamples(int64_t size, Shares shares, uint64_t seed) {
  const Counts counts = countsOf(size, shares);
  std::vector<int64_t> all = countingUp(0, size);
  if (counts.validation + counts.test > 0) CounterRandom(seed, Purpose::Split).shuffle(all);
  const auto validationEnd = all.begin() + counts.validation, testEnd = validationEnd + counts.test;
  Split split{{testEnd, all.end()}, {all.begin(), validationEnd}, {validationEnd, testEnd}};
  sortParts(split);
  return split;
}

Split splitStratified(std::span<const int64_t> labels, Shares shares, uint64_t seed) {
  std::map<int64_t, std::vector<int64_t>> classes;
  for (size_t i = 0; i < labels.size(); ++i) classes[labels[i]].push_back(static_cast<int64_t>(i));
  std::vector<int64_t> sizes;
  for (const auto& [label, samples] : classes) sizes.push_back(static_cast<int64_t>(samples.size()));

  const Counts counts = countsOf(static_cast<int64_t>(labels.size()), shares);
  const std::vector<int64_t> validation = apportion(sizes, shares.validation, counts.validation, sizes);
  std::vector<int64_t> left = sizes;
  for (size_t c = 0; c < left.size(); ++c) left[c] -= validation[c];
  const std::vector<int64_t> test = apportion(sizes, shares.test, counts.test, left);

  Split split;
  size_t c = 0;
  for (auto& [label, samples] : classes) {
    CounterRandom(seed, Purpose::Split, c + 1).shuffle(samples);
    const auto validationEnd = samples.begin() + validation[c], testEnd = validationEnd + test[c];
    split.validation.insert(split.validation.end(), samples.begin(), validationEnd);
    split.test.insert(split.test.end(), validationEnd, testEnd);
    split.train.insert(split.train.end(), testEnd, samples.end());
    ++c;
  }
  sortParts(split);
  return split;
}

Split splitByTime(int64_t size, Shares shares, int64_t gap) {
  const Counts counts = countsOf(size, shares);
  const int64_t testBegin = size - counts.test;
  const int64_t validationEnd = counts.test > 0 ? testBegin - gap : testBegin;
  const int64_t validationBegin = std::max<int64_t>(validationEnd - counts.validation, 0);
  const int64_t trainEnd = counts.validation > 0 ? validationBegin - gap : validationEnd;
  return {countingUp(0, trainEnd), countingUp(validationBegin, validationEnd), countingUp(testBegin, size)};
}

Split ofSamples(const Split& split, std::span<const int64_t> samples) {
  const auto pick = [&](const std::vector<int64_t>& positions) {
    std::vector<int64_t> picked;
    picked.reserve(positions.size());
    for (const int64_t at : positions) picked.push_back(samples[static_cast<size_t>(at)]);
    return picked;
  };
  return {pick(split.train), pick(split.validation), pick(split.test)};
}

}  // namespace netwright::data
