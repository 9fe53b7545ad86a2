// SPDX-License-Identifier: Apache-2.0
// Plain C++17: a header with the network, its weights and an example, which need nothing but a compiler. One row per op
// (core/convert/cpp/rows), made of kernels (core/convert/cpp/kernels).
#include <fmt/format.h>

#include "core/convert/cpp/compiled.h"
#include "core/convert/cpp/rows.h"
#include "core/convert/cpp/weights_file.h"
#include "core/convert/exporter.h"
#include "core/program/control.h"

namespace netwright::convert::exporters {
namespace {

using program::Op;
using program::Program;

std::vector<TensorRef> weightsOf(const ExportInput& input, const cpp::Source& source) {
  const auto tensors = convert::weightsOf(input, source.states);
  std::vector<TensorRef> list;
  for (size_t i = 0; i < tensors.size(); ++i) list.push_back({source.states[i]->name, tensors[i]});
  return list;
}

class PlainCppExporter final : public Exporter {
 public:
  FormatInfo info() const override {
    FormatInfo info{"cpp",
                    "Plain C++17",
                    {},
                    "A folder with the network as one C++ header, its weights and an example, for programs without any "
                    "library.",
                    "# in {file}\ng++ -std=c++17 -O3 example.cpp -o example\n./example *.weights\n"};
    info.folder = true;
    return info;
  }

  cpp::Refusal refusal(const Program& program, const Op& op) const override {
    if (program::isControl(op)) return "which of its blocks run, and how often, is decided by the batch";
    const auto row = cpp::allRows().find(op.info->id());
    if (row == cpp::allRows().end()) return fmt::format("its operation {} cannot be written yet", op.info->id());
    if (auto reason = cpp::refuseTypes(program, op)) return reason;
    return row->second.refuse ? row->second.refuse(program, op) : std::nullopt;
  }

  std::vector<OutputFile> files(const ExportInput& input) const override {
    const cpp::Source source = cpp::printSource(input);
    std::vector<OutputFile> list = one(source.name + ".h", Chunks(source.header));
    list.push_back({source.name + ".weights", cpp::weightsContent(weightsOf(input, source))});
    list.push_back({"example.cpp", Chunks(source.example)});
    list.push_back({"README.md", Chunks(source.readme)});
    return list;
  }

  // The weights bit by bit; and the numbers of the code, where a compiler is found.
  Comparison prove(const ExportInput& input, const std::filesystem::path& path, Evaluator& evaluator,
                   const std::stop_token& stop) const override {
    const cpp::Source source = cpp::printSource(input);
    const std::filesystem::path file = path / (source.name + ".weights");
    Comparison weights =
        compareWeights(weightsOf(input, source), [&](const TensorSink& each) { cpp::readWeightsFile(file, each); });
    if (!weights.equal) return weights;
    const auto compiler = cpp::findCompiler();
    if (!compiler) {
      weights.also.push_back("The code was not run: no C++ compiler was found (CXX, g++, clang++).");
      return weights;
    }
    Comparison code = cpp::compareCompiled(
        input, evaluator, stop, {*compiler, path, "#include \"example.cpp\"\n", {"-std=c++17", "-O1"}}, file);
    code.also.push_back("The weights were read back and are the same, bit by bit.");
    return code;
  }
};

}  // namespace

std::unique_ptr<Exporter> plainCpp() { return std::make_unique<PlainCppExporter>(); }

}  // namespace netwright::convert::exporters
