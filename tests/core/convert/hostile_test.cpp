// SPDX-License-Identifier: Apache-2.0
// R4, R6, R14: files of weights that lie: mutated, cut off, pointing elsewhere. Each is read or refused with a reason;
// nothing outside of the file's folder is read. What was found once is kept in tests/data/hostile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/safetensors.h"
#include "core/convert/importer.h"
#include "tests/core/convert/networks.h"
#include "tests/support/message_of.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

int rounds() { return std::getenv("NW_FAULTS") ? 10'000 : 600; }  // ./test --long

// Flips, cuts, repeats, and numbers at the ends of their ranges.
std::string mutated(std::string bytes, std::mt19937& random) {
  const auto pick = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random); };
  for (size_t k = pick(4) + 1; k > 0 && !bytes.empty(); --k) {
    const size_t at = pick(bytes.size());
    switch (pick(5)) {
      case 0:
        bytes[at] = static_cast<char>(random());
        break;
      case 1:
        bytes.resize(at);
        break;
      case 2:
        bytes.insert(at, bytes.substr(pick(bytes.size()), pick(16)));
        break;
      case 3:
        for (size_t i = at; i < std::min(at + 8, bytes.size()); ++i) bytes[i] = '\xff';
        break;
      default:
        for (size_t i = at; i < std::min(at + 8, bytes.size()); ++i) bytes[i] = '\0';
    }
  }
  return bytes;
}

// True if the file was read. What it holds may not be larger than it.
bool survives(const fs::path& file) {
  try {
    size_t size = 0;
    for (const NamedTensor& t : readWeights(file)) size += t.tensor.bytes.size();
    EXPECT_LE(size, 4 * fs::file_size(file) + 4096) << file;
    return true;
  } catch (const Error& e) {
    EXPECT_FALSE(e.title.empty()) << file;
    return false;
  }
}

const fs::path kData = fs::path(NETWRIGHT_SOURCE_DIR) / "tests/data";

// "onnx": a file of our exporter; else one of PyTorch's.
class Hostile : public ::testing::TestWithParam<std::string> {
 protected:
  static std::string sound() {
    if (GetParam() == "model.onnx") return findExporter("onnx")->bytes(residualCnn()->input());
    return readFile(kData / "weights" / GetParam());
  }
};

TEST_P(Hostile, MutationsAreReadOrRefused) {
  const TemporaryFolder folder;
  const std::string bytes = sound();
  const fs::path file = folder.path() / GetParam();
  writeFileAtomic(file, bytes);
  ASSERT_TRUE(survives(file));
  std::mt19937 random(7);
  int read = 0;
  for (int i = 0; i < rounds(); ++i) {
    std::ofstream(file, std::ios::binary) << mutated(bytes, random);
    read += survives(file) ? 1 : 0;
  }
  EXPECT_LT(read, rounds()) << "some must hit more than the data";
}

INSTANTIATE_TEST_SUITE_P(Formats, Hostile,
                         ::testing::Values("model.onnx", "state_dict.pth", "legacy.pth", "state_dict.safetensors"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

TEST(HostileFiles, TheCorpusIsReadOrRefused) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(kData / "hostile")) {
    survives(entry.path());
    ++count;
  }
  EXPECT_GE(count, 10u);
}

// The size of a header may look like the beginning of an ONNX file.
TEST(HostileFiles, SafetensorsOfAnySizeAreToldFromOnnx) {
  const TemporaryFolder folder;
  for (size_t length = 0; length < 600; length += 8) {
    const std::vector<NamedTensor> tensors{{"w", HostTensor(DType::Float32, {2})}};
    writeFileAtomic(folder.path() / "w.safetensors", safetensorsBytes(tensors, {{"note", std::string(length, 'x')}}));
    EXPECT_EQ(readWeights(folder.path() / "w.safetensors").size(), 1u) << length;
  }
}

// An ONNX file that keeps the data of its weights in another file.
class ExternalData : public ::testing::Test {
 protected:
  void SetUp() override {
    Sketch sketch;
    network = std::make_unique<Network>(
        "wide",
        sketch.input("x", {200}).add("linear", "fc", {"x"}, {{"out_features", int64_t{200}}}).output("y", "fc"));
    inside = folder.path() / "inside";
    fs::create_directory(inside);
    findExporter("onnx")->write(network->input({{"external_data", true}}), inside / "m.onnx");
  }
  // The same file, naming another place of the same length.
  std::string whyWith(const std::string& place) {
    std::string bytes = readFile(inside / "m.onnx");
    const std::string name = "m.onnx.data";
    EXPECT_EQ(place.size(), name.size());
    const size_t at = bytes.find(name);
    EXPECT_NE(at, std::string::npos);
    bytes.replace(at, name.size(), place);
    writeFileAtomic(inside / "other.onnx", bytes);
    return test::messageOf([&] { (void)onnx::read(inside / "other.onnx"); });
  }
  TemporaryFolder folder;
  fs::path inside;
  NetworkPtr network;
};

TEST_F(ExternalData, IsReadBesideTheModel) {
  const onnx::Model model = onnx::read(inside / "m.onnx");
  ASSERT_FALSE(model.graph.initializers.empty());
  EXPECT_EQ(model.graph.initializers[0].tensor.bytes, network->weights[0].tensor.bytes);
  EXPECT_THAT(test::messageOf([&] { (void)onnx::parse(readFile(inside / "m.onnx"), "m.onnx"); }),
              HasSubstr("keeps its data in another file"));
}

TEST_F(ExternalData, IsNeverReadElsewhere) {
  writeFileAtomic(folder.path() / "outside", std::string(300'000, 'x'));
  for (const std::string place : {"../outside", "/etc/hosts", "..////////", "./././a.b/", "sub/out.ab"})
    EXPECT_THAT(whyWith(place + std::string(11 - std::min<size_t>(11, place.size()), ' ')),
                HasSubstr("which is no file beside it"))
        << place;
  fs::create_symlink("../outside", inside / "thelink.on.");
  EXPECT_THAT(whyWith("thelink.on."), HasSubstr("which is no file beside it"));
  EXPECT_THAT(whyWith("is_missing_"), HasSubstr("The file 'is_missing_', which belongs to it, is not there."));
  fs::resize_file(inside / "m.onnx.data", 1000);
  EXPECT_THAT(test::messageOf([&] { (void)onnx::read(inside / "m.onnx"); }), HasSubstr("ends before the data"));
}

}  // namespace
}  // namespace netwright::convert::testing
