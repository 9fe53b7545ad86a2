// SPDX-License-Identifier: Apache-2.0
// ONNX, opset 17: the evaluation graph with the weights, for ONNX Runtime and all that reads ONNX. One row per op.
#include <fmt/format.h>

#include <limits>
#include <map>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/convert/exporter.h"
#include "core/convert/model_part.h"
#include "core/convert/onnx/evaluator.h"
#include "core/convert/onnx/graph_printer.h"
#include "core/convert/onnx/model.h"

namespace netwright::convert::exporters {
namespace {

using onnx::Attribute;
using onnx::OpPrinter;
using program::Dim;
using program::Op;
using program::Program;
using Ints = std::vector<int64_t>;
using Refusal = std::optional<std::string>;

// The statistics that batch_norm uses in evaluation: true for those of the batch itself.
bool usesBatchStatistics(const Op& op) {
  const program::Argument& training = argument(op, "training");
  return isTraining(training) ? op.mode == Mode::Train : std::get<bool>(training);
}

void conv2d(OpPrinter& p) {
  const Ints pad = p.pair("padding"), weight = p.sizes("weight");
  std::vector<std::string> inputs{p.tensor("input"), p.tensor("weight")};
  if (p.has("bias")) inputs.push_back(p.tensor("bias"));
  p.result("Conv", inputs,
           {{"dilations", p.pair("dilation")},
            {"group", p.integer("groups")},
            {"kernel_shape", Ints{weight[2], weight[3]}},
            {"pads", Ints{pad[0], pad[1], pad[0], pad[1]}},
            {"strides", p.pair("stride")}});
}

void linear(OpPrinter& p) {
  const std::string x = p.tensor("input"), weight = p.tensor("weight");
  if (p.shape("input").size() == 2) {
    std::vector<std::string> inputs{x, weight};
    if (p.has("bias")) inputs.push_back(p.tensor("bias"));
    return p.result("Gemm", inputs, {{"transB", int64_t{1}}});
  }
  const std::string transposed = p.node("Transpose", {weight}, "weight_T", {{"perm", Ints{1, 0}}});
  if (!p.has("bias")) return p.result("MatMul", {x, transposed});
  p.result("Add", {p.node("MatMul", {x, transposed}, "product"), p.tensor("bias")});
}

// PyTorch's ceil_mode drops a window that starts in the right padding, readers of ONNX differ in it: so the margin that
// the last window needs is written, and no ceil_mode.
void maxPool2d(OpPrinter& p) {
  const Ints kernel = p.pair("kernel_size"), dilation = p.pair("dilation"), pad = p.pair("padding");
  const Ints stride = p.ints("stride").empty() ? kernel : p.pair("stride");
  const program::Shape &in = p.shape("self"), &out = p.resultShape();
  Ints end = pad;
  for (size_t i = 0; i < 2; ++i) {
    const auto size = in[2 + i].constant(), windows = out[2 + i].constant();
    if (!p.flag("ceil_mode") || !size || !windows) continue;
    const int64_t reach = (*windows - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1;
    end[i] = std::max(pad[i], reach - *size - pad[i]);
  }
  Ints pads{pad[0], pad[1], end[0], end[1]};
  std::string x = p.tensor("self");
  if (end[0] >= kernel[0] || end[1] >= kernel[1]) {  // more than ONNX Runtime allows: an own node makes the margin
    const std::string margins = p.integers("pads", {0, 0, pad[0], pad[1], 0, 0, end[0], end[1]});
    x = p.node("Pad", {x, margins, p.number("lowest", -std::numeric_limits<float>::infinity())}, "padded");
    pads = {0, 0, 0, 0};
  }
  p.result("MaxPool", {x}, {{"dilations", dilation}, {"kernel_shape", kernel}, {"pads", pads}, {"strides", stride}});
}
Refusal refuseMaxPool2d(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  if (in.size() != 4) return fmt::format("its input {} has no batch dimension", program::text(in));
  if (!std::get<bool>(argument(op, "ceil_mode")) || (in[2].constant() && in[3].constant())) return std::nullopt;
  return "ceil_mode needs an image of a known size";
}

// The sizes for Reshape: numbers, 0 for a leading size that is taken over, -1 for the one that is worked out; nullopt
// if more than that is unknown.
std::optional<Ints> flattenedSizes(const program::Shape& in, const program::Shape& out) {
  Ints sizes;
  bool open = false, aligned = true;
  for (size_t i = 0; i < out.size(); ++i) {
    aligned = aligned && i < in.size() && in[i] == out[i];
    if (const auto known = out[i].constant())
      sizes.push_back(*known);
    else if (aligned)
      sizes.push_back(0);
    else if (!std::exchange(open, true))
      sizes.push_back(-1);
    else
      return std::nullopt;
  }
  return sizes;
}
void flatten(OpPrinter& p) {
  const int64_t rank = static_cast<int64_t>(p.shape("self").size()), end = p.integer("end_dim");
  if (rank >= 2 && p.integer("start_dim") == 1 && (end == -1 || end == rank - 1))
    return p.result("Flatten", {p.tensor("self")}, {{"axis", int64_t{1}}});
  p.result("Reshape", {p.tensor("self"), p.integers("shape", *flattenedSizes(p.shape("self"), p.resultShape()))});
}
Refusal refuseFlatten(const Program& program, const Op& op) {
  const program::Shape& in = program.tensorType(tensorArgument(op, "self")).shape;
  if (flattenedSizes(in, program.tensorType(op.results[0]).shape)) return std::nullopt;
  return fmt::format("more than one size of {} is only known at run time", program::text(in));
}

void softmax(OpPrinter& p) { p.result("Softmax", {p.tensor("self")}, {{"axis", p.integer("dim")}}); }
Refusal refuseSoftmax(const Program&, const Op& op) {
  if (std::holds_alternative<None>(argument(op, "dtype"))) return std::nullopt;
  return "it changes the type of the numbers on the way";
}

void add(OpPrinter& p) {
  std::string other = p.tensor("other");
  if (const double alpha = p.scalar("alpha"); alpha != 1)
    other = p.node("Mul", {other, p.number("alpha", static_cast<float>(alpha))}, "scaled");
  p.result("Add", {p.tensor("self"), other});
}

void dropout(OpPrinter& p) { p.sameAs("input"); }
Refusal refuseDropout(const Program&, const Op& op) {
  const program::Argument& train = argument(op, "train");
  const bool draws = isTraining(train) ? op.mode == Mode::Train : std::get<bool>(train);
  if (!draws || std::get<double>(argument(op, "p")) == 0) return std::nullopt;
  return "it is fixed to training and draws at random, and the file holds the network in evaluation";
}

// Mean and variance of the batch itself, written out, because BatchNormalization has them in training mode only.
void batchStatistics(OpPrinter& p) {
  const size_t rank = p.shape("input").size();
  Ints axes{0}, perChannel{1, -1};
  for (size_t i = 2; i < rank; ++i) axes.push_back(static_cast<int64_t>(i)), perChannel.push_back(1);
  const std::vector<Attribute> over{{"axes", axes}, {"keepdims", int64_t{1}}};
  const std::string x = p.tensor("input");
  const std::string centred = p.node("Sub", {x, p.node("ReduceMean", {x}, "mean", over)}, "centred");
  const std::string variance = p.node("ReduceMean", {p.node("Mul", {centred, centred}, "squared")}, "variance", over);
  const std::string sum = p.node("Add", {variance, p.number("eps", static_cast<float>(p.real("eps")))}, "stabilised");
  std::vector<std::string> last{centred, p.node("Sqrt", {sum}, "deviation")};
  const char* lastOp = "Div";
  for (const auto& [slot, op] : {std::pair("weight", "Mul"), std::pair("bias", "Add")}) {
    if (!p.has(slot)) continue;
    const std::string before = p.node(lastOp, last, slot == std::string("weight") ? "normalised" : "scaled");
    const std::string sizes = p.integers(fmt::format("{}_shape", slot), perChannel);
    last = {before, p.node("Reshape", {p.tensor(slot), sizes}, fmt::format("{}_per_channel", slot))};
    lastOp = op;
  }
  p.result(lastOp, last);
}
void batchNorm(OpPrinter& p) {
  if (usesBatchStatistics(p.op())) return batchStatistics(p);
  const int64_t channels = p.sizes("running_mean")[0];
  const std::string weight = p.has("weight") ? p.tensor("weight") : p.filled("ones", channels, 1);
  const std::string bias = p.has("bias") ? p.tensor("bias") : p.filled("zeros", channels, 0);
  p.result("BatchNormalization", {p.tensor("input"), weight, bias, p.tensor("running_mean"), p.tensor("running_var")},
           {{"epsilon", static_cast<float>(p.real("eps"))}, {"momentum", static_cast<float>(1 - p.real("momentum"))}});
}

// Readers of protobuf stop at 2 GiB.
void requireSize(const ExportInput& input) {
  constexpr size_t kLimit = 2'000'000'000;
  size_t size = 0;
  for (const NamedTensor& t : input.weights) size += t.tensor.bytes.size();
  if (size > kLimit)
    failInput(fmt::format("'{}' is too large for one ONNX file.", input.modelName),
              fmt::format("Its weights are {}; the format holds {}.", byteText(static_cast<double>(size)),
                          byteText(static_cast<double>(kLimit))),
              "Export as TorchScript or safetensors.");
}

struct Row {
  void (*print)(OpPrinter&);
  Refusal (*refuse)(const Program&, const Op&) = nullptr;
};
const std::map<std::string, Row>& rows() {
  static const std::map<std::string, Row> kRows{
      {"add.Tensor", {add}},
      {"batch_norm", {batchNorm}},
      {"conv2d", {conv2d}},
      {"dropout", {dropout, refuseDropout}},
      {"flatten.using_ints", {flatten, refuseFlatten}},
      {"linear", {linear}},
      {"max_pool2d", {maxPool2d, refuseMaxPool2d}},
      {"relu", {[](OpPrinter& p) { p.result("Relu", {p.tensor("self")}); }}},
      {"softmax.int", {softmax, refuseSoftmax}},
  };
  return kRows;
}

class OnnxExporter final : public Exporter {
 public:
  FormatInfo info() const override {
    return {"onnx",
            "ONNX",
            {"onnx"},
            "The network and its weights for ONNX Runtime, OpenVINO, TensorRT, browsers and phones.",
            "import onnxruntime\n\nsession = onnxruntime.InferenceSession(\"{file}\")\n"
            "inputs = {i.name: your_array for i in session.get_inputs()}\noutputs = session.run(None, inputs)\n"};
  }

  Refusal refusal(const Program& program, const Op& op) const override {
    const auto row = rows().find(op.info->id());
    if (row == rows().end() || !op.regions.empty())
      return fmt::format("its operation {} has no counterpart there", op.info->id());
    return row->second.refuse ? row->second.refuse(program, op) : std::nullopt;
  }

  std::string bytes(const ExportInput& input) const override {
    requireSize(input);
    return onnx::serialise(onnx::printModel(input, [](OpPrinter& p) { rows().at(p.op().info->id()).print(p); }));
  }

  Comparison verify(const ExportInput& input, const std::filesystem::path& path, Evaluator& evaluator) const override {
    const onnx::Model model = onnx::parse(readFile(path), path.string());
    return compare(
        input.program, "the engine against the file, read back and evaluated by Netwright's own ONNX evaluator",
        [&](const auto& inputs) { return evaluator.evaluate(inputs); },
        [&](const auto& inputs) { return onnx::evaluate(model, inputs); });
  }
};

}  // namespace

std::unique_ptr<Exporter> onnx() { return std::make_unique<OnnxExporter>(); }

}  // namespace netwright::convert::exporters
