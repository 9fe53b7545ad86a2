// SPDX-License-Identifier: Apache-2.0
// Property: random code gives the values, the gradients and the shapes that the real PyTorch gives for the same text,
// and is refused where PyTorch refuses it. Python runs both: the text as it would be exported, and the ops made of it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/graph/document.h"
#include "core/layers/expressions/expression.h"
#include "core/layers/expressions/functions.h"
#include "core/layers/lowering.h"
#include "core/layers/registry.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace netwright::layers::expressions {
namespace {

using program::Dim;

const Dim kBatch = Dim::symbol("N");
const std::map<std::string, program::ValueType> kInputs{{"x", program::TensorType{DType::DefaultFloat, {kBatch, 4, 6}}},
                                                        {"z", program::TensorType{DType::DefaultFloat, {kBatch, 4, 6}}},
                                                        {"m", program::TensorType{DType::DefaultFloat, {6, 6}}},
                                                        {"v", program::TensorType{DType::DefaultFloat, {6}}},
                                                        {"i", program::TensorType{DType::Int64, {kBatch, 4, 6}}}};
const Attributes kNames{{"k", int64_t{2}}, {"rate", 0.5}, {"act", std::string("gelu")}};

class Generator {
 public:
  std::string code() {
    variables_ = {"x", "x", "z", "m", "v", "i"};
    lines_.clear();
    for (size_t n = 1 + random_() % 4; n > 0; --n) statement();
    std::string all;
    for (const std::string& line : lines_) all += line + "\n";
    return all + "return " + variables_.back();
  }

 private:
  void statement() {
    const std::string name = fmt::format("h{}", lines_.size());
    switch (random_() % 9) {
      case 0:
        lines_.push_back(fmt::format("{} = param(6, {}, init={})", name, pick({"6", "k", "3"}),
                                     pick({"xavier", "normal(0, 0.5)", "0.25"})));
        break;
      case 1:
        lines_.push_back(fmt::format(
            "{} = {}\nfor j in range({}):\n    {} = {}", name, tensor(1), pick({"1", "2", "3"}), name,
            pick({name + " * 0.5 + j", "torch.tanh(" + name + ")", name + " + " + tensor(0), name + ".unsqueeze(0)"})));
        break;
      case 2:
        lines_.push_back(fmt::format("if {}:\n    {} = {}\nelse:\n    {} = {}",
                                     pick({"k == 2", "x.shape[1] > 5", "act == 'relu' or x.ndim == 3", "not k"}), name,
                                     tensor(1), name, tensor(1)));
        break;
      case 3:
        lines_.push_back(fmt::format("{}, rest{} = {}", name, lines_.size(),
                                     pick({tensor(0) + ".chunk(2, dim=-1)", tensor(0) + ".topk(2)",
                                           tensor(0) + ".sort(dim=-1)", tensor(0) + ".split([2, 4], dim=-1)",
                                           tensor(0) + ".max(dim=-1)", "torch.min(" + tensor(0) + ", 1)"})));
        break;
      default:
        lines_.push_back(name + " = " + tensor(1 + static_cast<int>(random_() % 2)));
    }
    variables_.push_back(name);
  }

  std::string tensor(int depth) {
    if (depth == 0) return pick(variables_);
    const auto t = [&] { return tensor(depth - 1); };
    switch (random_() % 14) {
      case 0:
        return pick({"relu", "torch.sigmoid", "F.gelu", "tanh", "exp", "F.softplus", "sin", "torch.abs", "F.silu",
                     "square", "neg", "F.elu"}) +
               "(" + t() + ")";
      case 1:
      case 2:
        return "(" + t() + " " + pick({"+", "-", "*", "/", "+", "*"}) + " " + t() + ")";
      case 3:
        return "(" + pick({"2", "0.5", "-1", "k", "rate", "True"}) + " " + pick({"+", "-", "*", "/", "**", "//", "%"}) +
               " " + t() + ")";
      case 4:
        return "(" + t() + " " + pick({"+ 1", "- 0.5", "* k", "/ 3", "** 2", "// 2", "% 3", "@ m", "@ v", "@ x.mT"}) +
               ")";
      case 5:
        return t() + "." +
               pick({"softmax(dim=-1)", "softmax(1)", "log_softmax(dim=2)", "cumsum(dim=-1)", "sum(dim=1)",
                     "mean(dim=-1, keepdim=True)", "mean((1, 2))", "amax(dim=1)", "std(dim=-1)", "logsumexp(dim=-1)",
                     "sum()", "mean()", "prod(dim=-1)", "var(dim=-1, correction=0)"});
      case 6:
        return t() + "." +
               pick({"permute(0, 2, 1)", "transpose(1, 2)", "transpose(-1, -2)", "reshape(-1)",
                     "reshape(x.shape[0], -1)", "flatten(1)", "unsqueeze(1)", "unsqueeze(-1)", "squeeze()",
                     "view(-1, 6)", "T", "mT", "expand(2, -1, -1, -1)", "flip(-1)", "repeat(1, 1, 2)", "t()",
                     "contiguous()", "roll(1, dims=-1)"});
      case 7:
        return t() + pick({"[0]", "[:, 0]", "[..., 1:3]", "[:, ::2]", "[:, None]", "[..., -1]", "[:, 1:, :-1]",
                           "[:, 9]", "[-1, ..., ::3]", "[:, -3:-1]"});
      case 8:
        return "torch." + pick({"cat", "stack"}) + "([" + t() + ", " + t() + "], dim=" + pick({"0", "1", "-1"}) + ")";
      case 9:
        return "where(" + t() + pick({" > 0", " <= 0.5", " != 0"}) + ", " + t() + ", " + pick({"0.0", "1", t()}) + ")";
      case 10:
        return pick({"clamp(" + t() + ", -0.5, 0.5)", t() + ".clamp(min=0)", "F.leaky_relu(" + t() + ", 0.2)",
                     "maximum(" + t() + ", " + t() + ")", "torch.max(" + t() + ", " + t() + ")",
                     "F.layer_norm(" + t() + ", (6,))", "F.glu(" + t() + ", dim=-1)",
                     "torch.lerp(" + t() + ", " + t() + ", 0.3)", "F.pad(" + t() + ", (1, 2))", "tril(" + t() + ")",
                     "masked_fill(" + t() + ", " + t() + " > 0, 0.5)", "torch.pow(2, " + t() + ")",
                     "einsum('nij,njk->nik', " + t() + ", " + t() + ".mT)", "F.linear(" + t() + ", m, v)",
                     "pow(" + t() + ", 2)"});
      case 11:
        return "sum([" + t() + " * j for j in range(1, 3)])";
      case 12:
        return pick({"F.mse_loss(" + t() + ", " + t() + ", reduction='none')",
                     "F.smooth_l1_loss(" + t() + ", " + t() + ")",
                     "F.cosine_similarity(" + t() + ", " + t() + ", dim=-1)", "torch.gather(" + t() + ", -1, i.abs())",
                     "F.scaled_dot_product_attention(" + t() + ", " + t() + ", " + t() + ")",
                     "torch.zeros_like(" + t() + ") + 1", "(" + t() + " > 0).to(x.dtype)",
                     "(" + t() + " > " + t() + ") & (" + t() + " < 1)", "~(" + t() + " > 0)", "i.to(x.dtype) / 3"});
      default:
        return t() + " if " + pick({"k > 1", "rate == 0.5", "x.size(-1) == 6"}) + " else " + t();
    }
  }

  std::string pick(const std::vector<std::string>& of) { return of[random_() % of.size()]; }
  std::mt19937 random_{23};
  std::vector<std::string> variables_, lines_;
};

Json sizesOf(const program::Shape& shape) {
  Json sizes = Json::array();
  for (const Dim& d : shape) sizes.push_back(*d.evaluate({{"N", 3}}));
  return sizes;
}

Json argumentOf(const Argument& a) {
  if (const auto* v = std::get_if<program::ValueId>(&a)) return {{"value", v->index}};
  if (const auto* v = std::get_if<std::vector<program::ValueId>>(&a)) {
    Json list = Json::array();
    for (const program::ValueId id : *v) list.push_back(id.index);
    return {{"values", list}};
  }
  if (const auto* v = std::get_if<bool>(&a)) return *v;
  if (const auto* v = std::get_if<Dim>(&a)) return *v->evaluate({{"N", 3}});
  if (const auto* v = std::get_if<double>(&a)) return {{"float", fmt::format("{}", *v)}};
  if (const auto* v = std::get_if<std::string>(&a)) return *v;
  if (const auto* v = std::get_if<program::Shape>(&a)) return sizesOf(*v);
  if (const auto* v = std::get_if<DType>(&a)) return {{"dtype", name(*v == DType::DefaultFloat ? DType::Float64 : *v)}};
  return nullptr;
}

// The code lowered alone: its ops, weights and the shape of its result, or its mistakes.
Json lowered(const std::string& code) {
  const LayerSpec* layer = findLayer(kKind);
  program::Builder builder;
  graph::Node node;
  node.id = NodeId{1};
  node.kind = kKind;
  node.name = "e";
  node.params[kCode] = code;
  builder.enter({{node.id}, node.name, "e", Mode::Follow, program::Part::Model});
  std::map<std::string, program::ValueId> values;
  Json inputs = Json::array();
  for (const auto& [port, type] : kInputs) {
    values[port] = builder.input(port, type.tensor());
    inputs.push_back({{"name", port}, {"value", values[port].index}});
  }
  node.names = kNames;
  Lowering lowering(builder, *layer, node, values);
  layer->lower(lowering);
  Json entry{{"code", code}};
  if (!lowering.diagnostics.empty()) {
    entry["mistake"] = lowering.diagnostics[0].args.at("problem");
    return entry;
  }
  const program::Program& p = builder.program();
  entry["lines"] = Json::array();
  for (const std::string& line : pythonLines(code, kInputs, kNames)) entry["lines"].push_back(line);
  entry["inputs"] = inputs;
  entry["states"] = Json::array();
  for (const program::State& s : p.states)
    entry["states"].push_back(
        {{"slot", s.id.slot}, {"value", s.value.index}, {"sizes", sizesOf(p.tensorType(s.value).shape)}});
  entry["ops"] = Json::array();
  for (const program::Op& op : p.ops) {
    Json args = Json::array(), results = Json::array();
    for (size_t i = 0; i < op.args.size(); ++i) {
      const std::string& type = op.info->schema.arguments[i].type;
      if (type != "Layout?" && type != "Device?" && type != "MemoryFormat?" && type != "Generator?")
        args.push_back({{"name", op.info->schema.arguments[i].name}, {"value", argumentOf(op.args[i])}});
    }
    for (const program::ValueId r : op.results) results.push_back(r.index);
    entry["ops"].push_back(
        {{"name", op.info->schema.name}, {"overload", op.info->schema.overload}, {"args", args}, {"results", results}});
  }
  entry["guarded"] = std::any_of(p.dimGuards.begin(), p.dimGuards.end(), [](const program::DimGuard& g) {
    return g.a.evaluate({{"N", 3}}) != g.b.evaluate({{"N", 3}});
  });
  const program::ValueId result = lowering.outputs.begin()->second;
  entry["result"] = result.index;
  entry["shape"] = sizesOf(p.tensorType(result).shape);
  const DType dtype = p.tensorType(result).dtype;
  entry["dtype"] = name(dtype == DType::DefaultFloat ? DType::Float64 : dtype);
  return entry;
}

void expectTorchAgrees(const Json& all) {
  const std::string python = test::peerPython();
  ASSERT_FALSE(python.empty()) << "No Python with PyTorch was found. ./test installs one; or set NW_PEER_PY.";
  const test::TempFolder folder;
  writeFileAtomic(folder.path() / "expressions.json", all.dump());
  const test::Outcome outcome =
      test::runShell("'" + python + "' '" NETWRIGHT_SOURCE_DIR "/tests/peers/check_expressions.py' '" +
                     (folder.path() / "expressions.json").string() + "'");
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

TEST(ExpressionPeers, ComputeWhatTorchComputesForTheSameText) {
  Generator generator;
  Json cases = Json::array();
  for (int n = 0; n < 3000; ++n) cases.push_back(lowered(generator.code()));
  expectTorchAgrees({{"cases", cases}});
}

TEST(ExpressionPeers, ComputeWhatTorchComputesWithFunctionsThatChooseAmongOps) {
  Json cases = Json::array();
  for (const char* code :
       {"return F.interpolate(x, scale_factor=2)", "return F.interpolate(x, 9, mode='linear')",
        "return F.interpolate(x.unsqueeze(1), size=(8, 3), mode='bilinear', align_corners=True)",
        "return F.interpolate(x.unsqueeze(1), scale_factor=(0.5, 1.5), mode='bicubic')",
        "return F.interpolate(x.unsqueeze(1), scale_factor=2)",
        "return F.interpolate(x.unflatten(2, (2, 3)).unsqueeze(1), scale_factor=2, mode='trilinear')",
        "y, i = F.max_pool1d_with_indices(x, 2)\nreturn F.max_unpool1d(y, i, 2)",
        "y, i = F.max_pool2d_with_indices(x.unsqueeze(1), 2)\nreturn F.max_unpool2d(y, i, 2)",
        "y, i = F.max_pool2d_with_indices(x.unsqueeze(1), (2, 3), stride=(2, 3))\n"
        "return F.max_unpool2d(y, i, (2, 3), stride=(2, 3), padding=0)",
        "y, i = F.max_pool3d_with_indices(x.unflatten(2, (2, 3)).unsqueeze(1), (2, 1, 1))\n"
        "return F.max_unpool3d(y, i, (2, 1, 1))",
        "w = param(18, 6, init=xavier)\nu = param(18, 6, init=xavier)\nreturn torch.gru_cell(x[:, 0], z[:, 0], w, u)",
        "w = param(24, 6, init=xavier)\nu = param(24, 6, init=xavier)\n"
        "h, c = torch.lstm_cell(x[:, 0], (z[:, 0], z[:, 1]), w, u)\nreturn h + c",
        "w = param(6, 6, init=xavier)\nu = param(6, 6, init=xavier)\n"
        "return torch.rnn_tanh_cell(x[:, 0], z[:, 0], w, u) + torch.rnn_relu_cell(x[:, 0], z[:, 0], w, u)",
        "w = param(18, 6, init=xavier)\nu = param(18, 6, init=xavier)\n"
        "y, h = torch.gru(x, z[:, 0].unsqueeze(0), [w, u], False, 1, 0.0, False, False, True)\nreturn y + h.sum()",
        "w = param(24, 6, init=xavier)\nu = param(24, 6, init=xavier)\n"
        "y, h, c = torch.lstm(x, (z[:, 0].unsqueeze(0), z[:, 1].unsqueeze(0)), [w, u], False, 1, 0.0, False, False, "
        "True)\nreturn y + h.sum() + c.sum()",
        "return F.ctc_loss(F.log_softmax(x.transpose(0, 1), dim=-1), i[:, 0, 0:2], (v[0:3] * 0 + 4).long(), "
        "(v[0:3] * 0 + 2).long())"}) {
    cases.push_back(lowered(code));
    EXPECT_FALSE(cases.back().contains("mistake")) << code << "\n" << cases.back().dump();
  }
  expectTorchAgrees({{"cases", cases}});
}

// Written to in their place: no function of a formula. Windows of fractional pooling are drawn by the layer.
TEST(Expression, EveryOpOfTheCatalogueCanBeCalled) {
  const std::set<std::string> none{
      "add_", "copy_", "embedding_renorm_", "fractional_max_pool2d", "fractional_max_pool3d", "lerp_"};
  std::set<std::string> called;
  for (const Function& f : functions())
    for (const program::OpInfo* op : f.overloads) called.insert(op->schema.name);
  for (const char* chosen :
       {"upsample_bicubic2d", "upsample_bilinear2d", "upsample_linear1d", "upsample_nearest1d", "upsample_nearest2d",
        "upsample_nearest3d", "upsample_trilinear3d", "max_unpool2d", "max_unpool3d", "rsub", "slice"})
    called.insert(chosen);  // by interpolate, max_unpool, 1 - x and x[1:]
  for (const auto& [id, op] : program::catalogue())
    EXPECT_EQ(called.contains(op.schema.name), !none.contains(op.schema.name)) << id;
}

TEST(ExpressionPeers, FunctionsAreWhereTorchHasThem) {
  Json list = Json::array();
  for (const Function& f : functions())
    list.push_back({{"name", f.name},
                    {"torch", f.inTorch},
                    {"F", f.inF},
                    {"method", f.isMethod},
                    {"places", f.places},
                    {"schema", f.overloads[0]->schemaText}});
  expectTorchAgrees({{"functions", list}});
}

}  // namespace
}  // namespace netwright::layers::expressions
