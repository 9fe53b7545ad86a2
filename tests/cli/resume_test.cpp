// SPDX-License-Identifier: Apache-2.0
// kill -9 of a training run at any instant, resume, weights equal to the byte: five kinds of networks, two threads. 20
// kills, or NW_KILLS of them (./test --long: 200).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "core/base/file.h"
#include "core/project/stored_run.h"
#include "tests/support/digits.h"
#include "tests/support/graphs.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright {
namespace {

using test::chain;
using test::LayerCase;
using test::node;

constexpr int kDefaultKills = 20;

const LayerCase kHead{"linear", "fc", {{"out_features", int64_t{4}}}};
// (N, 1, 8, 8) -> (N, 8, 8): rows as a sequence.
const LayerCase kRows{"flatten", "rows", {{"start_dim", int64_t{1}}, {"end_dim", int64_t{2}}}};

// Letters that tell the class, one to a line: their numbers index a table.
graph::Document letters(const std::filesystem::path& folder) {
  std::string text = "letter,kind\n";
  for (int i = 0; i < 400; ++i)
    text += fmt::format("{},{}\n", static_cast<char>('a' + i * 7 % 26), "wxyz"[i * 7 % 26 % 4]);
  writeFileAtomic(folder / "letters.csv", text);
  graph::Document d =
      chain({}, {{"embedding", "embedding", {{"num_embeddings", int64_t{26}}, {"embedding_dim", int64_t{8}}}}, kHead});
  d.nodes.front().name = "letter";
  d.nodes.front().params["dtype"] = std::string("int64");
  return d;
}

project::Project network(const std::string& kind, const std::filesystem::path& folder) {
  project::Project p = test::makeTinyProject(folder);
  if (kind == "cnn")
    p.graph = chain({1, 8, 8}, {{"conv2d", "conv", {{"out_channels", int64_t{8}}}},
                                {"relu", "relu", {}},
                                {"max_pool2d", "pool", {}},
                                {"flatten", "flatten", {}},
                                kHead});
  if (kind == "lstm")
    p.graph =
        chain({1, 8, 8}, {kRows,
                          {"lstm", "lstm", {{"hidden_size", int64_t{8}}, {"num_layers", int64_t{2}}, {"dropout", 0.3}}},
                          {"flatten", "flatten", {}},
                          kHead});
  if (kind == "attention") {
    p.graph = chain({1, 8, 8}, {kRows,
                                {"multihead_attention", "attention", {{"num_heads", int64_t{2}}, {"dropout", 0.1}}},
                                {"flatten", "flatten", {}},
                                kHead});
    p.graph.wires[1].to.port = "query";
  }
  if (kind == "indexing") {
    p.graph = letters(folder);
    p.data.source = "csv";
    p.data.path = "letters.csv";
    p.data.transforms = {};
    p.data.params = {{"encode", std::string("index")}, {"target", std::string("kind")}};
  }
  p.run.epochs = 12;
  p.run.threads = 2;
  p.run.checkpointSeconds = 0;
  project::save(p, folder);
  return p;
}

std::map<std::string, std::string> weights(const std::filesystem::path& folder) {
  std::map<std::string, std::string> hashes;
  for (const NamedTensor& t : project::openRun(folder, "latest").checkpoint.weights)
    hashes[t.name] = sha256Hex(std::span(t.tensor.bytes));
  return hashes;
}

class Kill : public ::testing::TestWithParam<const char*> {};

TEST_P(Kill, AtAnyInstantAndResumeGivesTheSameBytes) {
  const char* given = std::getenv("NW_KILLS");
  const int kills = std::max(1, (given ? std::atoi(given) : kDefaultKills) / 5);
  const std::string cli = "'" NETWRIGHT_BIN_DIR "/netwright-cli'";
  const test::TempFolder whole;
  network(GetParam(), whole.path());
  const test::Outcome o = test::runShell(fmt::format("{} train '{}'", cli, whole.path().string()));
  ASSERT_EQ(o.status, 0) << o.out << o.err;
  const auto expected = weights(whole.path());
  std::mt19937 random(static_cast<unsigned>(std::string(GetParam()).size()));
  for (int i = 0; i < kills; ++i) {
    const test::TempFolder folder;
    network(GetParam(), folder.path());
    // From before the engine is up to after the end; the engine first, so that it cannot save anything.
    const double seconds = std::uniform_real_distribution<double>(0.3, 1.8)(random);
    test::runShell(fmt::format("{} train '{}' & p=$!; sleep {:.3f}; pkill -9 -P $p; kill -9 $p; wait $p", cli,
                               folder.path().string(), seconds));
    if (!std::filesystem::exists(project::databaseFile(folder.path()))) continue;  // before the run began
    const test::Outcome resumed = test::runShell(fmt::format("{} resume '{}' latest", cli, folder.path().string()));
    if (resumed.err.find("has no runs yet") != std::string::npos) continue;        // between the file and its first row
    const bool ended = resumed.err.find("has finished its") != std::string::npos;  // killed after its end
    ASSERT_TRUE(ended || resumed.status == 0) << "killed after " << seconds << " s: " << resumed.out << resumed.err;
    EXPECT_EQ(weights(folder.path()), expected) << GetParam() << " killed after " << seconds << " s";
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, Kill, ::testing::Values("batch_norm", "cnn", "lstm", "attention", "indexing"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace netwright
