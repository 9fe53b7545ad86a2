// SPDX-License-Identifier: Apache-2.0
// One file, two readers: that of the exporter and that which is part of the exported code.
#include "core/convert/cpp/weights_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/convert/cpp/kernels/weights_file.h"
#include "tests/core/convert/networks.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;
using cpp::kernels::WeightsFile;
using ::testing::HasSubstr;

struct Sample {
  HostTensor matrix = noiseTensor({2, 3}, 1), count{DType::Int64, {}}, none{DType::Float32, {0, 4}};
  Sample() {
    matrix.as<float>()[1] = std::nanf("");
    count.as<int64_t>()[0] = -5;
  }
  std::string bytes() const {
    return cpp::weightsContent({{"fc.weight", &matrix}, {"n", &count}, {"none", &none}}).joined();
  }
};

class CppWeightsFile : public ::testing::Test {
 protected:
  // What the exported reader says of a file.
  std::string complaint(const std::string& bytes, const std::function<void(const WeightsFile&)>& use = {}) {
    const std::string path = (folder_.path() / "w.weights").string();
    writeFileAtomic(path, bytes);
    try {
      const WeightsFile file(path);
      if (use) use(file);
      return "";
    } catch (const std::runtime_error& e) {
      EXPECT_EQ(std::string(e.what()).find(path + " "), 0u) << e.what();
      return std::string(e.what()).substr(path.size() + 1);
    }
  }
  // By our own.
  std::vector<NamedTensor> read(const std::string& bytes) {
    const fs::path path = folder_.path() / "own.weights";
    std::ofstream(path, std::ios::binary) << bytes;
    std::vector<NamedTensor> all;
    cpp::readWeightsFile(path, [&](NamedTensor t) { all.push_back(std::move(t)); });
    return all;
  }
  TemporaryFolder folder_;
};

TEST_F(CppWeightsFile, IsReadByBothReaders) {
  const Sample sample;
  const std::string bytes = sample.bytes();
  EXPECT_EQ(bytes.size() % 64, 0u);
  EXPECT_EQ(bytes.substr(0, 8), "NWWEIGHT");
  const auto found = read(bytes);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].tensor.bytes, sample.matrix.bytes);  // NaN, too
  EXPECT_EQ(found[1].tensor, sample.count);
  EXPECT_EQ(found[2].tensor, sample.none);
  EXPECT_EQ(complaint(bytes,
                      [&](const WeightsFile& file) {
                        const std::vector<float> matrix = file.floats("fc.weight", {2, 3});
                        EXPECT_EQ(std::memcmp(matrix.data(), sample.matrix.bytes.data(), 24), 0);
                        EXPECT_EQ(file.integers("n", {}), std::vector<std::int64_t>{-5});
                        EXPECT_TRUE(file.floats("none", {0, 4}).empty());
                      }),
            "");
}

TEST_F(CppWeightsFile, SaysWhatIsWrong) {
  const std::string good = Sample().bytes();
  const auto with = [&](size_t place, char value) {
    std::string changed = good;
    changed[place] = value;
    return changed;
  };
  EXPECT_EQ(complaint(""), "is no file of weights.");
  EXPECT_EQ(complaint("PK\3\4" + good.substr(4)), "is no file of weights.");
  EXPECT_EQ(complaint(with(8, 2)), "has version 2; this code reads version 1.");
  EXPECT_EQ(complaint(with(12, 1)), "is little-endian, but this machine is not.");
  EXPECT_EQ(complaint(good.substr(0, good.size() - 64)), "is damaged: it says 320 bytes but has 256.");
  EXPECT_EQ(complaint(with(good.size() - 1, 1)), "is damaged: its checksum is wrong. Copy it again.");
  const auto floats = [](const char* name, std::vector<std::uint64_t> shape) {
    return [=](const WeightsFile& file) { (void)file.floats(name, shape); };
  };
  EXPECT_EQ(complaint(good, floats("conv.weight", {1})), "belongs to another network: it has no 'conv.weight'.");
  EXPECT_EQ(complaint(good, floats("fc.weight", {3, 2})),
            "belongs to another network: its 'fc.weight' has the shape (2, 3), this network's has (3, 2).");
  EXPECT_EQ(complaint(good, floats("n", {})), "belongs to another network: its 'n' has another type.");
}

// No flipped bit and no cut goes unnoticed by either reader.
TEST_F(CppWeightsFile, EveryDamageIsFound) {
  const std::string good = Sample().bytes();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    EXPECT_THROW((void)read(bad), Error) << i;
    if (i % 5 == 0) {
      EXPECT_NE(complaint(bad), "") << i;
    }
  }
  for (size_t size = 0; size < good.size(); size += 7) EXPECT_THROW((void)read(good.substr(0, size)), Error) << size;
}

}  // namespace
}  // namespace netwright::convert::testing
