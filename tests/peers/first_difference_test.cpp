// SPDX-License-Identifier: Apache-2.0
// Proofs that fail, with the real engine and the real readers: the first layer that differs is named. And the proof of
// an exported C++ class by the machine's compiler and LibTorch.
#include <gmock/gmock.h>

#include <cstdlib>

#include "core/engine/torchscript.h"
#include "tests/peers/exported_code.h"
#include "tests/support/environment.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Engine final : public Evaluator {
 public:
  explicit Engine(const Network& n) : program_(n.lowered.program), network_(program_, {"cpu", DType::Float32, false}) {
    network_.setWeights(n.weights);
  }
  std::vector<NamedTensor> evaluate(const std::vector<NamedTensor>& inputs) override {
    std::vector<NamedTensor> named;
    for (HostTensor& t : network_.predict(feeds(inputs)))
      named.push_back({program_.outputs[named.size()].name, std::move(t)});
    return named;
  }
  std::vector<NamedTensor> evaluateTorchScript(const fs::path& path, const std::vector<NamedTensor>& inputs) override {
    return engine::runTorchScript(path, inputs);
  }
  std::vector<NamedTensor> values(const std::vector<NamedTensor>& inputs) override {
    return network_.values(feeds(inputs));
  }

 private:
  engine::Feeds feeds(const std::vector<NamedTensor>& inputs) const {
    engine::Feeds list;
    for (const program::Port& p : program_.inputs)
      for (const NamedTensor& t : inputs)
        if (t.name == p.name) list.push_back(&t.tensor);
    return list;
  }
  const program::Program& program_;
  engine::Network network_;
};

// A layer of several ops and several outputs, and one behind it.
NetworkPtr sequence() {
  return std::make_unique<Network>("Sequence",
                                   Sketch()
                                       .input("x", {5, 8})
                                       .add("multihead_attention", "attention", {"x"}, {{"num_heads", int64_t{2}}})
                                       .add("lstm", "lstm", {"attention"}, {{"hidden_size", int64_t{6}}})
                                       .add("linear", "fc", {"lstm:h_n"}, {{"out_features", int64_t{3}}})
                                       .output("scores", "fc")
                                       .output("states", "lstm"));
}

Comparison proofOf(const Exporter& format, const Network& written, const Network& computed) {
  const test::TempFolder folder;
  const fs::path path = folder.path() / outputName("m", format);
  format.write(written.input(), path);
  Engine engine(computed);
  return format.verify(written.input(), path, engine);
}

TEST(FirstDifference, IsTheLayerWithOtherWeights) {
  for (const auto& [weight, layer] : {std::pair{"attention.in_proj_weight", "MultiheadAttention 'attention'"},
                                      {"lstm.weight_hh_l0", "LSTM 'lstm'"},
                                      {"fc.bias", "Linear 'fc'"}}) {
    const NetworkPtr network = sequence(), other = sequence();
    for (NamedTensor& t : other->weights)
      if (t.name == weight)
        for (float& v : t.tensor.as<float>()) v += 0.5F;
    for (const char* id : {"torchscript", "onnx"}) {
      EXPECT_EQ(proofOf(*findExporter(id), *network, *other).firstDifference, layer) << id;
      EXPECT_TRUE(proofOf(*findExporter(id), *other, *other).equal) << id;
    }
  }
}

TEST(FirstDifference, IsTheLayerWithWrongCode) {
  ASSERT_FALSE(test::peerPython().empty()) << "No Python with PyTorch was found. Set NW_PEER_PY.";
  const test::Environment python("NETWRIGHT_PYTHON", test::peerPython().c_str());
  const NetworkPtr network = residualCnn();
  for (const auto& [pattern, by, layer] :
       {std::tuple{"padding=1\\)\n", "padding=1, padding_mode=\"circular\")\n", "Conv2d 'stem'"},
        {"self\\.pool\\(", "-self.pool(", "MaxPool2d 'pool'"}}) {
    const Comparison proof = proofOf(Damaged(*findExporter("pytorch"), pattern, by), *network, *network);
    EXPECT_FALSE(proof.equal) << proof.text();
    EXPECT_EQ(proof.firstDifference, layer) << proof.text();
  }
}

TEST(LibTorchProof, CompilesAndRunsTheClass) {
  const test::Environment found("NETWRIGHT_LIBTORCH", fs::path(NETWRIGHT_TORCH_INCLUDE).parent_path().c_str());
  const NetworkPtr network = residualCnn();
  const Comparison proof = proofOf(*findExporter("libtorch"), *network, *network);
  EXPECT_TRUE(proof.equal) << proof.text();
  EXPECT_EQ(proof.batches, (std::vector<int64_t>{1, 7}));
  EXPECT_THAT(proof.text(), HasSubstr("the engine against the code, compiled by "));
  EXPECT_THAT(proof.text(), HasSubstr(" and run with the LibTorch in "));
  if (!std::getenv("NW_FAULTS")) return;  // in ./test --long: two more compilations of LibTorch's headers
  const Comparison wrong =
      proofOf(Damaged(*findExporter("libtorch"), "torch::relu\\(", "torch::abs("), *network, *network);
  EXPECT_FALSE(wrong.equal);
  EXPECT_EQ(wrong.firstDifference, "ReLU 'layer1.0.relu'") << wrong.text();
}

}  // namespace
}  // namespace netwright::convert::testing
