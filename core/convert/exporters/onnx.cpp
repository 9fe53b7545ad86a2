// SPDX-License-Identifier: Apache-2.0
// ONNX, opset 17: the evaluation graph with the weights, for ONNX Runtime and all that reads ONNX. One row per op.
#include <fmt/format.h>

#include "core/convert/exporter.h"
#include "core/convert/onnx/evaluator.h"
#include "core/convert/onnx/graph_printer.h"
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
    format.options = {boolParam("external_data", false)
                          .withDoc("Keep large weights in a file of their own beside the model, as models of more than "
                                   "2 GB always do.")};
    return format;
  }

  Refusal refusal(const Program& program, const Op& op) const override {
    const auto row = rows().find(op.info->id());
    if (row == rows().end() || !op.regions.empty())
      return fmt::format("its operation {} has no counterpart there", op.info->id());
    return row->second.refuse ? row->second.refuse(program, op) : std::nullopt;
  }

  std::vector<OutputFile> files(const ExportInput& input) const override {
    const std::string data = input.fileName + ".data";
    const bool beside = input.option<bool>(info(), "external_data") || needsDataFile(input);
    const onnx::Model model = onnx::printModel(input, [](OpPrinter& p) { rows().at(p.op().info->id()).print(p); });
    onnx::Serialised written = onnx::serialise(model, beside ? data : "");
    std::vector<OutputFile> list = one(input.fileName, std::move(written.model));
    if (written.data.size() > 0) list.push_back({data, std::move(written.data)});
    return list;
  }

  Comparison verify(const ExportInput& input, const std::filesystem::path& path, Evaluator& evaluator) const override {
    const onnx::Model model = onnx::read(path);
    return compare(
        input.program, "the engine against the file, read back and evaluated by Netwright's own ONNX evaluator",
        [&](const auto& inputs) { return evaluator.evaluate(inputs); },
        [&](const auto& inputs) { return onnx::evaluate(model, inputs); });
  }
};

}  // namespace

std::unique_ptr<Exporter> onnx() { return std::make_unique<OnnxExporter>(); }

}  // namespace netwright::convert::exporters
