// SPDX-License-Identifier: Apache-2.0
// `new --from`: what an export holds of the network comes back, with its weights.
#include "core/project/from_export.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/safetensors.h"
#include "core/project/stored_run.h"
#include "tests/support/message_of.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright::project {
namespace {

using ::testing::HasSubstr;

TEST(FromExport, EachFormatBringsTheNetworkAndItsWeightsBack) {
  const test::TempFolder folder;
  const auto shell = [&](const std::string& command) {
    const auto o =
        test::runShell(fmt::format("cd '{}' && export PATH='{}':$PATH XDG_RUNTIME_DIR='{}' && {}",
                                   folder.path().string(), NETWRIGHT_BIN_DIR, folder.path().string(), command));
    EXPECT_EQ(o.status, 0) << command << o.out << o.err;
  };
  shell("netwright-cli new --template spirals-mlp p && netwright-cli train p --epochs 1");
  const Project original = load(folder / "p");
  const auto weights = openRun(folder / "p", "latest").checkpoint.weights;
  for (const std::string extension : {"onnx", "pt", "pth", "safetensors"}) {
    shell(fmt::format("netwright-cli export p -o again.{0} && netwright-cli new {0} --from again.{0}", extension));
    const Project again = load(folder / extension);
    EXPECT_EQ(again.graph, original.graph) << extension;
    EXPECT_EQ(again.run.start, "file:weights/again.safetensors");
    const SafetensorsFile kept = readSafetensors(folder / extension / "weights/again.safetensors");
    for (const NamedTensor& t : weights) {
      const HostTensor* found = kept.find(t.name);
      ASSERT_TRUE(found) << extension << " " << t.name;
      EXPECT_EQ(found->bytes, t.tensor.bytes) << extension << " " << t.name;
    }
  }
}

TEST(FromExport, AForeignFileIsRefusedAndLeavesNothing) {
  const test::TempFolder folder;
  writeFileAtomic(folder / "w.safetensors", safetensorsBytes({{"a", HostTensor(DType::Float32, {2})}}));
  EXPECT_THAT(test::messageOf([&] { createFromExport(folder / "new", folder / "w.safetensors"); }),
              HasSubstr("holds no network that was drawn in Netwright."));
  EXPECT_FALSE(std::filesystem::exists(folder / "new"));
  EXPECT_THAT(test::messageOf([&] { createFromExport(folder / "new", folder / "missing.onnx"); }),
              HasSubstr("There is no file"));
  EXPECT_THAT(test::messageOf([&] { createFromExport(folder.path(), folder / "w.safetensors"); }),
              HasSubstr("is not empty"));
  EXPECT_TRUE(mayBeExport("a/b.ONNX"));
  EXPECT_FALSE(mayBeExport("a/b.csv"));
}

}  // namespace
}  // namespace netwright::project
