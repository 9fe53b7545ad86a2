// SPDX-License-Identifier: Apache-2.0
// safetensors: a header in JSON, then the tensors.
#include "core/base/safetensors.h"

#include "core/convert/importer.h"

namespace netwright::convert::importers {
namespace {

class SafetensorsImporter final : public Importer {
 public:
  WeightsFormat info() const override {
    return {"safetensors", "safetensors", {"safetensors"}, "Weights as Hugging Face and Netwright write them."};
  }
  bool recognises(std::string_view head) const override { return head.size() > 8 && head[8] == '{'; }
  void read(const std::filesystem::path& path, const TensorSink& each) const override { readSafetensors(path, each); }
  std::optional<std::string> graph(const std::filesystem::path& path) const override {
    const TextMap metadata = readSafetensors(path, [](const NamedTensor&) {});
    const auto found = metadata.find("netwright.graph");
    return found == metadata.end() ? std::nullopt : std::optional(found->second);
  }
};

}  // namespace

std::unique_ptr<Importer> safetensors() { return std::make_unique<SafetensorsImporter>(); }

}  // namespace netwright::convert::importers
