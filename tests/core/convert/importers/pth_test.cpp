// SPDX-License-Identifier: Apache-2.0
// Files that the real PyTorch wrote, in every form that people have them; and damaged ones.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/safetensors.h"
#include "core/convert/importer.h"
#include "core/convert/wire/pickle.h"
#include "core/convert/wire/zip.h"
#include "tests/support/message_of.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright::convert {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kSeeds = std::filesystem::path(NETWRIGHT_SOURCE_DIR) / "tests/data/weights";

std::map<std::string, HostTensor> byName(const std::vector<NamedTensor>& tensors) {
  std::map<std::string, HostTensor> all;
  for (const NamedTensor& t : tensors) all[t.name] = t.tensor;
  return all;
}

TEST(Pth, EveryFormThatPyTorchWritesIsReadToTheBit) {
  const std::string python = test::peerPython();
  ASSERT_FALSE(python.empty()) << "No Python with PyTorch was found. ./test installs one; or set NW_PEER_PY.";
  const test::TempFolder folder;
  const test::Outcome o = test::runShell(
      fmt::format("'{}' '{}/tests/peers/write_weights.py' '{}'", python, NETWRIGHT_SOURCE_DIR, folder.path().string()));
  ASSERT_EQ(o.status, 0) << o.err;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (entry.path().extension() != ".pth") continue;
    ++files;
    const auto read = byName(readWeights(entry.path()));
    const auto expected = byName(readWeights(std::filesystem::path(entry.path()).replace_extension(".safetensors")));
    EXPECT_EQ(read.size(), expected.size()) << entry.path();
    for (const auto& [name, tensor] : expected) {
      ASSERT_TRUE(read.contains(name)) << entry.path() << ": " << name;
      EXPECT_EQ(read.at(name), tensor) << entry.path() << ": " << name;
    }
  }
  EXPECT_EQ(files, 9);
}

// An archive with the given pickle and one storage of four floats.
std::filesystem::path archive(const test::TempFolder& folder, const std::string& pickle) {
  ZipWriter zip;
  zip.add("archive/data.pkl", pickle);
  zip.add("archive/data/0", std::string(16, '\0'));
  writeFileAtomic(folder / "hostile.pth", zip.finish());
  return folder / "hostile.pth";
}

std::string tensorPickle(int64_t offset, const std::vector<int64_t>& sizes, const std::vector<int64_t>& strides,
                         int64_t count = 4, const char* type = "FloatStorage") {
  PickleWriter out;
  out.emptyDict().mark().text("w").global("torch._utils", "_rebuild_tensor_v2").mark();
  out.mark().text("storage").global("torch", type).text("0").text("cpu").integer(count).tuple().persistentId();
  out.integer(offset).integers(sizes).integers(strides).boolean(false);
  out.global("collections", "OrderedDict").emptyTuple().reduce().tuple().reduce();
  return out.setItems().finish();
}

TEST(Pth, TensorsThatLieAreRefused) {
  const test::TempFolder folder;
  const auto message = [&](const std::string& pickle) {
    return test::messageOf([&] { readWeights(archive(folder, pickle)); });
  };
  EXPECT_EQ(readWeights(archive(folder, tensorPickle(0, {2, 2}, {2, 1}))).size(), 1u);
  EXPECT_THAT(message(tensorPickle(1, {2, 2}, {2, 1})), HasSubstr("A tensor reaches behind the 4 numbers"));
  EXPECT_THAT(message(tensorPickle(-1, {2}, {1})), HasSubstr("A tensor reaches behind"));
  EXPECT_THAT(message(tensorPickle(0, {2, 2}, {2})), HasSubstr("not one stride for each size"));
  EXPECT_THAT(message(tensorPickle(0, {1000}, {0})), HasSubstr("repeats the numbers"));
  EXPECT_THAT(message(tensorPickle(0, {int64_t{1} << 40, int64_t{1} << 40}, {0, 0})), HasSubstr("repeats the numbers"));
  EXPECT_THAT(message(tensorPickle(0, {2}, {-1})), HasSubstr("stride that is no number of 0 or more"));
  EXPECT_THAT(message(tensorPickle(0, {5}, {1}, 5)), HasSubstr("should have 5 numbers but has 16 bytes"));
  EXPECT_THAT(message(tensorPickle(0, {2}, {1}, 4, "QInt8Storage")), HasSubstr("torch.QInt8Storage"));
}

// Calls are values here: what Python would run is not even looked up.
TEST(Pth, NothingIsEverCalled) {
  const test::TempFolder folder;
  PickleWriter out;
  out.emptyDict().mark().text("w").global("os", "system").mark().text("touch '" + (folder / "run").string() + "'");
  out.tuple().reduce().setItems();
  EXPECT_THAT(test::messageOf([&] { readWeights(archive(folder, out.finish())); }), HasSubstr("No tensor is in it."));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST(Pth, NestingWithoutEndAndCirclesEnd) {
  const test::TempFolder folder;
  std::string deep = "\x80\x02)";
  for (int i = 0; i < 500'000; ++i) deep += "\x85";
  EXPECT_THAT(test::messageOf([&] { readWeights(archive(folder, deep + ".")); }), HasSubstr("No tensor is in it."));
  std::string dicts = "\x80\x02";
  for (int i = 0; i < 100'000; ++i) dicts += "}U\x01k";
  dicts += "K\x01";
  for (int i = 0; i < 100'000; ++i) dicts += "s";
  EXPECT_THAT(test::messageOf([&] { readWeights(archive(folder, dicts + ".")); }), HasSubstr("No tensor is in it."));
  const std::string circle = "\x80\x02}q\x01U\x01kh\x01s.";
  EXPECT_THAT(test::messageOf([&] { readWeights(archive(folder, circle)); }), HasSubstr("No tensor is in it."));
  const std::string many = "\x80\x02(" + std::string(3'000'000, 'N') + "t.";
  EXPECT_THAT(test::messageOf([&] { readWeights(archive(folder, many)); }), HasSubstr("more than 2000000 values"));
}

}  // namespace
}  // namespace netwright::convert
