// SPDX-License-Identifier: Apache-2.0
// C++ for LibTorch: the network as a class that derives from torch::nn::Module, with weights in safetensors and a
// CMakeLists.txt. It can be trained further.
#include "core/base/safetensors.h"
#include "core/convert/exporter.h"
#include "core/convert/libtorch/module_source.h"
#include "core/convert/model_part.h"
#include "core/convert/torchscript/source.h"

namespace netwright::convert::exporters {
namespace {

std::vector<TensorRef> weights(const ExportInput& input) {
  const ModelPart part = modelPart(input.program);
  const auto tensors = weightsOf(input, part.states);
  std::vector<TensorRef> list;
  for (size_t i = 0; i < tensors.size(); ++i) list.push_back({part.states[i]->name, tensors[i]});
  return list;
}

class LibTorchExporter final : public Exporter {
 public:
  FormatInfo info() const override {
    FormatInfo info{"libtorch",
                    "C++ for LibTorch",
                    {},
                    "A folder with the network as a C++ class of LibTorch, its weights and a CMakeLists.txt; it can be "
                    "trained further.",
                    "# in {file}\ncmake -B build -DCMAKE_PREFIX_PATH=/path/to/libtorch && cmake --build build\n"
                    "./build/example weights.safetensors\n"};
    info.folder = true;
    return info;
  }

  std::optional<std::string> refusal(const program::Program& program, const program::Op& op) const override {
    return libtorch::refusal(program, op);
  }

  std::vector<OutputFile> files(const ExportInput& input) const override {
    libtorch::Source source = libtorch::printSource(input);
    TextMap metadata = originOf(input);
    metadata["format"] = "pt";
    std::vector<OutputFile> list = one(source.name + ".h", Chunks(std::move(source.header)));
    list.push_back({source.name + ".cpp", Chunks(std::move(source.code))});
    list.push_back({"weights.safetensors", safetensorsContent(weights(input), metadata)});
    list.push_back({"main.cpp", Chunks(std::move(source.example))});
    list.push_back({"CMakeLists.txt", Chunks(std::move(source.cmake))});
    list.push_back({"README.md", Chunks(std::move(source.readme))});
    return list;
  }

  // Compiling needs LibTorch's headers and half a minute; the code is what the tests of Netwright compile and run.
  Comparison verify(const ExportInput& input, const std::filesystem::path& path, Evaluator&) const override {
    Comparison result = compareWeights(weights(input), readSafetensors(path / "weights.safetensors").tensors);
    result.also.push_back("The code was not compiled.");
    return result;
  }
};

}  // namespace

std::unique_ptr<Exporter> libtorch() { return std::make_unique<LibTorchExporter>(); }

}  // namespace netwright::convert::exporters
