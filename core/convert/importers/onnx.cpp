// SPDX-License-Identifier: Apache-2.0
// ONNX: the initializers of a graph, which exporters name as the framework names its weights.
#include "core/convert/importer.h"
#include "core/convert/onnx/model.h"

namespace netwright::convert::importers {
namespace {

class OnnxImporter final : public Importer {
 public:
  WeightsFormat info() const override {
    return {"onnx", "ONNX", {"onnx"}, "The weights of an ONNX file; its graph is not read."};
  }
  // ModelProto begins with ir_version: field 1, a small varint; another field follows. A safetensors file may begin
  // with the same bytes, which are the size of its header there.
  bool recognises(std::string_view head) const override {
    return head.size() > 2 && head[0] == 0x08 && head[1] < 0x20 && head[2] != 0 && (head.size() <= 8 || head[8] != '{');
  }
  void read(const std::filesystem::path& path, const TensorSink& each) const override {
    for (NamedTensor& t : onnx::read(path).graph.initializers) each(std::move(t));
  }
  std::optional<std::string> graph(const std::filesystem::path& path) const override {
    const onnx::Model model = onnx::read(path);
    const auto found = model.metadata.find("netwright.graph");
    return found == model.metadata.end() ? std::nullopt : std::optional(found->second);
  }
};

}  // namespace

std::unique_ptr<Importer> onnx() { return std::make_unique<OnnxImporter>(); }

}  // namespace netwright::convert::importers
