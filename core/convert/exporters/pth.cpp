// SPDX-License-Identifier: Apache-2.0
// PyTorch's state dict: the weights alone, as torch.save writes them, without code of any kind: torch.load opens it
// with weights_only=True. Layout as PyTorch 2.13: archive/data.pkl, archive/data/N, archive/version, archive/byteorder.
#include "core/base/json.h"
#include "core/convert/exporter.h"
#include "core/convert/importer.h"
#include "core/convert/model_part.h"
#include "core/convert/wire/pickle_tensor.h"
#include "core/convert/wire/zip.h"

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
    const std::vector<TensorRef> tensors = statesOf(input);
    PickleWriter object;
    object.global("collections", "OrderedDict").emptyTuple().reduce().mark();
    for (size_t i = 0; i < tensors.size(); ++i) {
      object.text(tensors[i].name);
      pickleTensor(object, i, *tensors[i].tensor, false);
    }
    ZipWriter zip;
    zip.add("archive/data.pkl", object.setItems().finish());
    zip.add("archive/byteorder", "little");
    for (size_t i = 0; i < tensors.size(); ++i)
      zip.borrow("archive/data/" + std::to_string(i), bytesOf(*tensors[i].tensor));
    zip.add("archive/version", "3\n");
    Json origin;
    for (const auto& [key, value] : originOf(input)) origin[key] = value;
    zip.add("archive/extra/netwright.json", origin.dump());
    return one(input.fileName, zip.finish());
  }

  Comparison verify(const ExportInput& input, const std::filesystem::path& path, Evaluator&) const override {
    return compareWeights(statesOf(input), readWeights(path));
  }
};

}  // namespace

std::unique_ptr<Exporter> pth() { return std::make_unique<PthExporter>(); }

}  // namespace netwright::convert::exporters
