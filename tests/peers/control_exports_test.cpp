// SPDX-License-Identifier: Apache-2.0
// Control flow in files against the real readers: ONNX Runtime and PyTorch compute what the engine computes, on inputs
// that take different ways, for batches of several sizes, by tests/peers/check_control_exports.py.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "core/convert/cpp/example.h"
#include "core/engine/control.h"
#include "core/engine/node_error.h"
#include "core/engine/onnx_runtime.h"
#include "core/engine/torchscript.h"
#include "tests/peers/exported_code.h"
#include "tests/support/control_graphs.h"
#include "tests/support/message_of.h"

namespace netwright::convert::testing {
namespace {

namespace fs = std::filesystem;
using test::add;
using test::addControl;
using test::code;
using test::define;
using ::testing::HasSubstr;

class Engine final : public Evaluator {
 public:
  explicit Engine(const Network& n) : program_(n.lowered.program), network_(program_, {"cpu", DType::Float32, false}) {
    network_.setWeights(n.weights);
  }
  std::vector<NamedTensor> evaluate(const std::vector<NamedTensor>& inputs) override {
    std::vector<NamedTensor> named;
    for (HostTensor& t : network_.predict({&inputs.at(0).tensor}))
      named.push_back({program_.outputs[named.size()].name, std::move(t)});
    return named;
  }
  std::vector<NamedTensor> evaluateTorchScript(const fs::path& path, const std::vector<NamedTensor>& inputs) override {
    return engine::runTorchScript(path, inputs);
  }
  std::optional<Outside> evaluateOnnx(const fs::path& path, const std::vector<NamedTensor>& inputs) override {
    if (!engine::onnxRuntimeVersion()) return std::nullopt;
    return Outside{*engine::onnxRuntimeVersion(), engine::runOnnx(path, inputs)};
  }
  std::vector<NamedTensor> values(const std::vector<NamedTensor>& inputs) override {
    return network_.values({&inputs.at(0).tensor});
  }

 private:
  const program::Program& program_;
  engine::Network network_;
};

test::LayerCase outputCalled(const std::string& name) { return {"block_output", name, {}}; }

graph::Document behind(const List& shape) {
  graph::Document d;
  add(d, {"input", "x", {{"shape", shape}}});
  return d;
}

// Two values that change places, with a live count that may be negative; a name that Python has.
test::ControlCase swapped() {
  graph::Document d = behind({3});
  add(d, code("int", "n = (x.mean() * 4).long()\na = x.clone()\nb = x * 2"), {"x=x"});
  const BlockId body = define(d, "Fibonacci", {"a", "b"},
                              {{code("range", "y = a + b"), {"a=a", "b=b"}},
                               {outputCalled("first"), {"b"}},
                               {outputCalled("second"), {"range:y"}}});
  addControl(d, {"loop", "bool", {{"carried", int64_t{2}}}}, {body}, {"count=int:n", "a=int:a", "b=int:b"});
  add(d, {"output", "one", {}}, {"bool:first"});
  add(d, {"output", "two", {}}, {"bool:second"});
  add(d, {"output", "also two", {}}, {"bool:second"});
  return {"swapped", d, {3}};
}

// Sizes that the bodies do not share, a value handed on as it is, a weight as a result, outputs that nobody reads.
test::ControlCase sizes() {
  graph::Document d = behind({6});
  const BlockId wide = define(d, "Wide", {"h", "k"},
                              {{{"linear", "fc", {{"out_features", int64_t{9}}}}, {"h"}},
                               {outputCalled("y"), {"fc"}},
                               {outputCalled("same"), {"h"}},
                               {code("own", "w = param(6, init=normal)"), {}},
                               {outputCalled("weight"), {"own:w"}},
                               {outputCalled("unread"), {"k"}}});
  const BlockId narrow = define(d, "Narrow", {"h", "k"},
                                {{code("part", "y = k[:, 0:2]"), {"k=k"}},
                                 {outputCalled("y"), {"part:y"}},
                                 {outputCalled("same"), {"k"}},
                                 {code("mean", "y = h.mean(dim=0)"), {"h=h"}},
                                 {outputCalled("weight"), {"mean:y"}},
                                 {outputCalled("unread"), {"h"}}});
  add(d, code("large", "c = x.sum() > 0\nk = x * 3"), {"x=x"});
  addControl(d, {"if", "for", {}}, {wide, narrow}, {"condition=large:c", "h=x", "k=large:k"});
  add(d, code("total", "y = s.sum(dim=1) + t.sum(dim=1) + w.sum()"), {"s=for:y", "t=for:same", "w=for:weight"});
  add(d, {"output", "out", {}}, {"total:y"});
  add(d, {"output", "open", {}}, {"for:y"});
  return {"sizes", d, {6}};
}

// Five bodies of several depths, one of which has a loop with stacked results in a loop.
test::ControlCase deep() {
  graph::Document d = behind({4});
  const BlockId inner = define(d, "Inner", {"h", "bias", "step"},
                               {{code("next", "y = (h + bias).tanh() * (step + 1)"), {"h=h", "bias=bias", "step=step"}},
                                {outputCalled("y"), {"next:y"}},
                                {outputCalled("each"), {"next:y"}}});
  const BlockId middle = define(d, "Middle", {"h"}, {{{"linear", "fc", {{"out_features", int64_t{4}}}}, {"h"}}});
  graph::Document& body = d.blocks.back().body;
  addControl(body, {"loop", "inner", {{"count", int64_t{2}}, {"dim", int64_t{0}}}}, {inner}, {"h=h", "bias=fc"});
  add(body, code("sum", "y = e.sum(dim=0)"), {"e=inner:each"});
  add(body, outputCalled("y"), {"sum:y"});
  add(body, code("part", "y = e[0].mean()"), {"e=inner:each"});
  add(body, outputCalled("parts"), {"part:y"});
  std::vector<BlockId> bodies;
  for (const char* text : {"y = h + 1", "y = h * 2", "y = -h", "y = h.exp()"})
    bodies.push_back(define(d, text, {"h"}, {{code("act", text), {"h=h"}}, {outputCalled("y"), {"act:y"}}}));
  bodies.push_back(define(d, "Deep", {"h"}, {}));
  graph::Document& last = d.blocks.back().body;
  addControl(last, {"loop", "outer", {{"count", int64_t{3}}, {"dim", int64_t{0}}}}, {middle}, {"h=h"});
  add(last, code("all", "y = h + p.sum()"), {"h=outer:y", "p=outer:parts"});
  add(last, outputCalled("y"), {"all:y"});
  add(d, code("which", "n = (x.abs().mean() * 5).long().clamp(0, 4)"), {"x=x"});
  addControl(d, {"switch", "way", {}}, bodies, {"index=which:n", "h=x"});
  add(d, {"output", "out", {}}, {"way:y"});
  return {"deep", d, {4}};
}

// Layers with modes, of pictures, one at a time; and what is the same for all of them.
test::ControlCase pictures() {
  graph::Document d = behind({2, 6, 6});
  add(d, code("gain", "g = x.mean() + 1"), {"x=x"});
  const BlockId body = define(d, "Picture", {"picture", "the gain"},
                              {{{"conv2d", "conv", {{"out_channels", int64_t{3}}}}, {"picture"}},
                               {{"batch_norm2d", "bn", {}}, {"conv"}},
                               {{"gelu", "act", {}}, {"bn"}},
                               {{"dropout", "drop", {}}, {"act"}},
                               {{"max_pool2d", "pool", {}}, {"drop"}},
                               {{"flatten", "flat", {}}, {"pool"}},
                               {{"linear", "fc", {{"out_features", int64_t{5}}}}, {"flat"}},
                               {code("scaled", "y = h * g"), {"h=fc", "g=the gain"}},
                               {outputCalled("für y"), {"scaled:y"}}});
  addControl(d, {"map", "each", {{"keepdim", true}}}, {body}, {"picture=x", "the gain=gain:g"});
  add(d, {"output", "out", {}}, {"each:für y"});
  return {"pictures", d, {2, 6, 6}};
}

// Two values in steps along the last dimension, two states, one of whole numbers; a recurrent layer inside.
test::ControlCase steps() {
  graph::Document d = behind({3, 5});
  add(d, code("begin", "n = (x[:, 0, 0] * 0).long()\nh = x[:, :, 0] * 0\nk = x * 2"), {"x=x"});
  const BlockId body =
      define(d, "Step", {"n", "h", "a", "b"},
             {{code("next", "m = n + 1\nw = (tanh(h + a) * b).unsqueeze(1)"), {"n=n", "h=h", "a=a", "b=b"}},
              {outputCalled("count"), {"next:m"}},
              {{"gru", "gru", {{"hidden_size", int64_t{3}}}}, {"next:w"}},
              {code("sum", "y = h[:, 0, :] + w[:, 0, :]"), {"h=gru", "w=next:w"}},
              {outputCalled("state"), {"sum:y"}},
              {outputCalled("all"), {"sum:y"}}});
  addControl(d, {"scan", "scan", {{"dim", int64_t{2}}, {"carried", int64_t{2}}, {"sliced", int64_t{2}}}}, {body},
             {"n=begin:n", "h=begin:h", "a=x", "b=begin:k"});
  for (const char* port : {"count", "state", "all"})
    add(d, {"output", std::string("out ") + port, {}}, {std::string("scan:") + port});
  return {"steps", d, {3, 5}};
}

// No step where it does not start, three at most; and a loop of no step at all.
test::ControlCase maybe() {
  graph::Document d = behind({4});
  add(d, code("first", "c = x.mean() > 0"), {"x=x"});
  const BlockId body =
      define(d, "Body", {"h"}, {{code("next", "y = h * 2 - 1"), {"h=h"}}, {outputCalled("y"), {"next:y"}}});
  addControl(d, {"loop", "three", {{"count", int64_t{3}}}}, {body}, {"start=first:c", "h=x"});
  addControl(d, {"loop", "none", {{"count", int64_t{0}}}}, {body}, {"h=three:y"});
  add(d, {"output", "out", {}}, {"none:y"});
  return {"maybe", d, {4}};
}

std::vector<test::ControlCase> networks() {
  std::vector<test::ControlCase> all = test::controlCases();
  for (test::ControlCase& c :
       std::vector{swapped(), sizes(), deep(), pictures(), steps(), maybe(), test::nestedIfs(30)})
    all.push_back(std::move(c));
  return all;
}

// Numbers around 0, small, large and shifted.
std::vector<HostTensor> inputsOf(const test::ControlCase& c) {
  std::vector<HostTensor> all;
  for (const int64_t batch : {1, 2, 5, 7})
    for (const auto& [scale, shift] : {std::pair(0.0F, 0.0F),
                                       {0.02F, 0.0F},
                                       {0.3F, 0.0F},
                                       {1.0F, 0.0F},
                                       {10.0F, 0.0F},
                                       {1.0F, 2.0F},
                                       {1.0F, -2.0F}}) {
      List shape{batch};
      shape.insert(shape.end(), c.sample.begin(), c.sample.end());
      all.push_back(noiseTensor(shape, static_cast<uint64_t>(batch)));
      for (float& v : all.back().as<float>()) v = v * scale + shift;
    }
  return all;
}

TEST(ControlExportPeers, ComputeTheSameWhicheverWayIsTaken) {
  const TemporaryFolder folder;
  Json cases = Json::array();
  for (const test::ControlCase& c : networks()) {
    SCOPED_TRACE(c.name);
    const Network network(c.name, c.graph);
    const fs::path stem = folder.path() / std::to_string(cases.size());
    const Exporter& onnx = *findExporter("onnx");
    onnx.write(network.input(), stem.string() + ".onnx");
    for (const int64_t opset : {18, 20, 22})
      onnx.write(network.input({{"opset", opset}}), fmt::format("{}.{}.onnx", stem.string(), opset));
    onnx.write(network.input({{"batch", int64_t{7}}, {"external_data", true}}), stem.string() + ".b7.onnx");
    onnx.write(network.input({{"dtype", std::string("float16")}}), stem.string() + ".half.onnx");
    findExporter("torchscript")->write(network.input(), stem.string() + ".pt");
    std::vector<NamedTensor> exchange;
    Engine engine(network);
    const onnx::Model model = onnx::read(stem.string() + ".onnx");
    int64_t tried = 0;
    for (const HostTensor& x : inputsOf(c)) {
      const std::vector<NamedTensor> expected = engine.evaluate({{"x", x}}), own = onnx::evaluate(model, {{"x", x}});
      exchange.push_back({fmt::format("{}/in", tried), x});
      for (size_t i = 0; i < expected.size(); ++i) {
        EXPECT_LE(difference("own", expected[i].tensor, own[i].tensor).maxRelative, 1e-5) << tried;
        exchange.push_back({fmt::format("{}/{}", tried, i), expected[i].tensor});
      }
      ++tried;
    }
    Json weights = Json::array();
    for (const program::State& s : network.lowered.program.states) weights.push_back(s.name);
    cases.push_back({{"name", c.name},
                     {"inputs", tried},
                     {"outputs", network.lowered.program.outputs.size()},
                     {"weights", weights}});
    writeFileAtomic(stem.string() + ".expected", safetensorsBytes(exchange));
  }
  writeFileAtomic(folder.path() / "cases.json", cases.dump(1));
  test::expectPeerAgrees("check_control_exports.py", folder.path());
}

TEST(ControlExportPeers, ProofsOfTheWindowHold) {
  const TemporaryFolder folder;
  for (const test::ControlCase& c : networks()) {
    SCOPED_TRACE(c.name);
    const Network network(c.name, c.graph);
    Engine engine(network);
    for (const char* id : {"onnx", "torchscript", "safetensors"}) {
      const Exporter& format = *findExporter(id);
      const fs::path path = folder.path() / outputName("m", format);
      format.write(network.input(), path);
      const Comparison proof = format.verify(network.input(), path, engine);
      EXPECT_TRUE(proof.equal) << proof.text();
      if (proof.batches.empty()) continue;
      EXPECT_GE(proof.ways, 6) << proof.text();
    }
  }
}

// One translation unit for all, because LibTorch's headers take a quarter of a minute.
TEST(ControlExportPeers, ClassesOfLibTorchComputeTheSame) {
  const test::TempFolder folder;
  std::string includes, calls;
  const std::vector<test::ControlCase> all = networks();
  for (const test::ControlCase& c : all) {
    const Network network(c.name, c.graph);
    const cpp::Face face = cpp::faceOf(network.input());
    findExporter("libtorch")->write(network.input(), folder.path() / face.stem);
    includes += fmt::format("#include \"{0}/{0}.cpp\"\n", face.stem);
    std::string results;
    for (const cpp::Face::Port& p : face.outputs)
      results += fmt::format("{}y{}", results.empty() ? "" : ", ", face.outputs.size() == 1 ? "" : "." + p.name);
    calls += fmt::format(
        "  {{\n    {0}::Model model;\n    model->load_weights(\"{0}/weights.safetensors\");\n"
        "    model->eval();\n",
        face.stem);
    int64_t number = 0;
    for (const HostTensor& x : inputsOf(c)) {
      const std::string file = fmt::format("{}/{}", face.stem, number++);
      writeFileAtomic(folder.path() / (file + ".in"), raw(x));
      calls +=
          fmt::format("    {{ const auto y = model->forward(load(\"{0}.in\", {{{1}}})); save(\"{0}\", {{{2}}}); }}\n",
                      file, fmt::join(x.shape, ", "), results);
    }
    calls += "  }\n";
  }
  writeFileAtomic(folder.path() / "program.cpp", includes + R"(
torch::Tensor load(const std::string& path, const std::vector<std::int64_t>& sizes) {
  std::ifstream in(path, std::ios::binary);
  torch::Tensor t = torch::empty(sizes);
  in.read(static_cast<char*>(t.data_ptr()), static_cast<std::streamsize>(t.nbytes()));
  return t;
}
void save(const std::string& path, const std::vector<torch::Tensor>& results) {
  for (size_t i = 0; i < results.size(); ++i) {
    const torch::Tensor t = results[i].contiguous();
    std::ofstream(path + "." + std::to_string(i), std::ios::binary)
        .write(static_cast<const char*>(t.data_ptr()), static_cast<std::streamsize>(t.nbytes()));
  }
}
int main() {
  const torch::NoGradGuard none;
)" + calls + "}\n");
  const std::string lib = NETWRIGHT_TORCH_LIB, include = NETWRIGHT_TORCH_INCLUDE;
  const test::Outcome run = test::runShell(fmt::format(
      "cd '{0}' && g++ -std=c++20 -O0 -Wall -Wextra -Werror -isystem '{1}' -isystem '{1}/torch/csrc/api/include' "
      "program.cpp -o program -L'{2}' -ltorch -ltorch_cpu -lc10 -Wl,-rpath,'{2}' && ./program",
      folder.path().string(), include, lib));
  ASSERT_EQ(run.status, 0) << run.out << run.err.substr(0, 4000);
  for (const test::ControlCase& c : all) {
    const Network network(c.name, c.graph);
    Engine engine(network);
    int64_t number = 0;
    for (const HostTensor& x : inputsOf(c)) {
      const std::vector<NamedTensor> expected = engine.evaluate({{"x", x}});
      for (size_t i = 0; i < expected.size(); ++i)
        compareFile(fmt::format("{}, input {}", c.name, number), expected[i].tensor,
                    folder.path() / cpp::faceOf(network.input()).stem / fmt::format("{}.{}", number, i));
      ++number;
    }
  }
}

// The whole loop: what runs inside has no result that the engine tells of. Wrong weights name the layer itself.
TEST(ControlExportPeers, AFailedProofNamesTheLayer) {
  const TemporaryFolder folder;
  const Network network("if inside a loop", test::controlGraph("if inside a loop"));
  Network other("if inside a loop", test::controlGraph("if inside a loop"));
  for (float& v : other.weights.at(0).tensor.as<float>()) v += 0.5F;
  Engine engine(other);
  for (const auto& [id, layer] : {std::pair{"onnx", "Loop 'loop'"}, {"torchscript", "Loop 'loop'"}}) {
    const Exporter& format = *findExporter(id);
    const fs::path path = folder.path() / outputName("m", format);
    format.write(network.input(), path);
    const Comparison proof = format.verify(network.input(), path, engine);
    EXPECT_FALSE(proof.equal);
    EXPECT_EQ(proof.firstDifference, layer) << proof.text();
  }
  const Exporter& weights = *findExporter("safetensors");
  weights.write(other.input(), folder.path() / "m.safetensors");
  EXPECT_EQ(weights.verify(network.input(), folder.path() / "m.safetensors", engine).firstDifference,
            "Linear 'loop.way.then.fc'");
}

// TorchScript raises the engine's errors.
TEST(ControlExportPeers, TorchScriptRefusesWhatTheEngineRefuses) {
  const TemporaryFolder folder;
  const auto said = [&](const graph::Document& d) {
    const Network network("n", d);
    const fs::path path = folder.path() / "m.pt";
    findExporter("torchscript")->write(network.input(), path);
    const HostTensor x = noiseTensor({2, 6}, 3);
    Engine engine(network);
    EXPECT_THROW(engine.evaluate({{"x", x}}), engine::NodeError);
    return test::messageOf([&] { (void)engine.evaluateTorchScript(path, {{"x", x}}); });
  };
  graph::Document d = test::controlGraph("switch");
  const_cast<graph::Node*>(d.findByName("which"))->params["code"] = std::string("y = (x.mean() * 0).int() + 3");
  EXPECT_THAT(said(d), HasSubstr("Switch 'way' has 3 bodies, numbered from 0."));
  d = test::controlGraph("while");
  const_cast<graph::Node*>(d.findByName("loop"))->params["limit"] = int64_t{1};
  EXPECT_THAT(said(d), HasSubstr("Loop 'loop' did not stop after 1 steps."));
}

}  // namespace
}  // namespace netwright::convert::testing
