// SPDX-License-Identifier: Apache-2.0
// data, predict, ops and formats: what the network is fed, what it says, what it is made of.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "tests/core/data/array_files.h"
#include "tests/support/digits.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using test::Outcome;
using ::testing::HasSubstr;

class CliData : public ::testing::Test {
 protected:
  Outcome run(const std::string& arguments) const {
    return test::runShell(
        fmt::format("cd '{}' && '{}/netwright-cli' {}", folder_.path().string(), NETWRIGHT_BIN_DIR, arguments));
  }
  Json json(const std::string& arguments) const {
    const Outcome o = run(arguments + " --json");
    EXPECT_EQ(o.status, 0) << arguments << "\n" << o.err;
    return parseJson(o.out, arguments);
  }
  test::TempFolder folder_;
};

TEST_F(CliData, InfoCountsSamplesAndClasses) {
  test::makeTinyProject(folder_ / "p");
  const Json info = json("data info p");
  EXPECT_EQ(info.at("train"), 96);
  EXPECT_EQ(info.at("validation"), 24);
  EXPECT_EQ(info.at("test"), 40);
  const Json& label = info.at("columns").at(1);
  EXPECT_EQ(label.at("role"), "target");
  int64_t counted = 0;
  for (const auto& [name, count] : label.at("classes").items()) counted += count.get<int64_t>();
  EXPECT_EQ(counted, 96);
  const Json& image = info.at("columns").at(0);
  EXPECT_EQ(image.at("shape"), Json({1, 8, 8}));
  EXPECT_GE(image.at("min").get<double>(), 0);
  EXPECT_LE(image.at("max").get<double>(), 1);
}

TEST_F(CliData, PreviewShowsRowsWithTheirPlaceInTheFile) {
  ASSERT_EQ(run("new --template penguins p").status, 0);
  const Json rows = json("data preview p --rows 3");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[0].at("where").get<std::string>(), HasSubstr("of penguins.csv"));
  EXPECT_THAT(run("data preview p --rows 1").out, HasSubstr("Adelie"));
  EXPECT_EQ(run("data preview p --rows 0").status, 2);
  EXPECT_EQ(run("data info p --set data.target=wings").status, 1);
}

TEST_F(CliData, PredictSaysClassesWithProbabilities) {
  test::makeTinyProject(folder_ / "p");
  ASSERT_EQ(run("train p --epochs 3").status, 0);
  const Json said = json("predict p --split validation --sample 0 --sample 3").at("predictions");
  ASSERT_EQ(said.size(), 2u);
  double sum = 0;
  for (const Json& one : said[0].at("likeliest")) sum += one.at("probability").get<double>();
  EXPECT_GT(sum, 0.5);
  EXPECT_LE(sum, 1.0001);
  EXPECT_EQ(said[0].at("outputs").at("y").size(), 4u);
  EXPECT_THAT(run("predict p").out, HasSubstr("%"));
  const Outcome far = run("predict p --sample 40");
  EXPECT_EQ(far.status, 1);
  EXPECT_EQ(far.err, "✗ The test split has no sample 40.\n  It has 40 samples, counted from 0.\n");
}

// The same sample from the data and from a file gives the same scores.
TEST_F(CliData, PredictTakesArraysAsTheNetworkDoes) {
  test::makeTinyProject(folder_ / "p");
  ASSERT_EQ(run("train p --epochs 1").status, 0);
  std::vector<float> pixels;
  const Json rows = json("data preview p --split test --rows 1");
  for (const Json& v : rows.at(0).at("image")) pixels.push_back(v.get<float>());
  writeFileAtomic(folder_ / "x.npy", data::npy("<f4", "1, 1, 8, 8", data::bytesOf(pixels)));
  EXPECT_EQ(json("predict p --input x=x.npy").at("predictions").at(0).at("outputs"),
            json("predict p --split test --sample 0").at("predictions").at(0).at("outputs"));
  const Outcome unknown = run("predict p --input z=x.npy");
  EXPECT_EQ(unknown.status, 1);
  EXPECT_EQ(unknown.err, "✗ The network has no input 'z'.\n  It has: x.\n");
  writeFileAtomic(folder_ / "bad.npy", "no array");
  EXPECT_THAT(run("predict p --input x=bad.npy").err, HasSubstr("bad.npy"));
}

TEST_F(CliData, OpsAndFormatsAreListed) {
  EXPECT_THAT(json("ops conv2d").at("schema").get<std::string>(), HasSubstr("aten::conv2d(Tensor input"));
  EXPECT_GT(json("ops").size(), 30u);
  EXPECT_EQ(run("ops conv2").err,
            "✗ There is no op 'conv2'. Did you mean 'conv2d'?\n  'netwright-cli ops' lists all.\n");
  std::vector<std::string> ids;
  for (const Json& f : json("formats")) ids.push_back(f.at("id"));
  EXPECT_THAT(ids, ::testing::ElementsAre("onnx", "pth", "safetensors", "torchscript", "libtorch", "cpp", "pytorch"));
}

TEST_F(CliData, PreviewsTextsAsTheyAreRead) {
  ASSERT_EQ(run("new p --template words-lstm").status, 0);
  EXPECT_THAT(run("data preview p --rows 1 --set data.test=0 --set data.validation=0").out,
              HasSubstr("  word           \"purification\"\n"));
}

}  // namespace
}  // namespace netwright
