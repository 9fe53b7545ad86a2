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

  std::string bytes(const ExportInput& input) const override {
    TextMap metadata = originOf(input);
    metadata["format"] = "pt";  // as the transformers library expects it
    return safetensorsBytes(tensors(input), metadata);
  }

  Comparison verify(const ExportInput& input, const std::filesystem::path& path, Evaluator&) const override {
    Comparison result;
    result.method = "the file read back and compared with the weights, number by number";
    const SafetensorsFile file = readSafetensors(path);
    result.equal = true;
    for (const NamedTensor& t : tensors(input)) {
      const HostTensor* read = file.find(t.name);
      result.outputs.push_back(difference(t.name, t.tensor, read ? *read : HostTensor(DType::Bool, {})));
      result.equal = result.equal && read && read->bytes == t.tensor.bytes;
    }
    return result;
  }

 private:
  static std::vector<NamedTensor> tensors(const ExportInput& input) {
    std::vector<const program::State*> states;
    for (const program::State& s : input.program.states) states.push_back(&s);
    const auto weights = weightsOf(input, states);
    std::vector<NamedTensor> list;
    for (size_t i = 0; i < states.size(); ++i) list.push_back({states[i]->name, *weights[i]});
    return list;
  }
};

}  // namespace

std::unique_ptr<Exporter> safetensors() { return std::make_unique<SafetensorsExporter>(); }

}  // namespace netwright::convert::exporters
