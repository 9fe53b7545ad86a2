// SPDX-License-Identifier: Apache-2.0
// PyTorch's state dict: the weights alone, as torch.save writes them, without code of any kind: torch.load opens it
// with weights_only=True.
#include "core/convert/exporter.h"
#include "core/convert/importer.h"
#include "core/convert/model_part.h"
#include "core/convert/wire/state_dict.h"

namespace netwright::convert::exporters {
namespace {

class PthExporter final : public Exporter {
 public:
  FormatInfo info() const override {
    return {"pth",
            "PyTorch weights",
            {"pth"},
            "The trained weights alone, for load_state_dict of a PyTorch module with the same names.",
            "import torch\n\nweights = torch.load(\"{file}\", weights_only=True)\nmodel.load_state_dict(weights)\n",
            false};
  }

  std::optional<std::string> refusal(const program::Program&, const program::Op&) const override {
    return std::nullopt;
  }

  std::vector<OutputFile> files(const ExportInput& input) const override {
    return one(input.fileName, stateDict(statesOf(input), originOf(input)));
  }

  Comparison prove(const ExportInput& input, const std::filesystem::path& path, Evaluator&,
                   const std::stop_token&) const override {
    return compareWeights(statesOf(input), [&](const TensorSink& each) { readWeights(path, each); });
  }
};

}  // namespace

std::unique_ptr<Exporter> pth() { return std::make_unique<PthExporter>(); }

}  // namespace netwright::convert::exporters
