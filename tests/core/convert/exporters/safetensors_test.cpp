// SPDX-License-Identifier: Apache-2.0
#include "core/base/safetensors.h"

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/core/convert/networks.h"

namespace netwright::convert::testing {
namespace {

TEST(SafetensorsExport, HoldsEveryStateAndTheOrigin) {
  const NetworkPtr network = residualCnn();
  const SafetensorsFile file = parseSafetensors(findExporter("safetensors")->bytes(network->input()), "bytes");
  ASSERT_EQ(file.tensors.size(), network->weights.size());
  for (const NamedTensor& t : network->weights) EXPECT_EQ(*file.find(t.name), t.tensor) << t.name;
  EXPECT_EQ(file.find("layer1.0.bn1.num_batches_tracked")->dtype, DType::Int64);
  EXPECT_EQ(file.metadata.at("format"), "pt");
  EXPECT_EQ(file.metadata.at("producer"), "Netwright 0.1.0");
}

TEST(SafetensorsExport, VerifiesNumberByNumber) {
  const TemporaryFolder folder;
  const NetworkPtr network = mlp();
  const Exporter& exporter = *findExporter("safetensors");
  exporter.write(network->input(), folder.path() / "w.safetensors");
  FakeEngine engine(network->input());
  EXPECT_TRUE(exporter.verify(network->input(), folder.path() / "w.safetensors", engine).equal);
  network->weights[0].tensor.as<float>()[3] += 1e-7F;
  const Comparison result = exporter.verify(network->input(), folder.path() / "w.safetensors", engine);
  EXPECT_FALSE(result.equal);
  EXPECT_EQ(result.outputs[0].name, "fc1.weight");
}

}  // namespace
}  // namespace netwright::convert::testing
