// SPDX-License-Identifier: Apache-2.0
// Control flow in files: what is written, by our own reader, and who refuses. The real readers: tests/peers.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/convert/model_part.h"
#include "core/convert/torchscript/source.h"
#include "tests/core/convert/networks.h"
#include "tests/support/control_graphs.h"
#include "tests/support/message_of.h"

namespace netwright::convert::testing {
namespace {

using test::add;
using test::addControl;
using test::code;
using test::define;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using GraphPtr = std::shared_ptr<onnx::Graph>;

onnx::Model exported(const Network& network, const Attributes& options = {}) {
  return onnx::parse(findExporter("onnx")->bytes(network.input(options)), "bytes");
}

std::string source(const Network& network) {
  const ExportInput input = network.input();
  const ModelPart part = modelPart(input.program);
  return torchscript::sourceOf(input.program, part, torchscript::ModuleTree(input, part));
}

// "Loop(If(Gemm Tanh | Add))": nodes and the graphs that they run.
std::string outline(const onnx::Graph& graph) {
  std::string text;
  for (const onnx::Node& n : graph.nodes) {
    std::string inside;
    for (const onnx::Attribute& a : n.attributes)
      if (const auto* inner = std::get_if<GraphPtr>(&a.value))
        inside += (inside.empty() ? "" : " | ") + outline(**inner);
    text += (text.empty() ? "" : " ") + n.opType + (inside.empty() ? "" : "(" + inside + ")");
  }
  return text;
}
std::string outline(const std::string& name) {
  return outline(exported(Network(name, test::controlGraph(name))).graph);
}

const onnx::Node& nodeOf(const onnx::Graph& graph, const std::string& opType) {
  for (const onnx::Node& n : graph.nodes)
    if (n.opType == opType) return n;
  throw std::runtime_error("no " + opType);
}

template <class T>
T attribute(const onnx::Node& node, const std::string& name) {
  for (const onnx::Attribute& a : node.attributes)
    if (a.name == name) return std::get<T>(a.value);
  return {};
}

HostTensor filled(const List& shape, float value) {
  HostTensor t(DType::Float32, shape);
  std::fill(t.as<float>().begin(), t.as<float>().end(), value);
  return t;
}

std::vector<float> computed(const onnx::Model& model, const HostTensor& x) {
  const HostTensor y = onnx::evaluate(model, {{"x", x}}).at(0).tensor;
  return {y.as<float>().begin(), y.as<float>().end()};
}

// A while loop that halves until nothing is above 0.1, with other settings.
graph::Document halving(const Attributes& params) {
  graph::Document d = test::controlGraph("while");
  for (const auto& [name, value] : params) const_cast<graph::Node*>(d.findByName("loop"))->params[name] = value;
  return d;
}

TEST(ControlExport, OnnxHasALoopAnIfOrAScan) {
  EXPECT_EQ(outline("counted"), "Loop(Gemm Tanh Identity)");
  EXPECT_THAT(outline("live count"), EndsWith("Cast Min Loop(Gemm Tanh Identity)"));
  EXPECT_THAT(outline("while"), EndsWith("Greater Loop(Mul Abs ReduceMax Greater)"));
  EXPECT_THAT(outline("stacked"), EndsWith("Loop(Gemm Tanh Cast Mul Add Slice Identity) Transpose"));
  EXPECT_THAT(outline("early exit"), StartsWith("Loop(Gemm Mul Abs ReduceMax Greater Identity) Transpose"));
  EXPECT_THAT(outline("if"), EndsWith("Greater If(Gemm Relu Gemm | Mul)"));
  EXPECT_THAT(outline("switch"), EndsWith("Less Less If(Gemm Tanh | If(Gemm Tanh | Neg))"));
  EXPECT_THAT(outline("scan"), EndsWith("Scan(Gemm Gemm Add Tanh Mul Identity)"));
  EXPECT_THAT(outline("mixture of experts"), StartsWith("Scan(Unsqueeze Gemm Softmax ArgMax"));
  EXPECT_THAT(outline("if inside a loop"), HasSubstr("If(Gemm Tanh | Add)"));
}

TEST(ControlExport, OnnxKeepsWeightsInTheMainGraph) {
  std::vector<std::string> names;
  const onnx::Model model = exported(Network("if", test::controlGraph("if")));
  for (const NamedTensor& t : model.graph.initializers)
    if (t.tensor.shape.size() == 2) names.push_back(t.name);
  EXPECT_THAT(names, ElementsAre("way.then.fc1.weight", "way.then.fc2.weight"));
  const auto thorough = attribute<GraphPtr>(nodeOf(model.graph, "If"), "then_branch");
  EXPECT_THAT(thorough->inputs, IsEmpty());
  EXPECT_THAT(thorough->nodes[0].inputs, ElementsAre("x", "way.then.fc1.weight", "way.then.fc1.bias"));
}

void collect(const onnx::Graph& graph, std::vector<std::string>& values, std::vector<std::string>& nodes) {
  for (const auto& t : graph.initializers) values.push_back(t.name);
  for (const auto& v : graph.inputs) values.push_back(v.name);
  for (const onnx::Node& n : graph.nodes) {
    nodes.push_back(n.name);
    values.insert(values.end(), n.outputs.begin(), n.outputs.end());
    for (const onnx::Attribute& a : n.attributes)
      if (const auto* inner = std::get_if<GraphPtr>(&a.value)) collect(**inner, values, nodes);
  }
}

TEST(ControlExport, OnnxGivesNoNameTwice) {
  for (const test::ControlCase& c : test::controlCases()) {
    std::vector<std::string> values, nodes;
    collect(exported(Network(c.name, c.graph)).graph, values, nodes);
    for (std::vector<std::string>* names : {&values, &nodes}) {
      std::sort(names->begin(), names->end());
      EXPECT_EQ(std::adjacent_find(names->begin(), names->end()), names->end()) << c.name;
    }
  }
}

TEST(ControlExport, OnnxTellsWhatGoesAlongWhichDimension) {
  const onnx::Model model = exported(Network("scan", test::controlGraph("scan")));
  const onnx::Node& scan = nodeOf(model.graph, "Scan");
  EXPECT_EQ(attribute<int64_t>(scan, "num_scan_inputs"), 1);
  EXPECT_EQ(attribute<List>(scan, "scan_input_axes"), List{1});
  EXPECT_EQ(attribute<List>(scan, "scan_output_axes"), List{1});
  const onnx::Model stacked = exported(Network("stacked", test::controlGraph("stacked")));
  EXPECT_EQ(attribute<List>(nodeOf(stacked.graph, "Transpose"), "perm"), (List{1, 0, 2}));
}

// Files cannot raise errors: a number that names no body takes the nearest.
TEST(ControlExport, OnnxTakesTheNearestBody) {
  for (const auto& [index, factor] :
       {std::pair{"-5", 1.0F}, {"0", 1.0F}, {"1", 2.0F}, {"2", 3.0F}, {"3", 4.0F}, {"4", 5.0F}, {"9", 5.0F}}) {
    graph::Document d;
    add(d, {"input", "x", {{"shape", List{2}}}});
    add(d, code("which", fmt::format("y = (x.mean() * 0).int() + ({})", index)), {"x=x"});
    std::vector<BlockId> bodies;
    for (const char* by : {"1.0", "2.0", "3.0", "4.0", "5.0"})
      bodies.push_back(define(
          d, std::string("Times ") + by, {"h"},
          {{code("scaled", fmt::format("y = h * {}", by)), {"h=h"}}, {{"block_output", "y", {}}, {"scaled:y"}}}));
    addControl(d, {"switch", "way", {}}, bodies, {"index=which:y", "h=x"});
    add(d, {"output", "out", {}}, {"way:y"});
    EXPECT_EQ(computed(exported(Network("s", d)), filled({1, 2}, 1)), std::vector<float>(2, factor)) << index;
  }
}

TEST(ControlExport, ASwitchOfOneBodyIsThatBody) {
  graph::Document d = test::controlGraph("switch");
  const_cast<graph::Node*>(d.findByName("way"))->bodies.resize(1);
  const Network network("one", d);
  EXPECT_THAT(outline(exported(network).graph), EndsWith("Gemm Tanh Identity"));
  EXPECT_THAT(source(network), HasSubstr("    way_act = torch.tanh(way_fc)\n    way = way_act\n    return way\n"));
}

TEST(ControlExport, OnnxGoesOnAsLongAsItIsToldAndEndsAfterTheLimit) {
  const onnx::Model model = exported(Network("while", test::controlGraph("while")));
  for (const auto& [first, last] : {std::pair{0.15F, 0.15F}, {0.2F, 0.2F}, {0.8F, 0.1F}, {25.6F, 0.1F}})
    EXPECT_EQ(computed(model, filled({3, 6}, first))[7], last) << first;
  EXPECT_EQ(computed(exported(Network("w", halving({{"limit", int64_t{2}}}))), filled({1, 6}, 8))[0], 2);
}

TEST(ControlExport, OnnxIsReadBackToTheByte) {
  for (const test::ControlCase& c : test::controlCases()) {
    const std::string bytes = findExporter("onnx")->bytes(Network(c.name, c.graph).input());
    EXPECT_EQ(onnx::serialise(onnx::parse(bytes, "bytes")).model.joined(), bytes) << c.name;
  }
}

TEST(ControlExport, OnnxOfHalfPrecisionIsHalfInside) {
  const std::function<void(const onnx::Graph&)> check = [&](const onnx::Graph& graph) {
    for (const auto& t : graph.initializers) EXPECT_NE(t.tensor.dtype, DType::Float32) << t.name;
    for (const auto& v : graph.values) EXPECT_NE(v.dtype, DType::Float32) << v.name;
    for (const onnx::Node& n : graph.nodes)
      for (const onnx::Attribute& a : n.attributes)
        if (const auto* inner = std::get_if<GraphPtr>(&a.value)) {
          for (const auto* ports : {&(*inner)->inputs, &(*inner)->outputs})
            for (const auto& v : *ports) EXPECT_NE(v.dtype, DType::Float32) << v.name;
          check(**inner);
        }
  };
  for (const test::ControlCase& c : test::controlCases()) {
    SCOPED_TRACE(c.name);
    check(exported(Network(c.name, c.graph), {{"dtype", std::string("float16")}}).graph);
  }
}

TEST(ControlExport, GraphsThatLieTooDeepAreRefused) {
  onnx::Model model = exported(Network("if", test::controlGraph("if")));
  GraphPtr inner = std::make_shared<onnx::Graph>();
  for (int i = 0; i < 20'000; ++i) {
    auto around = std::make_shared<onnx::Graph>();
    around->nodes.push_back({"n", "If", "", {"x"}, {"y"}, {{"then_branch", inner}}});
    if (i < onnx::kDeepest - 1) {
      inner = around;
      continue;
    }
    model.graph.nodes[0].attributes = {{"then_branch", inner}};
    const std::string sound = onnx::serialise(model).model.joined();
    EXPECT_NO_THROW((void)onnx::parse(sound, "m.onnx"));
    model.graph.nodes[0].attributes = {{"then_branch", around}};
    EXPECT_THAT(test::messageOf([&] { (void)onnx::parse(onnx::serialise(model).model.joined(), "m.onnx"); }),
                HasSubstr("Its graphs lie in each other more than 100 times."));
    break;
  }
}

TEST(ControlExport, TheEvaluatorSaysWhatIsWrongInAGraphThatANodeRuns) {
  onnx::Model model = exported(Network("if", test::controlGraph("if")));
  const auto said = [&] { return test::messageOf([&] { computed(model, filled({1, 6}, 1)); }); };
  EXPECT_EQ(said(), "nothing was thrown");
  onnx::Graph& thorough = *attribute<GraphPtr>(nodeOf(model.graph, "If"), "then_branch");
  thorough.nodes[0].inputs[1] = "nothing";
  EXPECT_THAT(said(), HasSubstr("Nothing before it computes its input 'nothing'."));
  for (onnx::Node& n : model.graph.nodes)
    if (n.opType == "If") n.attributes.clear();
  EXPECT_THAT(said(), HasSubstr("Its graph 'then_branch' is missing."));
}

TEST(ControlExport, AnEndlessLoopInAFileEnds) {
  onnx::Model model = exported(Network("while", test::controlGraph("while")));
  for (onnx::Node& n : model.graph.nodes)
    if (n.opType == "Loop") {
      n.inputs[0] = "";
      onnx::Graph& body = *attribute<GraphPtr>(n, "body");
      body.nodes = {{"go", "Identity", "", {body.inputs[1].name}, {body.outputs[0].name}, {}},
                    {"keep", "Identity", "", {body.inputs[2].name}, {body.outputs[1].name}, {}}};
    }
  EXPECT_THAT(test::messageOf([&] { computed(model, filled({1, 6}, 1)); }), HasSubstr("It does not end within"));
}

TEST(ControlExport, TorchScriptPrintsIfForAndWhile) {
  EXPECT_THAT(source(Network("if", test::controlGraph("if"))), HasSubstr(R"(
    if bool(large_1):
      way_then_fc1 = torch.linear(x, self.way.then.fc1.weight, self.way.then.fc1.bias)
      way_then_act = torch.relu(way_then_fc1)
      way_then_fc2 = torch.linear(way_then_act, self.way.then.fc2.weight, self.way.then.fc2.bias)
      way = way_then_fc2
    else:
)"));
  EXPECT_THAT(source(Network("counted", test::controlGraph("counted"))), HasSubstr(R"(
    loop = x
    for loop_step in range(3):
      loop_fc = torch.linear(loop, self.loop.fc.weight, self.loop.fc.bias)
      loop_act = torch.tanh(loop_fc)
      loop = loop_act
    return loop
)"));
  EXPECT_THAT(source(Network("while", test::controlGraph("while"))), HasSubstr(R"(
    loop_step = 0
    loop_goes_on = bool(first_2)
    while loop_goes_on:
      if loop_step >= 1000:
        ops.prim.RaiseException("Loop 'loop' did not stop after 1,000 steps.")
      else:
        pass
)"));
  EXPECT_THAT(source(Network("switch", test::controlGraph("switch"))),
              ::testing::AllOf(HasSubstr("    if way_index < 0 or way_index >= 3:\n"),
                               HasSubstr("    elif way_index == 1:\n"), HasSubstr("    else:\n      way_2_neg")));
}

// Files, or a refusal that says what and where, and what else there is.
TEST(ControlExport, EveryFormatHoldsControlFlowOrRefusesItByName) {
  const std::set<std::string> without{"cpp"};
  for (const test::ControlCase& c : test::controlCases()) {
    const Network network(c.name, c.graph);
    for (const auto& format : registry()) {
      const std::string id = format->info().id;
      SCOPED_TRACE(c.name + " as " + id);
      const Diagnostics found = format->check(network.input());
      if (!without.contains(id)) {
        EXPECT_THAT(found, IsEmpty());
        EXPECT_FALSE(format->files(network.input()).empty());
        continue;
      }
      const graph::Node* node = nullptr;
      for (const graph::Node& n : c.graph.nodes)
        if (!n.bodies.empty()) node = &n;
      const auto refused = std::find_if(found.begin(), found.end(), [&](const Diagnostic& d) {
        return d.node == NodePath{node->id} && d.args.at("reason").starts_with("which of its blocks run");
      });
      ASSERT_NE(refused, found.end());
      EXPECT_THAT(refused->text(),
                  ::testing::AllOf(HasSubstr(" '" + node->name + "' cannot be written as " + format->info().title +
                                             ": which of its blocks run, and how often, is decided by the batch. ONNX"),
                                   HasSubstr("TorchScript"), EndsWith(" can hold it.")));
      const TemporaryFolder folder;
      EXPECT_THAT(test::messageOf([&] { format->write(network.input(), folder.path() / "out"); }),
                  HasSubstr("was not written."));
    }
  }
}

TEST(ControlExport, OnnxRefusesWhatItsReadersDoNotTake) {
  const auto check = [](int depth) {
    return findExporter("onnx")->check(Network("deep", test::nestedIfs(depth).graph).input());
  };
  EXPECT_THAT(check(30), IsEmpty());
  const Diagnostics found = check(31);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(
      found[0].text(),
      StartsWith("If 'way' cannot be written as ONNX: its blocks run others more than 30 deep, which readers do "
                 "not take. TorchScript"));
}

TEST(ControlExport, ALayerInsideThatAFormatCannotHoldIsNamed) {
  graph::Document d;
  add(d, {"input", "x", {{"shape", List{6}}}});
  const BlockId body = define(
      d, "Body", {"h"},
      {{{"dropout", "drop", {}}, {"h"}}, {{"digamma", "psi", {}}, {"drop"}}, {{"block_output", "y", {}}, {"psi"}}});
  d.blocks.back().body.nodes[1].mode = Mode::Train;
  addControl(d, {"loop", "loop", {}}, {body}, {"h=x"});
  add(d, {"output", "out", {}}, {"loop:y"});
  const Network network("n", d);
  const Diagnostics found = findExporter("onnx")->check(network.input());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_THAT(found[0].text(), StartsWith("Dropout 'loop.drop' cannot be written as ONNX: it is fixed to training"));
  EXPECT_THAT(found[1].text(), StartsWith("Digamma 'loop.psi' cannot be written as ONNX: "));
  EXPECT_EQ(findExporter("cpp")->check(network.input()).size(), 1u);  // the loop; what is inside does not matter then
  FakeEngine* const none = nullptr;
  const Comparison proof = compare(network.lowered.program, "", [&](const auto&) { return none->evaluate({}); }, {});
  EXPECT_THAT(proof.text(), HasSubstr("Dropout 'loop.drop' is fixed to training and draws at random"));
}

TEST(ControlExport, ProofsTakeSeveralWays) {
  const TemporaryFolder folder;
  for (const test::ControlCase& c : test::controlCases()) {
    SCOPED_TRACE(c.name);
    const Network network(c.name, c.graph);
    FakeEngine engine(network.input());
    const auto path = folder.path() / "m.onnx";
    findExporter("onnx")->write(network.input(), path);
    const Comparison proof = findExporter("onnx")->verify(network.input(), path, engine);
    EXPECT_TRUE(proof.equal) << proof.text();
    EXPECT_EQ(proof.ways, 8);
    EXPECT_THAT(proof.text(), HasSubstr("random batches of 1 and 7 and 8 batches of smaller, larger and shifted"));
  }
}

TEST(ControlExport, AProofOfHalfPrecisionSaysThatWaysMayDiffer) {
  const TemporaryFolder folder;
  const Network network("if", test::controlGraph("if"));
  FakeEngine engine(network.input(), 3);
  for (const bool half : {true, false}) {
    const ExportInput input = network.input({{"dtype", std::string(half ? "float16" : "float32")}});
    findExporter("onnx")->write(input, folder.path() / "m.onnx");
    const Comparison proof = findExporter("onnx")->verify(input, folder.path() / "m.onnx", engine);
    EXPECT_FALSE(proof.equal);
    EXPECT_EQ(proof.text().find("In float16 it may go another way") != std::string::npos, half) << proof.text();
  }
}

// Random numbers may be none that a network accepts: what it does accept is compared.
TEST(ControlExport, ProofsLeaveOutWhatTheNetworkRefuses) {
  const Network network("while", test::controlGraph("while"));
  const auto choosy = [&](float most) {
    return [most](const std::vector<NamedTensor>& inputs) -> std::vector<NamedTensor> {
      for (const float v : inputs[0].tensor.as<float>())
        if (std::abs(v) > most) failInput("Loop 'loop' did not stop.", "", "");
      return {{"out", inputs[0].tensor}};
    };
  };
  const auto proofOf = [&](float most) {
    const Evaluate engine = choosy(most);
    return compare(network.lowered.program, "by hand", engine, engine, {1, 7}, 1e-5, {},
                   otherWays(network.lowered.program, {1, 7}, engine));
  };
  EXPECT_EQ(proofOf(100).ways, 8);
  EXPECT_EQ(proofOf(1).ways, 2);  // the small ones
  EXPECT_EQ(proofOf(0.5F).batches, List{});
  EXPECT_TRUE(proofOf(0.5F).equal);
  EXPECT_EQ(proofOf(0.01F).text(), "Not compared: Loop 'loop' did not stop.");
}

TEST(ControlExport, ProofsFeedIndicesThatLayersInsideAccept) {
  graph::Document d;
  add(d, {"input", "x", {{"shape", List{3}}, {"dtype", std::string("int64")}}});
  const BlockId body =
      define(d, "Word", {"i"},
             {{{"embedding", "words", {{"num_embeddings", int64_t{40}}, {"embedding_dim", int64_t{2}}}}, {"i"}},
              {{"block_output", "y", {}}, {"words"}}});
  addControl(d, {"map", "each", {}}, {body}, {"i=x"});
  add(d, {"output", "out", {}}, {"each:y"});
  const Network network("words", d);
  int64_t largest = 0;
  const HostTensor indices = sampleInputs(network.lowered.program, 7)[0].tensor;
  for (const int64_t i : indices.as<int64_t>()) largest = std::max(largest, i);
  EXPECT_GT(largest, 5);
  EXPECT_LT(largest, 40);
}

}  // namespace
}  // namespace netwright::convert::testing
