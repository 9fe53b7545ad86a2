// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/proof.h"

#include <fmt/format.h>

#include "core/base/child_process.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/work_folder.h"
#include "core/convert/importer.h"
#include "core/convert/python/interpreter.h"
#include "core/convert/wire/state_dict.h"

namespace netwright::convert::pytorch {
namespace {

constexpr std::chrono::minutes kPatience{3};  // the first start of PyTorch after installing takes a minute
constexpr int kNoPyTorch = 77;

// Arguments: the folder, and another with inputs.pth, where outputs.pth and version are written.
constexpr const char* kScript = R"py(
import sys
sys.path[:] = [p for p in sys.path if p]
try:
    import torch
except ImportError:
    sys.exit(77)
import importlib.util
from pathlib import Path

folder, exchange = map(Path, sys.argv[1:])
spec = importlib.util.spec_from_file_location("model", folder / "model.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
model = module.load(folder / "weights.pth")
tensors = torch.load(exchange / "inputs.pth", weights_only=True)
batches = {}
for name, tensor in tensors.items():
    batch, _, _ = name.partition("/")
    batches.setdefault(int(batch), []).append(tensor)
results = {}
with torch.no_grad():
    for batch, inputs in batches.items():
        outputs = model(*inputs)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        for i, output in enumerate(outputs):
            results[f"{batch}/{i}"] = output.contiguous().clone()
torch.save(results, exchange / "outputs.pth")
(exchange / "version").write_text(torch.__version__)
)py";

std::vector<std::vector<NamedTensor>> byBatch(std::vector<NamedTensor> tensors, size_t batches) {
  std::vector<std::vector<NamedTensor>> lists(batches);
  for (NamedTensor& t : tensors) {
    const size_t slash = t.name.find('/');
    const size_t batch = slash == std::string::npos ? batches : std::stoul(t.name);
    if (batch < batches) lists[batch].push_back({t.name.substr(slash + 1), std::move(t.tensor)});
  }
  return lists;
}

std::string lastLine(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

std::optional<PythonResult> runModel(const std::filesystem::path& folder,
                                     const std::vector<std::vector<NamedTensor>>& inputs, std::string& missing,
                                     const std::stop_token& stop) {
  const WorkFolder exchange(std::filesystem::temp_directory_path() / "netwright-proof");
  std::vector<TensorRef> all;
  for (size_t batch = 0; batch < inputs.size(); ++batch)
    for (const NamedTensor& t : inputs[batch]) all.push_back({fmt::format("{}/{}", batch, t.name), &t.tensor});
  writeFileAtomic(exchange.path() / "inputs.pth", stateDict(all));
  ChildResult child;
  try {
    child = runChild({python::interpreter(), "-B", "-W", "ignore", "-c", kScript,
                      std::filesystem::absolute(folder).string(), exchange.path().string()},
                     exchange.path(), kPatience, stop);
  } catch (const Error&) {  // it is not there
    child.status = kNoPyTorch;
  }
  if (child.status == kNoPyTorch || child.status == 127) {
    missing =
        fmt::format("no Python with PyTorch was found ({}; NETWRIGHT_PYTHON names another)", python::interpreter());
    return std::nullopt;
  }
  if (child.stopped) failInput("Running model.py was cancelled.", "", "");
  if (child.timedOut) {
    missing = fmt::format("{} took more than {} minutes", python::interpreter(), kPatience.count());
    return std::nullopt;
  }
  if (child.status != 0)
    failEnvironment(fmt::format("{} was written, but PyTorch does not run it.", (folder / "model.py").string()),
                    lastLine(child.output), "Do not use the file, and report this.");
  return PythonResult{readFile(exchange.path() / "version"),
                      byBatch(readWeights(exchange.path() / "outputs.pth"), inputs.size())};
}

}  // namespace netwright::convert::pytorch
