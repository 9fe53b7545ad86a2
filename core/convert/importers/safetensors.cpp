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
  std::vector<NamedTensor> weights(const std::filesystem::path& path) const override {
    return readSafetensors(path).tensors;
  }
  std::optional<std::string> graph(const std::filesystem::path& path) const override {
    const SafetensorsFile file = readSafetensors(path);
    const auto found = file.metadata.find("netwright.graph");
    return found == file.metadata.end() ? std::nullopt : std::optional(found->second);
  }
};

}  // namespace

std::unique_ptr<Importer> safetensors() { return std::make_unique<SafetensorsImporter>(); }

}  // namespace netwright::convert::importers
