// SPDX-License-Identifier: Apache-2.0
// Exported classes for LibTorch, compiled into one program: numbers of the engine, keys of state_dict, training. One
// translation unit, because LibTorch's headers take a quarter of a minute.
#include <fmt/format.h>

#include <sstream>

#include "core/base/text.h"
#include "core/convert/cpp/example.h"
#include "core/convert/model_part.h"
#include "tests/core/convert/sample_networks.h"
#include "tests/peers/exported_code.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kBatches[]{1, 7};

// Every kind of module of torch::nn, calls of ATen, and what names and modes can do.
std::vector<NetworkPtr> networks() {
  std::vector<NetworkPtr> list;
  list.push_back(mlp());
  list.push_back(residualCnn());
  addSequences(list);
  std::vector<NetworkPtr> graphs;
  addGraphs(graphs);
  list.push_back(std::move(graphs[2]));  // several inputs and outputs
  list.push_back(std::move(graphs[3]));  // strange names
  list.push_back(hostileNames());
  list.push_back(sharedWeights());
  const auto chain = [](const std::string& name, const List& shape,
                        const std::vector<std::tuple<std::string, Attributes, Mode>>& layers) {
    Sketch sketch;
    sketch.input("x", shape);
    std::string last = "x";
    for (const auto& [kind, params, mode] : layers) {
      const std::string next = fmt::format("{}.{}", last == "x" ? "layers" : last.substr(0, last.rfind('.')),
                                           last == "x" ? 0 : std::stoi(last.substr(last.rfind('.') + 1)) + 1);
      sketch.add(kind, next, {last}, params, mode);
      last = next;
    }
    return std::make_unique<Network>(name, sketch.output("y", last));
  };
  const int64_t four = 4, two = 2;
  const std::string tanh = "tanh";
  list.push_back(chain("moments", {4, 6},
                       {{"normalization", {}, Mode::Follow}, {"batch_norm1d", {{"momentum", None{}}}, Mode::Follow}}));
  list.push_back(chain("images", {4, 9, 8},
                       {{"conv2d",
                         {{"out_channels", int64_t{6}},
                          {"groups", two},
                          {"kernel_size", List{3, 2}},
                          {"padding", List{1, 0}},
                          {"stride", List{2, 1}},
                          {"dilation", List{1, 2}},
                          {"bias", false}},
                         Mode::Follow},
                        {"batch_norm2d", {{"eps", 0.01}, {"momentum", 0.2}}, Mode::Follow},
                        {"silu", {}, Mode::Follow},
                        {"batch_norm2d", {{"affine", false}}, Mode::Follow},
                        {"batch_norm2d", {{"track_running_stats", false}}, Mode::Follow},
                        {"batch_norm2d", {}, Mode::Eval},
                        {"conv_transpose2d",
                         {{"out_channels", four}, {"stride", List{2, 2}}, {"output_padding", List{1, 0}}},
                         Mode::Follow},
                        {"avg_pool2d", {{"kernel_size", List{2, 2}}}, Mode::Follow},
                        {"max_pool2d", {{"kernel_size", List{2, 2}}, {"ceil_mode", true}}, Mode::Follow},
                        {"adaptive_avg_pool2d", {{"output_size", List{2, 1}}}, Mode::Follow},
                        {"leaky_relu", {{"negative_slope", 0.3}}, Mode::Follow},
                        {"flatten", {}, Mode::Follow},
                        {"batch_norm1d", {}, Mode::Follow},
                        {"layer_norm", {{"bias", false}}, Mode::Follow},
                        {"linear", {{"out_features", four}, {"bias", false}}, Mode::Follow}}));
  list.push_back(chain("rows", {4, 9},
                       {{"conv1d", {{"out_channels", four}, {"padding", int64_t{1}}}, Mode::Follow},
                        {"gelu", {{"approximate", tanh}}, Mode::Follow},
                        {"transpose", {}, Mode::Follow},
                        {"layer_norm", {}, Mode::Follow},
                        {"reshape", {{"shape", List{3, -1, 4}}}, Mode::Follow},
                        {"mean_pool", {}, Mode::Follow},
                        {"positional_encoding", {}, Mode::Follow},
                        {"sigmoid", {}, Mode::Follow},
                        {"dropout", {}, Mode::Follow},
                        {"softmax", {{"dim", int64_t{-1}}}, Mode::Follow}}));
  return list;
}

class LibTorchProgram {
 public:
  explicit LibTorchProgram(const fs::path& folder) : folder_(folder) {}

  void add(const Network& n) {
    const cpp::Face face = cpp::faceOf(n.input());
    const fs::path own = folder_ / face.stem;
    findExporter("libtorch")->write(n.input(), own);
    includes_ += fmt::format("#include \"{0}/{0}.cpp\"\n", face.stem);
    std::string types;
    for (const cpp::Face::Port& p : face.inputs) types += p.element == "float" ? "f" : "i";
    std::vector<std::string> outputs, inputs, sizes;
    for (const cpp::Face::Port& p : face.outputs)
      outputs.push_back("y" + (face.outputs.size() == 1 ? "" : "." + p.name));
    for (size_t i = 0; i < face.inputs.size(); ++i) {
      std::vector<std::string> dims;
      for (const program::Dim& d : n.lowered.program.tensorType(modelPart(n.lowered.program).inputs[i]->value).shape)
        dims.push_back(d.text());
      inputs.push_back(fmt::format("load(\"{}/\" + turn + \".in{}\", {{{}}}, {})", face.stem, i, joined(dims, ", "),
                                   p(face, i) ? "torch::kInt64" : "torch::kFloat32"));
    }
    calls_ += fmt::format(R"(  {{
    {0}::Model model;
    model->load_weights("{0}/weights.safetensors");
    const auto outputs = [&](long N) {{
      const std::string turn = std::to_string(N);
      const auto y = model->forward({1});
      return std::vector<torch::Tensor>{{{2}}};
    }};
    check(*model, "{0}", outputs);
  }}
)",
                          face.stem, joined(inputs, ", "), joined(outputs, ", "));
    for (const int64_t batch : kBatches) {
      const auto samples = sampleInputs(n.lowered.program, batch);
      for (size_t i = 0; i < samples.size(); ++i)
        writeFileAtomic(own / fmt::format("{}.in{}", batch, i), raw(samples[i].tensor));
    }
    networks_.push_back({&n, face.stem});
  }

  // What the program does with each model is below; see kMain.
  void compileAndRun();

 private:
  static bool p(const cpp::Face& face, size_t i) { return face.inputs[i].element != "float"; }
  void compare(const Network& n, const fs::path& own);

  fs::path folder_;
  std::string includes_, calls_;
  std::vector<std::pair<const Network*, std::string>> networks_;
};

// Writes outputs of evaluation, the keys of parameters and buffers, and says what training lacks.
constexpr const char* kMain = R"(
torch::Tensor load(const std::string& path, const std::vector<std::int64_t>& sizes, torch::Dtype type) {
  std::ifstream in(path, std::ios::binary);
  torch::Tensor t = torch::empty(sizes, type);
  in.read(static_cast<char*>(t.data_ptr()), static_cast<std::streamsize>(t.nbytes()));
  return t;
}

using Outputs = std::function<std::vector<torch::Tensor>(long)>;

void train(torch::nn::Module& model, const std::string& name, const Outputs& outputs) {
  model.train();
  std::vector<torch::Tensor> before;
  for (const torch::Tensor& b : model.buffers()) before.push_back(b.clone());
  torch::Tensor sum = torch::zeros({});
  for (const torch::Tensor& y : outputs(7)) if (y.is_floating_point()) sum = sum + (y * y * y).sum();
  if (!model.parameters().empty()) sum.backward();
  for (const auto& item : model.named_parameters())
    if (!item.value().grad().defined()) std::printf("%s: no gradient reaches %s\n", name.c_str(), item.key().c_str());
  size_t i = 0;
  for (const auto& item : model.named_buffers()) {
    const bool counts = item.key().find("num_batches_tracked") != std::string::npos;
    if (counts && item.value().item<long>() - before[i].item<long>() != 1 && item.key() != "layers.5.num_batches_tracked")
      std::printf("%s: %s does not count\n", name.c_str(), item.key().c_str());
    ++i;
  }
}

void refuse(torch::nn::Module& model, const std::function<void(const std::string&)>& read, const std::string& folder) {
  std::ifstream in(folder + "/weights.safetensors", std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  if (model.parameters().empty()) return;
  const auto attempt = [&](const std::string& bytes, const char* what) {
    std::ofstream(folder + "/bad", std::ios::binary) << bytes;
    try {
      read(folder + "/bad");
      std::printf("%s: %s was read\n", folder.c_str(), what);
    } catch (const std::runtime_error& e) {
      if (std::string(e.what()).rfind(folder + "/bad ", 0) != 0) std::printf("%s: %s\n", folder.c_str(), e.what());
    }
  };
  attempt("", "an empty file");
  attempt(good.substr(0, good.size() - 4), "a file that was cut off");
  attempt(good.substr(0, 40), "half a header");
  attempt(std::string(8, '\xff') + good.substr(8), "an endless header");
  std::string renamed = good;
  renamed.replace(renamed.find("\"dtype\""), 7, "\"dtypo\"");
  attempt(renamed, "an unknown member");
}

template <class Model>
void check(Model& model, const std::string& name, const Outputs& outputs) {
  model.eval();
  {
    const torch::NoGradGuard none;
    for (const long n : {1L, 7L}) {
      int i = 0;
      for (const torch::Tensor& y : outputs(n)) {
        const torch::Tensor c = y.contiguous();
        std::ofstream(name + "/" + std::to_string(n) + ".out" + std::to_string(i++), std::ios::binary)
            .write(static_cast<const char*>(c.data_ptr()), static_cast<std::streamsize>(c.nbytes()));
      }
    }
  }
  std::ofstream keys(name + "/keys");
  for (const auto& item : model.named_parameters()) keys << "parameter " << item.key() << "\n";
  for (const auto& item : model.named_buffers()) keys << "buffer " << item.key() << "\n";
  refuse(model, [&](const std::string& path) { model.load_weights(path); }, name);
  train(model, name, outputs);
}
)";

void LibTorchProgram::compileAndRun() {
  writeFileAtomic(folder_ / "program.cpp", includes_ +
                                               "#include <cstdio>\n#include <functional>\n#include <iterator>\n" +
                                               kMain + "int main() {\n" + calls_ + "}\n");
  const std::string lib = NETWRIGHT_TORCH_LIB, include = NETWRIGHT_TORCH_INCLUDE;
  const test::Outcome run = test::runShell(fmt::format(
      "cd '{0}' && g++ -std=c++20 -O0 -Wall -Wextra -Werror -isystem '{1}' -isystem '{1}/torch/csrc/api/include' "
      "program.cpp -o program -L'{2}' -ltorch -ltorch_cpu -lc10 -Wl,-rpath,'{2}' && ./program",
      folder_.string(), include, lib));
  ASSERT_EQ(run.status, 0) << run.out << run.err.substr(0, 4000);
  EXPECT_EQ(run.out, "");
  for (const auto& [network, stem] : networks_) compare(*network, folder_ / stem);
}

void LibTorchProgram::compare(const Network& n, const fs::path& own) {
  std::string keys;
  for (const auto kind : {program::StateKind::Parameter, program::StateKind::Buffer}) {
    std::vector<std::string> names;
    for (const program::State* s : modelPart(n.lowered.program).states)
      if (s->kind == kind)
        names.push_back((kind == program::StateKind::Parameter ? "parameter " : "buffer ") + s->name + "\n");
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) keys += name;
  }
  std::vector<std::string> found;
  std::istringstream in(readFile(own / "keys"));
  for (std::string line; std::getline(in, line);) found.push_back(line + "\n");
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.substr(0, 9) != b.substr(0, 9) ? a > b : a < b; });
  EXPECT_EQ(fmt::format("{}", joined(found, "")), keys) << n.name;
  for (const int64_t batch : kBatches) {
    const auto reference = expected(n, sampleInputs(n.lowered.program, batch));
    for (size_t i = 0; i < reference.size(); ++i)
      compareFile(fmt::format("{}, output {}, batch {}", n.name, i, batch), reference[i],
                  own / fmt::format("{}.out{}", batch, i));
  }
}

TEST(LibTorchCpp, ComputesLearnsAndIsKeyedAsTheNetwork) {
  const test::TempFolder folder;
  const std::vector<NetworkPtr> all = networks();
  LibTorchProgram program(folder.path());
  for (const NetworkPtr& n : all) program.add(*n);
  program.compileAndRun();
}

}  // namespace
}  // namespace netwright::convert::testing
