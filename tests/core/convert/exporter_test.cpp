// SPDX-License-Identifier: Apache-2.0
#include "core/convert/exporter.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/core/convert/networks.h"
#include "tests/support/environment.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;

NetworkPtr fixedDropout() {
  return std::make_unique<Network>("Noisy", Sketch()
                                                .input("x", {4})
                                                .add("dropout", "drop1", {"x"}, {}, Mode::Train)
                                                .add("relu", "relu1", {"drop1"})
                                                .add("dropout", "drop2", {"relu1"}, {}, Mode::Train)
                                                .add("dropout", "harmless", {"drop2"}, {{"p", 0.0}}, Mode::Train)
                                                .output("y", "harmless"));
}

std::string errorOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.title + " " + e.why + " " + e.next;
  }
  return "no error";
}

TEST(Exporters, AreListedWithAllThatTheWindowShows) {
  std::vector<std::string> ids;
  for (const auto& e : registry()) {
    const FormatInfo info = e->info();
    ids.push_back(info.id);
    EXPECT_FALSE(info.title.empty() || info.doc.empty()) << info.id;
    EXPECT_EQ(info.extensions.empty(), info.folder) << info.id;
    EXPECT_NE(info.loadSnippet.find("{file}"), std::string::npos) << info.id;
    EXPECT_EQ(findExporter(info.id), e.get());
  }
  EXPECT_THAT(ids, ::testing::IsSupersetOf({"onnx", "pth", "pytorch", "safetensors", "torchscript"}));
  EXPECT_EQ(findExporter("caffe"), nullptr);
}

TEST(Exporters, AreFoundByExtension) {
  EXPECT_EQ(exporterForPath("a/model.ONNX"), findExporter("onnx"));
  EXPECT_EQ(exporterForPath("model.pt"), findExporter("torchscript"));
  EXPECT_EQ(exporterForPath("model"), nullptr);
}

TEST(Exporters, WriteTheSameBytesForTheSameNetwork) {
  for (const auto& e : registry()) {
    const NetworkPtr first = residualCnn(), second = residualCnn();
    const auto a = e->files(first->input()), b = e->files(second->input());
    ASSERT_EQ(a.size(), b.size()) << e->info().id;
    for (size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].path, b[i].path);
      EXPECT_EQ(a[i].content.joined(), b[i].content.joined()) << a[i].path;
    }
  }
}

TEST(Exporters, RefuseEveryLayerAtOnceAndNameTheFormatThatCan) {
  const NetworkPtr network = fixedDropout();
  const Diagnostics found = findExporter("onnx")->check(network->input());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(
      found[0].text(),
      "Dropout 'drop1' cannot be written as ONNX: it is fixed to training and draws at random, and the file holds the "
      "network in evaluation. TorchScript, C++ for LibTorch or PyTorch project can hold it.");
  EXPECT_EQ(found[1].node, NodePath{network->graph.findByName("drop2")->id});
  EXPECT_TRUE(findExporter("torchscript")->check(network->input()).empty());
  EXPECT_TRUE(findExporter("safetensors")->check(network->input()).empty());
}

// A network that writes to its weights while it computes: PyTorch's own module does that.
TEST(Exporters, RefuseVectorsThatAreShortenedInPlaceButNotAsAPyTorchProject) {
  const Network network(
      "Words", Sketch().indices("x", {5}).add("embedding", "words", {"x"}, {{"max_norm", 1.0}}).output("y", "words"));
  for (const auto& [format, reason] : {std::pair("torchscript", "it shortens its vectors while it computes"),
                                       {"libtorch", "it shortens its vectors while it computes"},
                                       {"onnx", "its operation embedding_renorm_ has no counterpart there"},
                                       {"cpp", "its operation embedding_renorm_ cannot be written yet"}}) {
    const Diagnostics found = findExporter(format)->check(network.input());
    ASSERT_EQ(found.size(), 1u) << format;
    EXPECT_EQ(found[0].text(),
              fmt::format("Embedding 'words' cannot be written as {}: {}. PyTorch project can hold it.",
                          findExporter(format)->info().title, reason));
  }
  for (const char* format : {"pytorch", "safetensors", "pth"})
    EXPECT_TRUE(findExporter(format)->check(network.input()).empty()) << format;
}

// In evaluation too, where the node is fixed to training.
TEST(Exporters, RefuseSingularVectorsThatNeverRest) {
  const auto critic = [](Mode mode) {
    return Network("Critic", Sketch()
                                 .input("x", {4})
                                 .add("linear", "fc", {"x"}, {{"parametrization", std::string("spectral_norm")}}, mode)
                                 .output("y", "fc"));
  };
  EXPECT_THAT(findExporter("onnx")->check(critic(Mode::Train).input()).at(0).text(),
              ::testing::EndsWith("its operation copy_ has no counterpart there. TorchScript, C++ for LibTorch or "
                                  "PyTorch project can hold it."));
  EXPECT_TRUE(findExporter("onnx")->check(critic(Mode::Follow).input()).empty());
  EXPECT_TRUE(findExporter("torchscript")->check(critic(Mode::Train).input()).empty());
}

TEST(Exporters, WriteNothingAfterARefusal) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "noisy.onnx";
  const NetworkPtr network = fixedDropout();
  EXPECT_THAT(errorOf([&] { findExporter("onnx")->write(network->input(), path); }),
              ::testing::AllOf(::testing::HasSubstr("noisy.onnx was not written."), ::testing::HasSubstr("'drop1'"),
                               ::testing::HasSubstr("'drop2'")));
  EXPECT_FALSE(fs::exists(path));
}

TEST(Exporters, NameAWeightThatIsMissingOrOfAnotherSize) {
  const NetworkPtr network = mlp();
  network->weights[0].tensor = HostTensor(DType::Float32, {2, 3});
  for (const auto& e : registry())
    EXPECT_EQ(errorOf([&] { (void)e->files(network->input()); }),
              "'MLP' cannot be exported. The weight 'fc1.weight' is float32 (2, 3) but the network has float32 (8, "
              "12). Use the "
              "weights of a run of this network as it is now.");
  network->weights.erase(network->weights.begin());
  for (const auto& e : registry())
    EXPECT_EQ(errorOf([&] { (void)e->files(network->input()); }),
              "'MLP' cannot be exported. The weights have no 'fc1.weight' (8, 12). Use the weights of a run of this "
              "network, or "
              "start one.");
}

TEST(Exporters, VerifyWhatTheyWrote) {
  const TemporaryFolder folder;
  const NetworkPtr network = residualCnn();
  for (const auto& e : registry()) {
    const fs::path path = folder.path() / outputName("model", *e);
    e->write(network->input(), path);
    FakeEngine engine(network->input());
    const Comparison result = e->verify(network->input(), path, engine);
    EXPECT_TRUE(result.equal) << result.text();
  }
}

TEST(Exporters, WeightsThatAreNotFiniteAreAWarning) {
  const TemporaryFolder folder;
  const NetworkPtr network = mlp();
  network->weights[0].tensor.as<float>()[3] = NAN;
  for (const auto& e : registry()) {
    const Diagnostics found = e->check(network->input());
    ASSERT_EQ(found.size(), 1u) << e->info().id;
    EXPECT_EQ(found[0].severity, Severity::Warning);
    EXPECT_EQ(
        found[0].text(),
        "The weight fc1.weight is not finite: 1 of its 96 values are not a number. The file will hold them as they "
        "are.");
  }
  findExporter("onnx")->write(network->input(), folder.path() / "m.onnx");
  EXPECT_TRUE(fs::exists(folder.path() / "m.onnx"));
}

TEST(Exporters, OptionsAreChecked) {
  const TemporaryFolder folder;
  const NetworkPtr network = mlp();
  const Exporter& onnx = *findExporter("onnx");
  const auto said = [&](const Attributes& options) {
    return errorOf([&] { onnx.write(network->input(options), folder.path() / "m.onnx"); });
  };
  EXPECT_THAT(said({{"opset", int64_t{16}}}), ::testing::HasSubstr("opset of ONNX must be at least 17 but is 16."));
  EXPECT_THAT(said({{"dtype", std::string("int4")}}), ::testing::HasSubstr("must be one of float32, float16"));
  EXPECT_THAT(said({{"colour", true}}), ::testing::HasSubstr("ONNX has no option 'colour'."));
  EXPECT_FALSE(fs::exists(folder.path() / "m.onnx"));
}

TEST(Exporters, EachOptionIsProven) {
  const TemporaryFolder folder;
  const NetworkPtr network = residualCnn();
  FakeEngine engine(network->input());
  const Exporter& onnx = *findExporter("onnx");
  for (const Attributes& options :
       {Attributes{{"opset", int64_t{22}}}, Attributes{{"batch", int64_t{3}}},
        Attributes{{"dtype", std::string("float16")}}, Attributes{{"external_data", true}}}) {
    const fs::path path = folder.path() / "m.onnx";
    onnx.write(network->input(options), path);
    const Comparison proof = onnx.verify(network->input(options), path, engine);
    EXPECT_TRUE(proof.equal) << proof.text();
    EXPECT_THAT(proof.text(), ::testing::HasSubstr("ONNX Runtime was not found"));
    EXPECT_EQ(proof.batches, options.contains("batch") ? std::vector<int64_t>{3} : (std::vector<int64_t>{1, 7}));
  }
}

// As if the engine had other weights in its last layer.
TEST(Exporters, TheFirstLayerThatDiffersIsNamed) {
  const TemporaryFolder folder;
  const NetworkPtr network = mlp(), other = mlp();
  const Exporter& onnx = *findExporter("onnx");
  for (NamedTensor& t : other->weights)
    if (t.name == "fc2.weight") t.tensor.as<float>()[0] += 0.5F;
  FakeEngine engine(other->input());
  for (const Attributes& options : {Attributes{}, Attributes{{"dtype", std::string("float16")}}}) {
    onnx.write(network->input(options), folder.path() / "m.onnx");
    const Comparison proof = onnx.verify(network->input(options), folder.path() / "m.onnx", engine);
    EXPECT_FALSE(proof.equal);
    EXPECT_EQ(proof.firstDifference, "Linear 'fc2'");
    EXPECT_THAT(proof.text(), ::testing::HasSubstr("The first layer that differs is Linear 'fc2'."));
  }
}

// Wherever the code is wrong: an exporter that writes something else into its files.
TEST(Exporters, TheFirstLayerThatDiffersIsNamedInCode) {
  const TemporaryFolder folder;
  const NetworkPtr network = mlp();
  FakeEngine engine(network->input());
  const Damaged half(*findExporter("cpp"), "(kernels::relu\\(.*), 8 \\* N\\)", "$1, 4 * N)");
  half.write(network->input(), folder.path() / "m");
  EXPECT_EQ(half.verify(network->input(), folder.path() / "m", engine).firstDifference, "ReLU 'relu1'");
  const Damaged only(*findExporter("cpp"), "    outputs_\\.assign", "    b1[0] += 1;\n    outputs_.assign");
  only.write(network->input(), folder.path() / "m");
  const Comparison proof = only.verify(network->input(), folder.path() / "m", engine);
  EXPECT_EQ(proof.firstDifference, "") << "it is where there is one output only";
  EXPECT_THAT(proof.text(), ::testing::HasSubstr("it agrees: no layer is named."));
}

TEST(Exporters, AWeightThatDiffersNamesItsLayer) {
  const TemporaryFolder folder;
  const NetworkPtr network = mlp(), other = mlp();
  other->weights.back().tensor.as<float>()[0] += 0.5F;
  FakeEngine engine(network->input());
  for (const char* id : {"cpp", "libtorch", "pth", "pytorch", "safetensors"}) {
    const Exporter& format = *findExporter(id);
    const fs::path path = folder.path() / outputName("m", format);
    format.write(other->input(), path);
    const Comparison proof = format.verify(network->input(), path, engine);
    EXPECT_EQ(proof.firstDifference, "Linear 'fc2'") << id << ": " << proof.text();
    EXPECT_THAT(proof.text(), ::testing::HasSubstr("' is not as it was written.")) << id;
  }
}

TEST(Exporters, AFileThatSomethingChangedIsNamed) {
  const TemporaryFolder folder;
  const NetworkPtr network = mlp();
  const Exporter& cpp = *findExporter("cpp");
  FakeEngine engine(network->input());
  cpp.write(network->input(), folder.path() / "m");
  std::string header = readFile(folder.path() / "m/mlp.h");
  header.insert(header.find("    outputs_.assign"), "    b1[0] += 1;\n");
  writeFileAtomic(folder.path() / "m/mlp.h", header);
  const Comparison proof = cpp.verify(network->input(), folder.path() / "m", engine);
  EXPECT_EQ(proof.firstDifference, "");
  EXPECT_THAT(proof.text(), ::testing::HasSubstr("The file 'mlp.h' is not as it was written."));
}

// A Python or a compiler that never ends, stopped once it says that it runs.
TEST(Exporters, AStoppedProofEndsItsProgramsAndLeavesNothing) {
  const TemporaryFolder folder, temporary;
  const fs::path begun = folder.path() / "begun";
  ASSERT_EQ(::mkfifo(begun.c_str(), 0600), 0);
  const fs::path endless = scriptAt(folder.path() / "endless", "printf x > '" + begun.string() + "'\nsleep 600\n");
  const test::Environment place("TMPDIR", temporary.path().c_str()), compiler("CXX", endless.c_str()),
      python("NETWRIGHT_PYTHON", endless.c_str()), libtorch("NETWRIGHT_LIBTORCH", nullptr);
  const NetworkPtr network = mlp();
  FakeEngine engine(network->input());
  for (const char* id : {"cpp", "libtorch", "pytorch"}) {
    const fs::path path = folder.path() / id;
    findExporter(id)->write(network->input(), path);
    std::stop_source stop;
    const std::jthread asking([&] {
      std::ifstream(begun).get();
      stop.request_stop();
    });
    EXPECT_THAT(errorOf([&] { (void)findExporter(id)->verify(network->input(), path, engine, stop.get_token()); }),
                ::testing::HasSubstr(" was cancelled."))
        << id;
    EXPECT_TRUE(fs::is_empty(temporary.path())) << id;
  }
}

TEST(Exporters, FindAWrongNumber) {
  const TemporaryFolder folder;
  const NetworkPtr network = mlp();
  const Exporter& onnx = *findExporter("onnx");
  onnx.write(network->input(), folder.path() / "m.onnx");
  FakeEngine engine(network->input(), 0.01F);
  const Comparison result = onnx.verify(network->input(), folder.path() / "m.onnx", engine);
  EXPECT_FALSE(result.equal);
  EXPECT_EQ(result.batches, (std::vector<int64_t>{1, 7}));
  ASSERT_EQ(result.outputs.size(), 1u);
  EXPECT_NEAR(result.outputs[0].maxAbs, 0.01, 1e-6);
  EXPECT_THAT(result.text(), ::testing::StartsWith("Different: 'scores' is off by "));
}

TEST(Exporters, DoNotCompareWhatIsRandom) {
  const NetworkPtr network = fixedDropout();
  const TemporaryFolder folder;
  const Exporter& torchscript = *findExporter("torchscript");
  torchscript.write(network->input(), folder.path() / "m.pt");
  class NoEngine final : public Evaluator {
    std::vector<NamedTensor> evaluate(const std::vector<NamedTensor>&) override { return {}; }
    std::vector<NamedTensor> evaluateTorchScript(const fs::path&, const std::vector<NamedTensor>&) override {
      return {};
    }
  } engine;
  EXPECT_EQ(
      torchscript.verify(network->input(), folder.path() / "m.pt", engine).text(),
      "Not compared: Dropout 'drop1' is fixed to training and draws at random, so two evaluations always differ.");
}

}  // namespace
}  // namespace netwright::convert::testing
