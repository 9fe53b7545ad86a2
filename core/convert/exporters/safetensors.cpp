// SPDX-License-Identifier: Apache-2.0
// safetensors: the weights alone, by the names of PyTorch's state_dict, with the graph in the metadata.
#include "core/base/safetensors.h"

#include "core/convert/exporter.h"
#include "core/convert/model_part.h"

namespace netwright::convert::exporters {
namespace {

class SafetensorsExporter final : public Exporter {
 public:
  FormatInfo info() const override {
    return {
        "safetensors",
        "safetensors",
        {"safetensors"},
        "The trained weights alone, for PyTorch, JAX and everything from Hugging Face.",
        "from safetensors.torch import load_file\n\nweights = load_file(\"{file}\")\nmodel.load_state_dict(weights)\n",
        false};
  }

  std::optional<std::string> refusal(const program::Program&, const program::Op&) const override {
    return std::nullopt;
  }

  std::vector<OutputFile> files(const ExportInput& input) const override {
    TextMap metadata = originOf(input);
    metadata["format"] = "pt";  // as the transformers library expects it
    return one(input.fileName, safetensorsContent(statesOf(input), metadata));
  }

  Comparison prove(const ExportInput& input, const std::filesystem::path& path, Evaluator&,
                   const std::stop_token&) const override {
    return compareWeights(statesOf(input), [&](const TensorSink& each) { readSafetensors(path, each); });
  }
};

}  // namespace

std::unique_ptr<Exporter> safetensors() { return std::make_unique<SafetensorsExporter>(); }

}  // namespace netwright::convert::exporters
