// SPDX-License-Identifier: Apache-2.0
#include "core/run/checkpoint.h"

#include <gtest/gtest.h>

#include <random>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/support/temp_folder.h"

namespace netwright::run {
namespace {

Checkpoint sample() {
  Checkpoint c;
  HostTensor w(DType::Float32, {2, 2}), m(DType::Float32, {2, 2});
  w.as<float>()[3] = 2.5f;
  m.as<float>()[0] = -1;
  c.weights = {{"fc.weight", w}};
  c.optimiser = {{"exp_avg.fc.weight", m}};
  c.position.epoch = 3;
  c.position.step = 42;
  c.position.batches = 5;
  c.position.schedules = {{0.5, 0.1, 2.25, 1, 2}};
  c.position.means = {{"0", {1.5, 3}}};
  c.position.metrics = {{"accuracy", {2, 3}}};
  c.position.best = 0.75;
  c.position.generator = {1, 2, 255};
  c.data = "{}";
  c.seed = 7;
  c.graphHash = "abc";
  return c;
}

TEST(Checkpoint, RoundTrips) {
  const test::TempFolder folder;
  writeCheckpoint(sample(), folder / "a/epoch-3.safetensors");
  const Checkpoint again = readCheckpoint(folder / "a/epoch-3.safetensors");
  EXPECT_EQ(again.position, sample().position);
  EXPECT_EQ(again.data, "{}");
  ASSERT_EQ(again.weights.size(), 1u);
  EXPECT_EQ(again.weights[0].name, "fc.weight");
  EXPECT_EQ(again.weights[0].tensor, sample().weights[0].tensor);
  EXPECT_EQ(again.optimiser[0].name, "exp_avg.fc.weight");
}

// Every flipped bit of the tensors is detected and the tensor named.
TEST(Checkpoint, DetectsEveryFlippedBitOfTheData) {
  const test::TempFolder folder;
  const auto file = folder / "c.safetensors";
  writeCheckpoint(sample(), file);
  const std::string good = readFile(file);
  for (size_t bit = (good.size() - 32) * 8; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    writeFileAtomic(file, bad);
    try {
      readCheckpoint(file);
      ADD_FAILURE() << "bit " << bit << " went unnoticed";
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("fc.weight is not what was written"), std::string::npos) << e.what();
    }
  }
}

TEST(Checkpoint, RefusesDamagedHeaders) {
  const test::TempFolder folder;
  const auto file = folder / "c.safetensors";
  writeCheckpoint(sample(), file);
  const std::string good = readFile(file);
  std::mt19937 random(2);
  for (int i = 0; i < 500; ++i) {
    std::string bad = good;
    const size_t bit = random() % ((good.size() - 32) * 8);
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    writeFileAtomic(file, bad);
    try {
      const Checkpoint c = readCheckpoint(file);  // a flip in a space of the header changes nothing
      EXPECT_EQ(c.weights[0].tensor, sample().weights[0].tensor);
    } catch (const Error&) {
    }
  }
}

TEST(Checkpoint, RefusesATruncatedFile) {
  const test::TempFolder folder;
  const auto file = folder / "c.safetensors";
  writeCheckpoint(sample(), file);
  const std::string good = readFile(file);
  for (const size_t n : {size_t{0}, size_t{7}, size_t{20}, good.size() - 1}) {
    writeFileAtomic(file, good.substr(0, n));
    EXPECT_THROW(readCheckpoint(file), Error) << n;
  }
}

}  // namespace
}  // namespace netwright::run
