// SPDX-License-Identifier: Apache-2.0
// Exported C++ beside the engine: every template, every layer and many settings, compiled by the real compiler into few
// programs.
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <set>

#include "core/convert/cpp/example.h"
#include "core/convert/cpp/model_printer.h"
#include "core/convert/cpp/weights_file.h"
#include "core/convert/model_part.h"
#include "core/project/prepare.h"
#include "tests/core/convert/sample_networks.h"
#include "tests/peers/exported_code.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kBatches[]{7, 1, 7};  // larger, smaller and larger again: buffers are used again

// Networks in one program that reads inputs from files and writes outputs into files.
class PlainProgram {
 public:
  explicit PlainProgram(const fs::path& folder) : folder_(folder) {}

  void add(const Network& n) {
    const cpp::Face face = cpp::faceOf(n.input());
    ASSERT_TRUE(names_.insert(face.stem).second) << "two networks are called " << n.name;
    for (const OutputFile& file : findExporter("cpp")->files(n.input()))
      writeFileAtomic(folder_ / file.path, file.content);
    includes_ += fmt::format("#include \"{}.h\"\n", face.stem);
    calls_ += fmt::format("void run_{0}() {{\n  {0}::Model first(\"{0}.weights\"), model = first;\n", face.stem);
    for (size_t turn = 0; turn < std::size(kBatches); ++turn) {
      const auto inputs = sampleInputs(n.lowered.program, kBatches[turn]);
      std::string arguments;
      for (size_t i = 0; i < inputs.size(); ++i) {
        const std::string file = fmt::format("{}.{}.in{}", face.stem, turn, i);
        writeFileAtomic(folder_ / file, raw(inputs[i].tensor));
        arguments += fmt::format("{}load<{}>(\"{}\")", i ? ", " : "", face.inputs[i].element, file);
      }
      // Vectors must live as long as the call: the arguments of one full expression do.
      const std::string call = inputs.size() == 1 ? fmt::format("model({}, {})", arguments, kBatches[turn])
                                                  : fmt::format("model({{{}}}, {})", arguments, kBatches[turn]);
      calls_ += fmt::format("  {{\n    const auto& y = {};\n", call);
      for (size_t i = 0; i < face.outputs.size(); ++i)
        calls_ += fmt::format("    save(\"{}.{}.out{}\", y{});\n", face.stem, turn, i,
                              face.outputs.size() == 1 ? "" : "." + face.outputs[i].name);
      calls_ += "  }\n";
    }
    calls_ += "}\n";
    networks_.push_back({&n, face.stem});
  }

  void compileAndRun(const std::string& flags) {
    std::string text = includes_ +
                       "#include <fstream>\n#include <iterator>\n"
                       "template <class T> std::vector<T> load(const char* path) {\n"
                       "  std::ifstream in(path, std::ios::binary);\n"
                       "  const std::string s((std::istreambuf_iterator<char>(in)), {});\n"
                       "  std::vector<T> v(s.size() / sizeof(T));\n  std::memcpy(v.data(), s.data(), s.size());\n"
                       "  return v;\n}\n"
                       "template <class T> void save(const char* path, const std::vector<T>& v) {\n"
                       "  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(v.data()), "
                       "static_cast<std::streamsize>(v.size() * sizeof(T)));\n}\n" +
                       calls_ + "int main() {\n";
    for (const std::string& name : names_) text += fmt::format("  run_{}();\n", name);
    writeFileAtomic(folder_ / "program.cpp", text + "}\n");
    const test::Outcome built = test::runShell(fmt::format(
        "cd '{}' && g++ -std=c++17 -Wall -Wextra -Wshadow -Wpedantic -Werror {} program.cpp -o program && ./program",
        folder_.string(), flags));
    ASSERT_EQ(built.status, 0) << built.out << built.err.substr(0, 4000);
    for (const auto& [network, name] : networks_) compareOutputs(*network, name);
  }
  double worst = 0;  // relative difference to the engine

 private:
  void compareOutputs(const Network& n, const std::string& name) {
    for (size_t turn = 0; turn < std::size(kBatches); ++turn) {
      const auto reference = expected(n, sampleInputs(n.lowered.program, kBatches[turn]));
      for (size_t i = 0; i < reference.size(); ++i) {
        const std::string what = fmt::format("{}, output {}, batch {}", n.name, i, kBatches[turn]);
        worst = std::max(worst, compareFile(what, reference[i], folder_ / fmt::format("{}.{}.out{}", name, turn, i)));
      }
    }
  }

  fs::path folder_;
  std::string includes_, calls_;
  std::set<std::string> names_;
  std::vector<std::pair<const Network*, std::string>> networks_;
};

TEST(PlainCpp, LayersComputeWhatTheEngineComputes) {
  const test::TempFolder folder;
  std::vector<NetworkPtr> networks = sampleNetworks();
  std::erase_if(networks, [](const NetworkPtr& n) { return refuses(*findExporter("cpp"), *n); });
  networks.push_back(hostileNames());
  networks.push_back(sharedWeights());
  networks.push_back(mlp());  // weights that are not numbers stay so
  networks.back()->name = "broken";
  networks.back()->weights[0].tensor.as<float>()[5] = std::nanf("");
  networks.back()->weights[3].tensor.as<float>()[1] = -std::numeric_limits<float>::infinity();
  PlainProgram program(folder.path());
  for (const NetworkPtr& n : networks) program.add(*n);
  program.compileAndRun("-O0 -fsanitize=undefined -fno-sanitize-recover");
  RecordProperty("worst", std::to_string(program.worst));
  std::printf("%zu networks, largest relative difference %.2g\n", networks.size(), program.worst);
}

// Weights of a network that takes long to compile and to run in this way, and has no op that the others lack.
constexpr int64_t kLarge = 1'000'000;

// Templates that plain C++ cannot hold yet, and an op that it lacks.
const std::map<std::string, std::string> kLacks{
    {"adding-tcn", "permute"},      {"gpt-small", "permute"},           {"seq2seq-attention", "gru.input"},
    {"spoken-digits-cnn", "log1p"}, {"words-gru", "gru.input"},         {"words-transformer", "eq.Scalar"},
    {"vae", "mul.Scalar"},          {"siamese", "pairwise_distance"},   {"gan", "randn_like"},
    {"early-exit", "slice.Tensor"}, {"recursive-decoder", "gru.input"}, {"dynamic-depth", "abs"},
    {"mixture-of-experts", "map"}};

bool lacks(const Network& network, const std::string& op) {
  const Diagnostics found = findExporter("cpp")->check(network.input());
  return std::any_of(found.begin(), found.end(), [&](const Diagnostic& d) {
    return d.args.at("reason") == fmt::format("its operation {} cannot be written yet", op) ||
           (op == "map" && d.args.at("reason").starts_with("which of its blocks run"));
  });
}

TEST(PlainCpp, TemplatesComputeWhatTheEngineComputes) {
  const test::TempFolder folder;
  std::vector<NetworkPtr> networks;
  for (const project::Template& t : project::templates()) {
    auto network = std::make_unique<Network>(t.id, t.project().graph);
    if (const auto lack = kLacks.find(t.id); lack != kLacks.end())
      EXPECT_TRUE(lacks(*network, lack->second)) << t.id << " can be written by now";
    else if (network->lowered.program.parameterCount() < kLarge) {
      const Diagnostics found = findExporter("cpp")->check(network->input());
      EXPECT_FALSE(hasErrors(found)) << t.id << ": " << found.front().text();
      if (!hasErrors(found)) networks.push_back(std::move(network));
    }
  }
  PlainProgram program(folder.path());
  for (const NetworkPtr& n : networks) program.add(*n);
  program.compileAndRun("-O3");
  std::printf("%zu templates, largest relative difference %.2g\n", networks.size(), program.worst);
}

}  // namespace
}  // namespace netwright::convert::testing
