// SPDX-License-Identifier: Apache-2.0
// C++ for LibTorch: the network as a class that derives from torch::nn::Module, with weights in safetensors and a
// CMakeLists.txt. It can be trained further.
#include <fmt/format.h>

#include "core/base/safetensors.h"
#include "core/convert/cpp/compiled.h"
#include "core/convert/exporter.h"
#include "core/convert/libtorch/module_source.h"
#include "core/convert/libtorch/proof.h"
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

  // The weights bit by bit; and the numbers of the class, where a compiler and a LibTorch are found.
  Comparison prove(const ExportInput& input, const std::filesystem::path& path, Evaluator& evaluator,
                   const std::stop_token& stop) const override {
    const std::filesystem::path file = path / "weights.safetensors";
    Comparison read = compareWeights(weights(input), [&](const TensorSink& each) { readSafetensors(file, each); });
    if (!read.equal) return read;
    const auto compiler = cpp::findCompiler();
    const auto libtorch = compiler ? libtorch::findLibTorch(stop) : std::nullopt;
    if (!libtorch) {
      read.also.push_back(fmt::format(
          "The code was not compiled: no {} was found.",
          compiler ? "LibTorch with its headers (NETWRIGHT_LIBTORCH, or that of a Python with PyTorch, python3 or "
                     "NETWRIGHT_PYTHON)"
                   : "C++ compiler (CXX, g++, clang++)"));
      return read;
    }
    Comparison code =
        cpp::compareCompiled(input, evaluator, stop,
                             {*compiler, path, libtorch::proofSource(input), libtorch::compilerFlags(*libtorch)}, file);
    code.method += fmt::format(" with the LibTorch in {}", libtorch->string());
    code.also.push_back("The weights were read back and are the same, bit by bit.");
    return code;
  }
};

}  // namespace

std::unique_ptr<Exporter> libtorch() { return std::make_unique<LibTorchExporter>(); }

}  // namespace netwright::convert::exporters
