// SPDX-License-Identifier: Apache-2.0
#include "core/layers/expressions/expression.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/text.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"

namespace netwright::layers::expressions {
namespace {

using program::Dim;

const Dim kBatch = Dim::symbol("N");
program::ValueType tensor(program::Shape shape, DType dtype = DType::DefaultFloat) {
  return program::TensorType{dtype, std::move(shape)};
}
const std::map<std::string, program::ValueType> kInputs{{"x", tensor({kBatch, 20})},
                                                        {"z", tensor({kBatch, 20})},
                                                        {"image", tensor({kBatch, 3, 8, 8})},
                                                        {"seq", tensor({kBatch, 6, 4})},
                                                        {"w", tensor({20, 5})},
                                                        {"i", tensor({kBatch, 20}, DType::Int64)},
                                                        {"mask", tensor({kBatch, 20}, DType::Bool)},
                                                        {"m", tensor({4, 4})}};
const Attributes kNames{{"hidden", int64_t{128}}, {"act", std::string("gelu")}, {"rate", 0.5}};

// The shapes of all lines, or the mistakes as "line: [characters at fault] message".
std::string told(const std::string& code) {
  const Described all = describe(code, kInputs, kNames);
  std::vector<std::string> lines;
  for (const language::Mistake& m : all.mistakes)
    lines.push_back(
        fmt::format("{}: [{}] {}", m.position.line, code.substr(m.at.begin, m.at.end - m.at.begin), m.message));
  if (lines.empty())
    for (const auto& [line, text] : all.lines) lines.push_back(text);
  return joined(lines, "\n");
}
std::string ports(const std::string& code) {
  const Ports all = portsOf(code, kNames);
  std::string text;
  for (const PortSpec& p : all.inputs) text += p.name + " ";
  text += "->";
  for (const PortSpec& p : all.outputs) text += " " + p.name;
  return text;
}

TEST(Expression, PortsAreNamedByUse) {
  EXPECT_EQ(ports("y = relu(x)"), "x -> y");
  EXPECT_EQ(ports("relu(x @ w + b)"), "x w b -> y");
  EXPECT_EQ(ports("h = relu(x @ w + b)\ny = (h * scale).softmax(dim=-1)"), "x w b scale -> y");
  EXPECT_EQ(ports("w = param(4, 3, init=xavier)\ny = F.linear(x, w)"), "x -> y") << "a start is no input";
  EXPECT_EQ(ports("y = x[:, :hidden]"), "x -> y") << "nor is a variable";
  EXPECT_EQ(ports("a, b = x.chunk(2, dim=1)"), "x -> a b");
  EXPECT_EQ(ports("a, _ = x.sort()"), "x -> a");
  EXPECT_EQ(ports("h = x\nfor k in range(3):\n    h = h * k"), "x -> h");
  EXPECT_EQ(ports("y = sum([x * k for k in range(3)])"), "x -> y");
  EXPECT_EQ(ports("h = x\nreturn h, h + 1"), "x -> h y2");
  EXPECT_EQ(ports("return x"), "x -> x");
  EXPECT_EQ(ports("y = math.pi * x + torch.pi * F.relu(x)"), "x -> y");
  EXPECT_EQ(ports("y = dropout(x, 0.1, training=self.training)"), "x -> y");
  EXPECT_EQ(ports(""), "->");
}

TEST(Expression, PortsStayWhileOneTypes) {
  EXPECT_EQ(ports("h = relu(x @ w\ny = h"), "x w -> y") << "a bracket is not closed yet";
  EXPECT_EQ(ports("h = x +\ny = h * scale"), "x scale -> y");
  EXPECT_EQ(ports("y = "), "-> y");
}

TEST(Expression, EachLineHasItsShape) {
  EXPECT_EQ(told("h = relu(x @ w)\ny = (h * 2).softmax(dim=-1)"), "h (N, 5)\ny (N, 5)");
  EXPECT_EQ(told("y = x[:, ::2]"), "y (N, 10)");
  EXPECT_EQ(told("y = image[..., 0]"), "y (N, 3, 8)");
  EXPECT_EQ(told("y = x[:, None, 1:-1]"), "y (N, 1, 18)");
  EXPECT_EQ(told("y = x[0]"), "y (20,)");
  EXPECT_EQ(told("y = x.mean(dim=1, keepdim=True)"), "y (N, 1)");
  EXPECT_EQ(told("y = image.mean((2, 3))"), "y (N, 3)");
  EXPECT_EQ(told("y = seq.permute(0, 2, 1)"), "y (N, 4, 6)");
  EXPECT_EQ(told("y = seq.reshape(seq.shape[0], -1)"), "y (N, 24)");
  EXPECT_EQ(told("y = seq.view(seq.size(0), seq.shape[1] * seq.shape[2])"), "y (N, 24)");
  EXPECT_EQ(told("y = seq.transpose(1, 2) @ seq"), "y (N, 4, 4)");
  EXPECT_EQ(told("y = torch.cat([x, z], dim=1)"), "y (N, 40)");
  EXPECT_EQ(told("y = torch.where(x > 0, x, 0.0)"), "y (N, 20)");
  EXPECT_EQ(told("y = where((x > 0) & ~mask, x, -x)"), "y (N, 20)");
  EXPECT_EQ(told("y = einsum('nij,njk->nik', seq.mT, seq)"), "y (N, 4, 4)");
  EXPECT_EQ(told("values, indices = x.topk(3)"), "values (N, 3), indices int64 (N, 3)");
  EXPECT_EQ(told("y = x.max(dim=1).values"), "y (N,)");
  EXPECT_EQ(told("y = torch.max(x, z)"), "y (N, 20)");
  EXPECT_EQ(told("y = x.max()"), "y ()");
  EXPECT_EQ(told("y = F.max_pool2d(image, 2)"), "y (N, 3, 4, 4)");
  EXPECT_EQ(told("w = param(hidden, 20)\nb = param(hidden)\ny = F.linear(x, w, b)"),
            "w (128, 20)\nb (128,)\ny (N, 128)");
  EXPECT_EQ(
      told("ws = [param(20, 20, init=xavier) for k in range(2)]\nh = x\nfor w_ in ws:\n    h = torch.tanh(h @ w_)"),
      "h (N, 20)\nw_ (20, 20)\nh (N, 20)")
      << "lines 2, 3 and 4";
  EXPECT_EQ(told("if act == 'gelu':\n    y = F.gelu(x)\nelse:\n    y = relu(x)[:, 0]"), "y (N, 20)");
  EXPECT_EQ(told("y = x\nfor k in range(len(seq.shape)):\n    y = y.unsqueeze(-1)"), "y (N, 20)\ny (N, 20, 1, 1, 1)");
  EXPECT_EQ(told("y = 2 - x + 1 / (x ** 2 + 1) - 2 ** x + x // 3 % 2"), "y (N, 20)");
  EXPECT_EQ(told("y = i.float() + i.to(torch.float32) / 2"), "y float32 (N, 20)");
  EXPECT_EQ(told("y = x.split([5, 15], dim=1)[1]"), "y (N, 15)");
  EXPECT_EQ(told("y = stack(x.unbind(1), dim=0)"), "y (20, N)");
  EXPECT_EQ(told("y = torch.zeros(3, 4) + torch.ones((4,))"), "y (3, 4)");
  EXPECT_EQ(told("y = F.layer_norm(x, (x.shape[-1],))"), "y (N, 20)");
  EXPECT_EQ(told("y = dropout(x, 0.1, training=self.training)"), "y (N, 20)");
  EXPECT_EQ(told("y = F.scaled_dot_product_attention(image, image, image, is_causal=True)"), "y (N, 3, 8, 8)");
  EXPECT_EQ(told("y = x * math.sqrt(hidden) * max(2, 3) * rate"), "y (N, 20)");
  EXPECT_EQ(told("a = x\nreturn a, a + 1"), "a (N, 20)\n(N, 20), (N, 20)");
  EXPECT_EQ(told("y = sum([x, z, 1])"), "y (N, 20)");
  EXPECT_EQ(told("y = x if x.shape[1] == 20 else z"), "y (N, 20)");
  EXPECT_EQ(told("y = F.cross_entropy(x, i[:, 0], reduction='none')"), "y (N,)");
}

TEST(Expression, MistakesAreUnderlinedAndNameTheRepair) {
  EXPECT_EQ(told("y = rellu(x)"), "1: [rellu] unknown function 'rellu'; did you mean 'relu'?");
  EXPECT_EQ(told("y = x.sofmax(dim=1)"), "1: [x.sofmax] unknown method 'sofmax'; did you mean 'softmax'?");
  EXPECT_EQ(told("h = x\ny = x + hh\nhh = 3"), "2: [hh] unknown name 'hh'; did you mean 'h'?");
  EXPECT_EQ(told("y = x.softmax(dm=1)"), "1: [1] 'softmax' has no argument 'dm'; did you mean 'dim'?");
  EXPECT_EQ(told("y = x.softmax()"), "1: [x.softmax()] 'dim' is missing; write softmax(self, dim, dtype=None)");
  EXPECT_EQ(told("y = x.softmax(dim='1')"), "1: ['1'] 'dim' of 'softmax' is a whole number, not \"1\"");
  EXPECT_EQ(told("y = relu(x, 3)"), "1: [3] 'relu' takes one argument by place, others by name: relu(self)");
  EXPECT_EQ(told("y = relu(3)"), "1: [3] 'self' of 'relu' is a tensor, not 3");
  EXPECT_EQ(told("y = x.gelu()"),
            "1: [x.gelu] 'gelu' is no method of tensors; write F.gelu(self, approximate=\"none\")");
  EXPECT_EQ(told("y = torch.gelu(x)"), "1: [torch.gelu] 'gelu' is not in torch; write F.gelu");
  EXPECT_EQ(told("y = expand(x, (2, 2))"),
            "1: [expand] 'expand' is a method of tensors; write x.expand(self, size, implicit=False)");
  EXPECT_EQ(told("y = x.add_(z)"), "1: [x.add_] 'add_' would change a tensor in its place; write x = x.add(...)");
  EXPECT_EQ(told("y = x @ m"),
            "1: [x @ m] `x @ m` cannot multiply (N, 20) by (4, 4): the columns of the first must be as many as the "
            "rows of the second");
  EXPECT_EQ(told("h = x\ny = h + w"),
            "2: [h + w] `h + w` cannot add (N, 20) and (20, 5): they differ in dimension 1 (20 and 5). Sizes must be "
            "equal or 1");
  EXPECT_EQ(told("y = x[:, 20]"),
            "1: [x[:, 20]] `x[:, 20]` cannot take 1 entries from 20 on along dimension 1, which has 20");
  EXPECT_EQ(told("y = x[1, 2, 3]"), "1: [1, 2, 3] the index speaks of 3 dimensions, but (N, 20) has 2");
  EXPECT_EQ(
      told("y = x[mask]"),
      "1: [mask] a mask as index gives as many values as it happens to mark; use where(mask, x, 0) or masked_fill");
  EXPECT_EQ(told("if x.sum() > 0:\n    y = x\nelse:\n    y = z"),
            "1: [x.sum() > 0] what a tensor holds is only known while it is computed; use where(condition, a, b), or "
            "an If node");
  EXPECT_EQ(told("if x.shape[0] == 3:\n    y = x\nelse:\n    y = z"),
            "1: [x.shape[0] == 3] whether N == 3 is only known for each batch");
  EXPECT_EQ(told("y = x / x.shape[0]"),
            "1: [x / x.shape[0]] the size N is only known for each batch and cannot be a number in a computation; use "
            "mean or "
            "sum, or a fixed size");
  EXPECT_EQ(told("y = x @ param(20, 3)"),
            "1: [x @ param(20, 3)] a weight needs a name: set it in a line of its own, w = param(...)");
  EXPECT_EQ(told("w_ = param(x.shape[0], 3)\ny = x @ w_"),
            "1: [x.shape[0]] a size of a weight is a fixed whole number, not the size N; write w = param(out, in_, "
            "init=xavier)");
  EXPECT_EQ(told("b = param(3, init=xavier)\ny = x + b"),
            "1: [b] 'xavier' counts inputs and outputs, so the weight needs two dimensions at least; use normal, "
            "uniform, zeros or "
            "ones");
  EXPECT_EQ(told("w_ = param(20, init=orthogonal)\ny = x + w_"),
            "1: [w_] 'orthogonal' is for weights of 2 dimensions at least, but this one has 1");
  EXPECT_EQ(told("w_ = param(2, 3, 4, init=eye)\ny = x + w_"),
            "1: [w_] 'eye' is for weights of 2 dimensions, but this one has 3");
  EXPECT_EQ(told("w_ = param(20, 3, init=dirac)\ny = x @ w_"),
            "1: [w_] 'dirac' is for weights of 3 to 5 dimensions, but this one has 2");
  EXPECT_EQ(told("w_ = param(6, 2, 3, init=dirac(groups=4))\ny = x + w_.sum()"),
            "1: [w_] groups must be a whole number that divides 6, but is 4");
  EXPECT_EQ(told("w_ = param(20, 3, init=sparse)\ny = x @ w_"),
            "1: [sparse] the number is missing; write init=sparse(0.5)");
  EXPECT_EQ(told("w_ = param(20, 3, init=sparse(std=0.5))\ny = x @ w_"),
            "1: [sparse(std=0.5)] the number is missing; write sparse(0.5)");
  EXPECT_EQ(told("w_ = param(20, 3, init=sparse(1.5))\ny = x @ w_"),
            "1: [w_] sparsity must be from 0 to 1, but is 1.5");
  EXPECT_EQ(told("w_ = param(20, 3, init=trunc_normal(a=2))\ny = x @ w_"), "1: [w_] a (2) must be below b (2)");
  EXPECT_EQ(told("w_ = param(20, 3, init=constant)\ny = x @ w_"),
            "1: [constant] the number is missing; write init=constant(0.5)");
  EXPECT_EQ(told("y = x\nfor k in range(2):\n    v = param(20)\n    y = y + v"),
            "3: [v] the weight 'v' is made twice; make a list of weights: vs = [param(...) for i in range(n)]");
  EXPECT_EQ(told("x + 1\ny = x"), "1: [x + 1] nothing uses what this line computes; give it a name: y = ...");
  EXPECT_EQ(
      told("y = 3"),
      "1: [y = 3] 'y' is a whole number and no tensor, so it cannot be a result; use it in a line below or delete it");
  EXPECT_EQ(told("# nothing"), "1: [# nothing] nothing is computed; write a line such as y = relu(x)");
  EXPECT_EQ(told("y = F.batch_norm(x, None, None)"),
            "1: [F.batch_norm] 'batch_norm' is not in F; write torch.batch_norm");
  EXPECT_EQ(told("y = torch.batch_norm(x, None, None, m, m, True, 0.1, 1e-5, True)"),
            "1: [m] 'running_mean' would be changed in its place, which an expression cannot do; give None");
  EXPECT_EQ(told("y = ~x"), "1: [~x] '~' is for tensors of True and False; this one holds numbers");
  EXPECT_EQ(told("y = x + 'a'"), "1: [x + 'a'] '+' does not go with a tensor and a text");
  EXPECT_EQ(told("y = x.item()"),
            "1: [x.item] what 'item' gives is only known while it is computed; go on with tensors");
  EXPECT_EQ(told("a = rellu(x)\nb = a + 1\ny = b\nq = nope2"),
            "1: [rellu] unknown function 'rellu'; did you mean 'relu'?")
      << "what follows from a mistake is not told again; nope2 is an input without a wire";
}

TEST(Expression, TellsTheMistakesOfAllLines) {
  EXPECT_EQ(told("a = rellu(x)\nb = x.sofmax(1)\ny = x + w"),
            "1: [rellu] unknown function 'rellu'; did you mean 'relu'?\n"
            "2: [x.sofmax] unknown method 'sofmax'; did you mean 'softmax'?\n"
            "3: [x + w] `x + w` cannot add (N, 20) and (20, 5): they differ in dimension 1 (20 and 5). Sizes must be "
            "equal or 1");
}

TEST(Expression, HostileSizesEndInAMistake) {
  EXPECT_EQ(
      told("y = x.reshape(4611686018427387904, 4)"),
      "1: [4611686018427387904] 4611686018427387904 is too large; whole numbers in calls lie between -2147483647 and "
      "2147483647");
  EXPECT_EQ(told("y = torch.zeros(2000000000, 2000000000)"),
            "1: [torch.zeros(2000000000, 2000000000)] `torch.zeros(2000000000, 2000000000)` would have (2000000000, "
            "2000000000) "
            "elements, more than 1,099,511,627,776");
  EXPECT_NE(told("y = torch.zeros(2000000000, 2000000000, 2000000000, 2000000000)").find("elements, more than"),
            std::string::npos);
  EXPECT_NE(told("y = x\nfor k in range(100):\n    y = torch.cat([y, y], dim=1)").find("elements, more than"),
            std::string::npos);
  EXPECT_NE(told("w_ = param(1048576, 1048577)\ny = w_").find("would have more than 1,099,511,627,776 numbers"),
            std::string::npos);
  EXPECT_EQ(told("w_ = param(-3)\ny = w_"),
            "1: [-3] a size of a weight is at least 1 and at most 1,099,511,627,776, but -3 is given");
  EXPECT_NE(told("y = x\nfor k in range(100000):\n    y = y + 1").find("this takes more than"), std::string::npos);
  EXPECT_NE(told("y = x.reshape(-5, 3)").find("reshape"), std::string::npos);
  EXPECT_NE(told("n = x.shape[0]\nfor k in range(1000):\n    n = n * n + 1\ny = x")
                .find("the formula of this size is too long"),
            std::string::npos);
  EXPECT_NE(
      told("y = " + std::string(10000, '(') + "x" + std::string(10000, ')')).find("nested more than 200 levels deep"),
      std::string::npos);
  std::string deep = "y = x";
  for (int k = 0; k < 5000; ++k) deep += ".relu()";
  EXPECT_NE(told(deep).find("nested more than 200 levels deep"), std::string::npos);
}

// --- in a graph
graph::Document network(const std::string& code) {
  graph::Document d;
  for (const auto& [kind, name] : {std::pair{"input", "x"}, {"expression", "e"}, {"output", "out"}}) {
    graph::Node node = newNode(*findLayer(kind), d, {});
    node.name = name;
    if (kind == std::string("expression")) node.params["code"] = code;
    if (kind == std::string("input")) node.params["shape"] = std::vector<int64_t>{20};
    d.nodes.push_back(node);
  }
  d.wires = {{{d.nodes[0].id, findLayer("input")->outputs[0].name}, {d.nodes[1].id, "x"}},
             {{d.nodes[1].id, "y"}, {d.nodes[2].id, findLayer("output")->inputs[0].name}}};
  return d;
}

TEST(Expression, IsALayerWithWeightsShapesAndCost) {
  const Lowered lowered =
      lowerGraph(network("w = param(5, x.shape[1], init=xavier)\nb = param(5)\ny = relu(F.linear(x, w, b))"));
  ASSERT_TRUE(lowered.diagnostics.empty()) << lowered.diagnostics[0].text();
  const program::Program& p = lowered.program;
  ASSERT_EQ(p.states.size(), 2u);
  EXPECT_EQ(p.states[0].name, "e.w");
  EXPECT_EQ(p.states[1].name, "e.b");
  ASSERT_EQ(p.initialisation.size(), 2u);
  EXPECT_NEAR(p.initialisation[0].b, std::sqrt(6.0 / 25), 1e-12) << "xavier_uniform";
  ASSERT_EQ(p.ops.size(), 2u);
  EXPECT_EQ(p.ops[0].info->id(), "linear");
  EXPECT_EQ(p.ops[1].info->id(), "relu");
  EXPECT_EQ(program::text(p.type(p.outputs[0].value)), "(N, 5)");
  EXPECT_EQ(lowered.nodes.at(p.ops[0].node.back()).parameters, 105);
}

TEST(Expression, ItsMistakesAreDiagnosticsWithTheirPlace) {
  const Lowered lowered = lowerGraph(network("h = x\ny = rellu(h)"));
  ASSERT_FALSE(lowered.diagnostics.empty());
  const Diagnostic& d = lowered.diagnostics[0];
  EXPECT_EQ(d.text(), "Expression 'e', line 2: unknown function 'rellu'; did you mean 'relu'?");
  EXPECT_EQ(d.param, "code");
  EXPECT_EQ(d.args.at("begin"), "10");
  EXPECT_EQ(d.args.at("end"), "15");
  EXPECT_EQ(d.args.at("column"), "5");
}

}  // namespace
}  // namespace netwright::layers::expressions
