// SPDX-License-Identifier: Apache-2.0
// ONNX, opset 17: the evaluation graph with the weights, for ONNX Runtime and all that reads ONNX. One row per op.
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/convert/exporter.h"
#include "core/convert/model_part.h"
#include "core/convert/onnx/evaluator.h"
#include "core/convert/onnx/graph_printer.h"
#include "core/convert/onnx/half.h"
#include "core/convert/onnx/model.h"
#include "core/convert/onnx/rows.h"

namespace netwright::convert::exporters {
namespace {

using onnx::OpPrinter;
using onnx::Refusal;
using program::Op;
using program::Program;

// Readers of protobuf stop at 2 GiB: above, the weights lie in a file beside the model.
bool needsDataFile(const ExportInput& input) {
  constexpr size_t kLimit = 2'000'000'000;
  size_t size = 0;
  for (const NamedTensor& t : input.weights) size += t.tensor.bytes.size();
  return size > kLimit;
}

const onnx::Rows& rows() {
  static const onnx::Rows kRows = [] {
    onnx::Rows all;
    for (onnx::Rows& family : onnx::rows::builtinRows()) all.merge(family);
    return all;
  }();
  return kRows;
}

class OnnxExporter final : public Exporter {
 public:
  FormatInfo info() const override {
    FormatInfo format{
        "onnx",
        "ONNX",
        {"onnx"},
        "The network and its weights for ONNX Runtime, OpenVINO, TensorRT, browsers and phones.",
        "import onnxruntime\n\nsession = onnxruntime.InferenceSession(\"{file}\")\n"
        "inputs = {i.name: your_array for i in session.get_inputs()}\noutputs = session.run(None, inputs)\n"};
    format.options = {
        choiceParam("dtype", {"float32", "float16"})
            .withDoc("The numbers inside; inputs and outputs stay float32. float16 halves the file and rounds."),
        intParam("batch", 1).min(1).orNone().withDoc("A fixed size of the batch; none leaves it free."),
        intParam("opset", 17)
            .min(onnx::kFirstOpset)
            .max(onnx::kLastOpset)
            .withDoc("The version of ONNX's operators: 17 is read by all readers since 2022."),
        boolParam("external_data", false)
            .withDoc("Keep large weights in a file of their own beside the model, as models of more than 2 GB always "
                     "do.")};
    format.options[1].fallback = None{};
    return format;
  }

  Refusal refusal(const Program& program, const Op& op) const override {
    const auto row = rows().find(op.info->id());
    if (row == rows().end()) return fmt::format("its operation {} has no counterpart there", op.info->id());
    return row->second.refuse ? row->second.refuse(program, op) : std::nullopt;
  }

  std::vector<OutputFile> files(const ExportInput& input) const override {
    const std::string data = input.fileName + ".data";
    const bool beside = input.option<bool>(info(), "external_data") || needsDataFile(input);
    onnx::Model model = onnx::printModel(input, {input.option<int64_t>(info(), "opset"), fixedBatch(input)},
                                         [](OpPrinter& p) { rows().at(p.op().info->id()).print(p); });
    if (isHalf(input)) onnx::makeHalf(model);
    onnx::Serialised written = onnx::serialise(model, beside ? data : "");
    std::vector<OutputFile> list = one(input.fileName, std::move(written.model));
    if (written.data.size() > 0) list.push_back({data, std::move(written.data)});
    return list;
  }

  Comparison prove(const ExportInput& input, const std::filesystem::path& path, Evaluator& evaluator,
                   const std::stop_token&) const override {
    const onnx::Model model = onnx::open(path);
    const auto batch = fixedBatch(input);
    const std::vector<int64_t> batches = batch ? std::vector{*batch} : std::vector<int64_t>{1, 7};
    const double tolerance = isHalf(input) ? Comparison::kHalfTolerance : Comparison::kTolerance;
    const auto engine = [&](const auto& inputs) { return evaluator.evaluate(inputs); };
    const auto ways = otherWays(input.program, batches, engine);
    Comparison proof = compare(
        input.program, "the engine against the file, read back and evaluated by Netwright's own ONNX evaluator", engine,
        [&](const auto& inputs) { return onnx::evaluate(model, inputs); }, batches, tolerance, input.samples, ways);
    if (!proof.incomparable.empty()) return proof;
    proveByRuntime(proof, input, path, evaluator, batches, tolerance, ways);
    if (!proof.equal && isHalf(input) && hasControl(input.program))
      proof.also.emplace_back("In float16 it may go another way where a number lies close to what decides.");
    return proof;
  }

 private:
  std::optional<int64_t> fixedBatch(const ExportInput& input) const {
    const auto* batch = std::get_if<int64_t>(&input.optionValue(info(), "batch"));
    return batch ? std::optional(*batch) : std::nullopt;
  }
  bool isHalf(const ExportInput& input) const { return input.option<std::string>(info(), "dtype") == "float16"; }

  // A second proof by the machine's ONNX Runtime, where there is one.
  static void proveByRuntime(Comparison& proof, const ExportInput& input, const std::filesystem::path& path,
                             Evaluator& evaluator, const std::vector<int64_t>& batches, double tolerance,
                             const std::vector<std::vector<NamedTensor>>& ways) {
    std::string by;
    try {
      Comparison other = compare(
          input.program, "", [&](const auto& inputs) { return evaluator.evaluate(inputs); },
          [&](const auto& inputs) {
            auto answer = evaluator.evaluateOnnx(path, inputs);
            by = answer ? answer->by : "";
            return answer ? std::move(answer->outputs) : std::vector<NamedTensor>();
          },
          batches, tolerance, input.samples, ways);
      other.method = by;
      if (by.empty())
        proof.also.push_back("ONNX Runtime was not found on this machine, so it has not read the file.");
      else
        proof.add(other);
    } catch (const Error& e) {  // a kernel that the runtime lacks is no fault of the file
      proof.equal = proof.equal && e.why.find("NOT_IMPLEMENTED") != std::string::npos;
      proof.also.push_back(fmt::format("{} {}", e.title, e.why));
    }
  }
};

}  // namespace

std::unique_ptr<Exporter> onnx() { return std::make_unique<OnnxExporter>(); }

}  // namespace netwright::convert::exporters
