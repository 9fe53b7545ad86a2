// SPDX-License-Identifier: Apache-2.0
// The plain C++ export as text and as a contract; its numbers are in tests/peers/cpp_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/convert/cpp/model_printer.h"
#include "core/convert/cpp/rows.h"
#include "core/convert/model_part.h"
#include "tests/core/convert/sample_networks.h"
#include "tests/support/environment.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;
using test::Environment;
using ::testing::HasSubstr;

const Exporter& plainCpp() { return *findExporter("cpp"); }

// From the class on.
std::string model(const Network& network) {
  const std::string header = cpp::printSource(network.input()).header;
  return header.substr(header.find("    const Weights& w"));
}

TEST(PlainCpp, ReadsAsAPersonWouldWriteIt) {
  EXPECT_EQ(model(*mlp()), R"(    const Weights& w = *weights_;
    float* const b0 = kernels::grown(b0_, 8 * N);
    float* const b1 = kernels::grown(b1_, 3 * N);

    // Linear 'fc1' -> (N, 8)
    kernels::linear(x.data, w.fc1_weight_panels.data(), w.fc1_bias.data(), b0, N, 12, 8);
    // ReLU 'relu1' -> (N, 8)
    kernels::relu(b0, b0, 8 * N);
    // Dropout 'dropout1' -> (N, 8)
    // Linear 'fc2' -> (N, 3)
    kernels::linear(b0, w.fc2_weight_panels.data(), w.fc2_bias.data(), b1, N, 8, 3);
    outputs_.assign(b1, b1 + 3 * N);
    return outputs_;
  }

 private:
  struct Weights {
    explicit Weights(const std::string& path) {
      const kernels::WeightsFile file(path);
      fc1_weight_panels = kernels::packed(file.floats("fc1.weight", {8, 12}), 8, 12);
      fc1_bias = file.floats("fc1.bias", {8});
      fc2_weight_panels = kernels::packed(file.floats("fc2.weight", {3, 8}), 3, 8);
      fc2_bias = file.floats("fc2.bias", {3});
    }
    std::vector<float> fc1_weight_panels;
    std::vector<float> fc1_bias;
    std::vector<float> fc2_weight_panels;
    std::vector<float> fc2_bias;
  };

  std::shared_ptr<const Weights> weights_;
  std::vector<float> b0_;
  std::vector<float> b1_;
  std::vector<float> outputs_;
};

}  // namespace mlp
)");
}

TEST(PlainCpp, HoldsTheKernelsThatAreUsedAndNoOthers) {
  const std::string header = cpp::printSource(mlp()->input()).header;
  EXPECT_THAT(header, HasSubstr("inline void linear("));
  for (const char* absent : {"Convolution", "lstm", "softmax", "namespace netwright", "core/convert", "#include \""})
    EXPECT_THAT(header, ::testing::Not(HasSubstr(absent)));
  EXPECT_THAT(cpp::printSource(residualCnn()->input()).header, HasSubstr("class Convolution"));
}

TEST(PlainCpp, DescribesSeveralInputsAndOutputs) {
  std::vector<NetworkPtr> graphs;
  addGraphs(graphs);
  const std::string header = cpp::printSource(graphs[2]->input()).header;
  EXPECT_THAT(header, HasSubstr(R"(struct Inputs {
  kernels::View<float> a;  // (N, 6)
  kernels::View<float> b;  // (N, 6)
};

// Row by row, for N samples.
struct Outputs {
  std::vector<float> first;  // (N, 6)
  std::vector<float> second;  // (N, 2)
  std::vector<float> third;  // (N, 2)
  std::vector<float> same;  // (N, 6)
};
)"));
  EXPECT_THAT(header, HasSubstr("  const Outputs& operator()(const Inputs& inputs, std::int64_t N = 1) {\n"));
}

// Or refused by name with a reason: that it has no row, or what its row says. A layer without a sample fails in
// eachLayer().
TEST(PlainCpp, EveryLayerIsWrittenOrRefusedWithAReason) {
  std::set<std::string> written;
  for (const NetworkPtr& n : sampleNetworks()) {
    const auto ops = modelPart(n->lowered.program).ops;
    const bool known = std::all_of(ops.begin(), ops.end(),
                                   [](const program::Op* op) { return cpp::allRows().contains(op->info->id()); });
    for (const char* id : {"cpp", "libtorch"}) {
      const bool refused = refuses(*findExporter(id), *n);
      EXPECT_TRUE(known || refused || id == std::string("libtorch")) << n->name;
    }
    if (known && !refuses(plainCpp(), *n))
      for (const program::Op* op : ops) written.insert(op->info->id());
  }
  for (const auto& [id, row] : cpp::allRows()) EXPECT_TRUE(written.contains(id)) << id << ": no sample network has it";
}

TEST(PlainCpp, RefusesWhatDrawsAtRandom) {
  const Network noisy("Noisy",
                      Sketch().input("x", {4}).add("dropout", "drop", {"x"}, {}, Mode::Train).output("y", "drop"));
  const Diagnostics found = plainCpp().check(noisy.input());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(
      found[0].text(),
      "Dropout 'drop' cannot be written as Plain C++17: it is fixed to training and draws at random, and the file "
      "holds the network in evaluation. TorchScript, C++ for LibTorch or PyTorch project can hold it.");
}

TEST(PlainCpp, IsProvedByTheCompilerAndTheEngine) {
  const TemporaryFolder folder;
  const NetworkPtr network = residualCnn();
  plainCpp().write(network->input(), folder.path() / "out");
  FakeEngine engine(network->input());
  const Comparison result = plainCpp().verify(network->input(), folder.path() / "out", engine);
  EXPECT_TRUE(result.equal) << result.text();
  EXPECT_THAT(result.method, HasSubstr("compiled by "));
  FakeEngine wrong(network->input(), 0.01F);
  EXPECT_FALSE(plainCpp().verify(network->input(), folder.path() / "out", wrong).equal);
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path() / "out")) names.insert(entry.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"README.md", "example.cpp", "netwright-files.txt", "residual_cnn.h",
                                          "residual_cnn.weights"}));
}

TEST(PlainCpp, SaysThatTheCodeWasNotRunWithoutACompiler) {
  const TemporaryFolder folder;
  const NetworkPtr network = mlp();
  plainCpp().write(network->input(), folder.path() / "out");
  FakeEngine engine(network->input());
  const Environment path("PATH", "/nonexistent"), compiler("CXX", nullptr);
  const Comparison result = plainCpp().verify(network->input(), folder.path() / "out", engine);
  EXPECT_TRUE(result.equal);
  EXPECT_THAT(result.text(), HasSubstr("The code was not run: no C++ compiler was found (CXX, g++, clang++)."));
}

TEST(PlainCpp, TellsWhatTheCompilerSaysOfDamagedCode) {
  const TemporaryFolder folder;
  const NetworkPtr network = mlp();
  plainCpp().write(network->input(), folder.path() / "out");
  FakeEngine engine(network->input());
  writeFileAtomic(folder.path() / "out/example.cpp", "int main( {}\n");
  try {
    (void)plainCpp().verify(network->input(), folder.path() / "out", engine);
    FAIL() << "it compiled";
  } catch (const Error& e) {
    EXPECT_THAT(e.title, HasSubstr("Compiling "));
    EXPECT_THAT(e.why, HasSubstr("error:"));
  }
  writeFileAtomic(folder.path() / "out/mlp.weights", "NWWEIGHT");
  EXPECT_THROW((void)plainCpp().verify(network->input(), folder.path() / "out", engine), Error);
}

TEST(PlainCpp, WritesTheSameBytesWhateverTheOrderOfMemory) {
  const NetworkPtr first = residualCnn(), other = mlp(), second = residualCnn();
  const auto a = plainCpp().files(first->input()), b = plainCpp().files(second->input());
  ASSERT_EQ(a.size(), 4u);
  for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].content.joined(), b[i].content.joined()) << a[i].path;
}

}  // namespace
}  // namespace netwright::convert::testing
