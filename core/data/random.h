// SPDX-License-Identifier: Apache-2.0
// Counter-based random numbers (Philox4x32-10, Salmon et al. 2011): the same on every platform, restartable at any
// position. Decides shuffling, splits and augmentation.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace netwright::data {

// One block of the generator; the published test vectors apply.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

// What the numbers are for; uses of one seed never share a stream.
enum class Purpose : uint64_t { Epoch = 1, Split = 2, Data = 3 };

class CounterRandom {
 public:
  CounterRandom(uint64_t seed, Purpose purpose, uint64_t index = 0);
  uint64_t next();
  // Uniform in [0, bound) without bias; bound >= 1.
  uint64_t below(uint64_t bound);
  // Uniform in [0, 1), 53 bits.
  double uniform();
  // Mean 0, variance 1 (Box-Muller, one of the pair).
  double normal();
  // All orders equally likely (Fisher-Yates).
  void shuffle(std::span<int64_t> items);

 private:
  uint64_t seed_, stream_, block_ = 0, spare_ = 0;
  bool hasSpare_ = false;
};

}  // namespace netwright::data
