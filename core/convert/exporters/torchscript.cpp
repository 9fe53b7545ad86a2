// SPDX-License-Identifier: Apache-2.0
// TorchScript: weights and code in one archive that PyTorch loads without Netwright, trains further and runs from C++.
// Layout, as torch.jit.save of PyTorch 2.13 writes it: archive/data.pkl (the module object), archive/code/ (source),
// archive/data/N (raw tensors), archive/constants.pkl, archive/version.
#include "core/base/json.h"
#include "core/convert/exporter.h"
#include "core/convert/model_part.h"
#include "core/convert/torchscript/source.h"
#include "core/convert/wire/pickle.h"
#include "core/convert/wire/pickle_tensor.h"
#include "core/convert/wire/zip.h"

namespace netwright::convert::exporters {
namespace {

// The order of attributes is that of the class in the source. Modules are written in evaluation mode.
void pickleModule(PickleWriter& out, const Module& module, const std::vector<const HostTensor*>& weights) {
  out.global("__torch__", module.type).emptyTuple().newObject().emptyDict().mark();
  for (const Module::Slot& s : module.slots) {
    out.text(s.name);
    pickleTensor(out, s.index, *weights[s.index], s.state->kind == program::StateKind::Parameter);
  }
  out.text("training").boolean(false);
  for (const auto& c : module.children) pickleModule(out.text(c->name), *c, weights);
  out.setItems().build();
}

// Readers give an operator the meaning that it had at the file's version; the lowest that will do is what PyTorch
// writes.
const char* version(const program::Program& program) {
  bool newer = false;
  visitOps(program, [&](const auto&, const program::Op& op) { newer = newer || op.info->id() == "gelu"; });
  return newer ? "10\n" : "3\n";  // before 10, gelu had no `approximate`
}

class TorchScriptExporter final : public Exporter {
 public:
  FormatInfo info() const override {
    return {"torchscript",
            "TorchScript",
            {"pt", "ts"},
            "The network and its weights for PyTorch, from Python and from C++; it can be trained further.",
            "import torch\n\nmodel = torch.jit.load(\"{file}\")\nmodel.eval()\noutput = model(your_tensor)\n"};
  }

  std::optional<std::string> refusal(const program::Program& program, const program::Op& op) const override {
    return torchscript::refusal(program, op);
  }

  std::vector<OutputFile> files(const ExportInput& input) const override {
    const ModelPart part = modelPart(input.program);
    const auto weights = weightsOf(input, part.states);
    const torchscript::ModuleTree tree(input, part);
    PickleWriter object, constants;
    pickleModule(object, tree.root(), weights);
    Json origin;
    for (const auto& [key, value] : originOf(input)) origin[key] = value;
    ZipWriter zip;
    zip.add("archive/data.pkl", object.finish());
    zip.add("archive/code/__torch__.py", torchscript::sourceOf(input.program, part, tree));
    for (size_t i = 0; i < weights.size(); ++i) zip.borrow("archive/data/" + std::to_string(i), bytesOf(*weights[i]));
    zip.add("archive/constants.pkl", constants.emptyTuple().finish());
    zip.add("archive/extra/netwright.json", origin.dump());  // torch.jit.load(..., _extra_files={"netwright.json": ""})
    zip.add("archive/byteorder", "little");
    zip.add("archive/version", version(input.program));
    return one(input.fileName, zip.finish());
  }

  Comparison prove(const ExportInput& input, const std::filesystem::path& path, Evaluator& evaluator,
                   const std::stop_token&) const override {
    const std::vector<int64_t> batches{1, 7};
    const auto engine = [&](const auto& inputs) { return evaluator.evaluate(inputs); };
    return compare(
        input.program, "the engine on the network against PyTorch's own loader on the file", engine,
        [&](const auto& inputs) { return evaluator.evaluateTorchScript(path, inputs); }, batches,
        Comparison::kTolerance, input.samples, otherWays(input.program, batches, engine));
  }
};

}  // namespace

std::unique_ptr<Exporter> torchscript() { return std::make_unique<TorchScriptExporter>(); }

}  // namespace netwright::convert::exporters
