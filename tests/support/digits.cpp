// SPDX-License-Identifier: Apache-2.0
#include "tests/support/digits.h"

#include <string>

#include "core/base/file.h"
#include "tests/support/graphs.h"

namespace netwright::test {
namespace {

std::string bigEndian(int64_t v) {
  return {static_cast<char>(v >> 24 & 255), static_cast<char>(v >> 16 & 255), static_cast<char>(v >> 8 & 255),
          static_cast<char>(v & 255)};
}

void writePair(const std::filesystem::path& folder, const std::string& stem, int64_t samples) {
  std::string images = bigEndian(0x803) + bigEndian(samples) + bigEndian(8) + bigEndian(8),
              labels = bigEndian(0x801) + bigEndian(samples);
  for (int64_t i = 0; i < samples; ++i) {
    const int64_t label = i % 4;
    labels += static_cast<char>(label);
    for (int64_t y = 0; y < 8; ++y)
      for (int64_t x = 0; x < 8; ++x)
        images += static_cast<char>(y / 2 == label ? 200 + (i * 7 + x) % 50 : (i * 13 + x * 5 + y * 3) % 60);
  }
  writeFileAtomic(folder / (stem + "-images-idx3-ubyte"), images);
  writeFileAtomic(folder / (stem + "-labels-idx1-ubyte"), labels);
}

}  // namespace

void writeTinyDigits(const std::filesystem::path& folder, int64_t trainSamples, int64_t testSamples) {
  std::filesystem::create_directories(folder);
  writePair(folder, "train", trainSamples);
  writePair(folder, "t10k", testSamples);
}

project::Project makeTinyProject(const std::filesystem::path& folder) {
  project::Project p;
  p.name = "tiny";
  p.graph = chain({1, 8, 8}, {{"conv2d", "conv", {{"out_channels", int64_t{4}}}},
                              {"batch_norm2d", "bn", {}},
                              {"relu", "relu", {}},
                              {"dropout", "drop", {{"p", 0.1}}},
                              {"flatten", "flatten", {}},
                              {"linear", "fc", {{"out_features", int64_t{4}}}}});
  p.data.path = "data";
  p.data.transforms = {{"to_float", {}}};
  p.data.validation = 0.2;
  p.run.epochs = 2;
  p.run.batchSize = 16;
  p.run.threads = 1;
  p.run.objectives[0].optimiser.params["lr"] = 0.01;
  writeTinyDigits(folder / "data");
  project::save(p, folder);
  return p;
}

}  // namespace netwright::test
