// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/safetensors.h"
#include "core/convert/importer.h"
#include "tests/core/convert/networks.h"
#include "tests/support/environment.h"
#include "tests/support/message_of.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const Exporter& format() { return *findExporter("pytorch"); }

std::string fileOf(const ExportInput& input, const std::string& path) {
  for (const OutputFile& file : format().files(input))
    if (file.path == path) return file.content.joined();
  return "";
}

// Stands for Python while it is there: a shell script.
class FakePython {
 public:
  FakePython(const fs::path& folder, const std::string& script)
      : path_(scriptAt(folder / "python", script)), set_("NETWRIGHT_PYTHON", path_.c_str()) {}

 private:
  fs::path path_;
  test::Environment set_;
};

Comparison verified(const Network& network, const fs::path& folder) {
  FakeEngine engine(network.input());
  return format().verify(network.input(), folder, engine);
}

TEST(PyTorchProject, HoldsCodeWeightsAndWhatTheyNeed) {
  const NetworkPtr network = mlp();
  ExportInput input = network->input();
  std::vector<std::string> paths;
  for (const OutputFile& file : format().files(input)) paths.push_back(file.path);
  EXPECT_THAT(paths, ElementsAre("model.py", "weights.pth", "weights.safetensors", "requirements.txt", "README.md"));
  EXPECT_THAT(readFile(fs::path(NETWRIGHT_SOURCE_DIR) / "versions.env"),
              HasSubstr("LIBTORCH_PIP=" + fileOf(input, "requirements.txt")));
  EXPECT_THAT(fileOf(input, "README.md"), Not(HasSubstr("train.py")));
  input.training = {"print()\n", "", {"numpy"}};
  EXPECT_EQ(fileOf(input, "train.py"), "print()\n");
  EXPECT_THAT(fileOf(input, "requirements.txt"), HasSubstr("\nnumpy=="));
  EXPECT_THAT(fileOf(input, "README.md"), HasSubstr("\npython train.py\n```"));
}

TEST(PyTorchProject, WeightsHaveTheNamesOfTheCode) {
  const Network network(
      "Net *",
      Sketch().input("x", {6}).add("linear", "train", {"x"}, {{"out_features", int64_t{2}}}).output("y", "train"));
  const TemporaryFolder folder;
  format().write(network.input(), folder.path() / "p");
  const auto pth = readWeights(folder.path() / "p" / "weights.pth");
  ASSERT_EQ(pth.size(), 2u);
  EXPECT_EQ(pth[0].name, "train_.weight");
  EXPECT_EQ(pth[0].tensor, network.weights[0].tensor);
  EXPECT_NE(readSafetensors(folder.path() / "p" / "weights.safetensors").find("train_.bias"), nullptr);
  EXPECT_THAT(readFile(folder.path() / "p" / "README.md"),
              ::testing::AllOf(HasSubstr("# Net \\*\n"), HasSubstr("- train.weight is train\\_.weight\n")));
}

TEST(PyTorchProject, ComparesTheWeightsOfBothFilesWherePythonHasNoPyTorch) {
  const TemporaryFolder folder;
  const FakePython python(folder.path(), "exit 77\n");
  const NetworkPtr network = mlp();
  format().write(network->input(), folder.path() / "p");
  const Comparison same = verified(*network, folder.path() / "p");
  EXPECT_TRUE(same.equal);
  EXPECT_THAT(same.text(), HasSubstr("model.py was not run, because no Python with PyTorch was found ("));
  network->weights[1].tensor.as<float>()[0] += 1e-7F;
  writeFileAtomic(folder.path() / "p" / "weights.safetensors",
                  findExporter("safetensors")->files(network->input()).front().content);
  network->weights[1].tensor.as<float>()[0] -= 1e-7F;
  EXPECT_FALSE(verified(*network, folder.path() / "p").equal);
}

TEST(PyTorchProject, TellsWhatPythonSaysOfCodeThatDoesNotRun) {
  const TemporaryFolder folder;
  const FakePython python(folder.path(), "echo Traceback >&2; echo 'NameError: x' >&2; exit 1\n");
  const NetworkPtr network = mlp();
  format().write(network->input(), folder.path() / "p");
  EXPECT_THAT(test::messageOf([&] { (void)verified(*network, folder.path() / "p"); }),
              HasSubstr("model.py was written, but PyTorch does not run it. NameError: x"));
}

TEST(PyTorchProject, LeavesNothingBesideItsFiles) {
  const TemporaryFolder folder;
  const FakePython python(folder.path(), "exit 77\n");
  const NetworkPtr network = mlp();
  format().write(network->input(), folder.path() / "p");
  (void)verified(*network, folder.path() / "p");
  format().write(network->input(), folder.path() / "p");  // nothing of the proof is in its way
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 2);
}

}  // namespace
}  // namespace netwright::convert::testing
