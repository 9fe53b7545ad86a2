// SPDX-License-Identifier: Apache-2.0
#include "core/convert/libtorch/proof.h"

#include <fmt/format.h>

#include <cstdlib>

#include "core/base/child_process.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/convert/cpp/example.h"
#include "core/convert/cpp/model_printer.h"
#include "core/convert/libtorch/module_source.h"
#include "core/convert/model_part.h"
#include "core/convert/python/interpreter.h"

namespace netwright::convert::libtorch {
namespace fs = std::filesystem;
namespace {

// Where Python would load PyTorch from; it is not loaded. Empty where there is none.
std::string besidePython(const std::stop_token& stop) {
  constexpr const char* kAsk =
      "import importlib.util, sys\n"
      "sys.path[:] = [p for p in sys.path if p]\n"
      "spec = importlib.util.find_spec('torch')\n"
      "print(spec.submodule_search_locations[0] if spec else '', end='')\n";
  ChildResult asked;
  try {
    asked = runChild({python::interpreter(), "-c", kAsk}, fs::temp_directory_path(), std::chrono::minutes(1), stop);
  } catch (const Error&) {  // there is no such Python
    return "";
  }
  if (asked.stopped) failInput("Looking for LibTorch was cancelled.", "", "");
  return asked.status == 0 ? asked.output : "";
}

bool hasHeaders(const fs::path& folder) {
  std::error_code ec;
  return !folder.empty() && fs::exists(folder / "include/torch/csrc/api/include/torch/torch.h", ec) &&
         fs::exists(folder / "lib/libtorch_cpu.so", ec);
}

}  // namespace

std::optional<fs::path> findLibTorch(const std::stop_token& stop) {
  const char* given = std::getenv("NETWRIGHT_LIBTORCH");
  const fs::path folder = given ? std::string(given) : besidePython(stop);
  return hasHeaders(folder) ? std::optional(fs::absolute(folder)) : std::nullopt;
}

std::vector<std::string> compilerFlags(const fs::path& libtorch) {
  const std::string include = (libtorch / "include").string(), lib = (libtorch / "lib").string();
  return {"-std=c++20",
          "-O0",
          "-w",
          "-isystem",
          include,
          "-isystem",
          include + "/torch/csrc/api/include",
          "-L" + lib,
          "-ltorch_cpu",
          "-lc10",
          "-Wl,-rpath," + lib,
          "-Wl,--unresolved-symbols=ignore-in-shared-libs"};  // what a build for GPUs needs and does not bring
}

std::string proofSource(const ExportInput& input) {
  const cpp::Face face = cpp::faceOf(input);
  const std::vector<const program::Port*> ports = modelPart(input.program).inputs;
  std::vector<std::string> arguments;
  size_t argument = 3;
  for (const program::Port* port : ports) {
    const program::TensorType& type = input.program.tensorType(port->value);
    std::vector<std::string> sizes;
    for (const program::Dim& d : type.shape) sizes.push_back(cpp::text(d));
    arguments.push_back(
        fmt::format("numbers(argv[{}], {{{}}}, {})", argument++, joined(sizes, ", "), torchType(type.dtype)));
  }
  std::string writes;
  for (const cpp::Face::Port& p : face.outputs)
    writes += fmt::format("  save(argv[{}], y{});\n", argument++, face.outputs.size() == 1 ? "" : "." + p.name);
  return fmt::format(R"(#include "{0}.cpp"

#include <cstdlib>
#include <exception>
#include <iostream>

torch::Tensor numbers(const char* path, const std::vector<std::int64_t>& sizes, torch::Dtype type) {{
  std::ifstream in(path, std::ios::binary);
  torch::Tensor t = torch::empty(sizes, type);
  if (!in.read(static_cast<char*>(t.data_ptr()), static_cast<std::streamsize>(t.nbytes())))
    throw std::runtime_error(std::string(path) + " is too short");
  return t;
}}

void save(const char* path, const torch::Tensor& result) {{
  const torch::Tensor t = result.contiguous();
  std::ofstream(path, std::ios::binary)
      .write(static_cast<const char*>(t.data_ptr()), static_cast<std::streamsize>(t.nbytes()));
}}

int main(int argc, char** argv) try {{
  if (argc != {1}) return 2;
  const std::int64_t N = std::atoll(argv[2]);
  {0}::Model model;
  model->load_weights(argv[1]);
  model->eval();
  const torch::NoGradGuard noGradients;
  const auto y = model->forward({2});
{3}  return 0;
}} catch (const std::exception& e) {{
  std::cerr << e.what() << "\n";
  return 1;
}}
)",
                     face.stem, argument, joined(arguments, ", "), writes);
}

}  // namespace netwright::convert::libtorch
