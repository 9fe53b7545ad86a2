// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/core/convert/networks.h"
#include "tests/support/control_graphs.h"

namespace netwright::convert::testing {
namespace {

// Parses and evaluates; either works or throws Error. Anything else ends the test program.
bool survives(const std::string& bytes) {
  try {
    const onnx::Model model = onnx::parse(bytes, "damaged.onnx");
    (void)onnx::evaluate(model, {{"x", noiseTensor({2, 12}, 1)}, {"image", noiseTensor({2, 1, 12, 12}, 1)}});
    return true;
  } catch (const Error& e) {
    EXPECT_FALSE(e.title.empty() || e.next.empty());
    return false;
  }
}

std::string bytesOf(const Network& network) { return findExporter("onnx")->bytes(network.input()); }

TEST(OnnxReader, ReadsBackWhatWasWritten) {
  const std::string bytes = bytesOf(*residualCnn());
  EXPECT_EQ(onnx::serialise(onnx::parse(bytes, "bytes")).model.joined(), bytes);
}

TEST(OnnxReader, SaysWhatIsWrong) {
  const auto why = [](const std::string& bytes) {
    try {
      (void)onnx::parse(bytes, "m.onnx");
    } catch (const Error& e) {
      return e.title + " " + e.why;
    }
    return std::string("no error");
  };
  EXPECT_EQ(why(""), "m.onnx cannot be read as ONNX. It holds no graph.");
  EXPECT_THAT(why(bytesOf(*mlp()).substr(0, 500)), ::testing::HasSubstr("Its 500 bytes are cut off or damaged"));
  onnx::Model model = onnx::parse(bytesOf(*mlp()), "bytes");
  model.graph.initializers[0].tensor.shape[0] = 9;
  EXPECT_EQ(why(onnx::serialise(model).model.joined()),
            "m.onnx cannot be read as ONNX. Tensor 'fc1.weight' has 384 bytes but its shape and type need 432.");
  model.graph.initializers[0].tensor.shape = {INT64_MAX, 16};
  EXPECT_THAT(why(onnx::serialise(model).model.joined()), ::testing::HasSubstr("impossible shape"));
}

TEST(OnnxReader, SurvivesTruncationAnywhere) {
  const std::string bytes = bytesOf(*mlp());
  for (size_t n = 0; n < bytes.size(); ++n) survives(bytes.substr(0, n));
  EXPECT_TRUE(survives(bytes));
}

TEST(OnnxReader, SurvivesGarbledBytes) {
  uint64_t state = 1;
  const auto next = [&] { return (state = state * 6364136223846793005ull + 1442695040888963407ull) >> 33; };
  const Network control("control", test::controlCases().back().graph);
  for (const std::string& sound : {bytesOf(*mlp()), bytesOf(*residualCnn()), bytesOf(control)})
    for (int round = 0; round < 800; ++round) {
      std::string bytes = sound;
      for (uint64_t k = next() % 3 + 1; k > 0; --k) bytes[next() % bytes.size()] = static_cast<char>(next());
      survives(bytes);
    }
}

TEST(OnnxReader, ReadsTypedListsAsOtherWritersUseThem) {
  // Written by onnx.helper of ONNX 1.23: w = float [1, -2], i = int64 [3, -4], b = uint8 [200].
  const char bytes[] =
      "\x08\x08\x3a\x39\x12\x01\x67\x2a\x11\x08\x02\x10\x01\x22\x08\x00\x00\x80\x3f\x00\x00\x00\xc0\x42\x01"
      "\x77\x2a\x14\x08\x02\x10\x07\x3a\x0b\x03\xfc\xff\xff\xff\xff\xff\xff\xff\xff\x01\x42\x01\x69\x2a\x0b"
      "\x08\x01\x10\x02\x2a\x02\xc8\x01\x42\x01\x62\x42\x04\x0a\x00\x10\x11";
  const onnx::Model model = onnx::parse({bytes, sizeof(bytes) - 1}, "bytes");
  ASSERT_EQ(model.graph.initializers.size(), 3u);
  EXPECT_EQ(model.graph.initializers[0].name, "w");
  EXPECT_EQ(model.graph.initializers[0].tensor.as<float>()[1], -2.0F);
  EXPECT_EQ(model.graph.initializers[1].tensor.as<int64_t>()[1], -4);
  EXPECT_EQ(model.graph.initializers[2].tensor.as<uint8_t>()[0], 200);
}

// In the file itself and beside it: each is read where a node uses it, with the same results.
TEST(OnnxReader, LeavesLargeWeightsInTheirFile) {
  const TemporaryFolder folder;
  const Network network("wide", Sketch()
                                    .input("x", {200})
                                    .add("linear", "fc1", {"x"}, {{"out_features", int64_t{200}}})
                                    .add("linear", "fc2", {"fc1"}, {{"out_features", int64_t{2}}})
                                    .output("y", "fc2"));
  const auto inputs = sampleInputs(network.lowered.program, 3);
  for (const Attributes& options :
       {Attributes{}, Attributes{{"external_data", true}}, Attributes{{"dtype", std::string("float16")}}}) {
    const auto path = folder.path() / "m.onnx";
    findExporter("onnx")->write(network.input(options), path);
    const onnx::Model whole = onnx::read(path), open = onnx::open(path);
    EXPECT_TRUE(whole.graph.stored.empty());
    ASSERT_EQ(open.graph.stored.size(), 1u);
    EXPECT_EQ(open.graph.stored[0].name, "fc1.weight");
    EXPECT_EQ(open.graph.stored[0].load(), whole.graph.initializers[0].tensor);
    EXPECT_EQ(open.graph.stored.size() + open.graph.initializers.size(), whole.graph.initializers.size());
    EXPECT_EQ(onnx::evaluate(open, inputs)[0].tensor, onnx::evaluate(whole, inputs)[0].tensor);
  }
}

}  // namespace
}  // namespace netwright::convert::testing
