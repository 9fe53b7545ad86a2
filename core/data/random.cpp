// SPDX-License-Identifier: Apache-2.0
#include "core/data/random.h"

#include <cassert>
#include <cmath>
#include <numbers>
#include <utility>

namespace netwright::data {
namespace {

constexpr int kPurposeShift = 56;  // an epoch number never reaches the top byte

uint32_t low(uint64_t v) { return static_cast<uint32_t>(v); }
uint32_t high(uint64_t v) { return static_cast<uint32_t>(v >> 32); }
uint64_t word(uint32_t lo, uint32_t hi) { return uint64_t{hi} << 32 | lo; }

// The 128-bit product; __int128 is on every compiler and platform we build for.
__extension__ using Wide = unsigned __int128;

}  // namespace

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> c, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = uint64_t{0xD2511F53} * c[0];
    const uint64_t b = uint64_t{0xCD9E8D57} * c[2];
    c = {high(b) ^ c[1] ^ key[0], low(b), high(a) ^ c[3] ^ key[1], low(a)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return c;
}

CounterRandom::CounterRandom(uint64_t seed, Purpose purpose, uint64_t index)
    : seed_(seed), stream_(static_cast<uint64_t>(purpose) << kPurposeShift | index) {
  assert(index >> kPurposeShift == 0);
}

uint64_t CounterRandom::next() {
  if (hasSpare_) {
    hasSpare_ = false;
    return spare_;
  }
  const auto out = philox({low(block_), high(block_), low(stream_), high(stream_)}, {low(seed_), high(seed_)});
  ++block_;
  spare_ = word(out[2], out[3]);
  hasSpare_ = true;
  return word(out[0], out[1]);
}

// Lemire, "Fast random integer generation in an interval" (2019): the low half of the product tells the biased cases.
uint64_t CounterRandom::below(uint64_t bound) {
  assert(bound > 0);
  Wide product = Wide{next()} * bound;
  if (static_cast<uint64_t>(product) < bound) {
    const uint64_t threshold = (0 - bound) % bound;
    while (static_cast<uint64_t>(product) < threshold) product = Wide{next()} * bound;
  }
  return static_cast<uint64_t>(product >> 64);
}

double CounterRandom::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

double CounterRandom::normal() {
  const double u = 1.0 - uniform();  // in (0, 1]: its logarithm is finite
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * uniform());
}

void CounterRandom::shuffle(std::span<int64_t> items) {
  for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
}

}  // namespace netwright::data
