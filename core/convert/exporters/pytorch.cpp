// SPDX-License-Identifier: Apache-2.0
// A PyTorch project: the network as source code that a person can read and change, its weights in both usual forms, and
// a program that repeats the training. Layout: model.py, weights.pth, weights.safetensors, train.py, requirements.txt,
// README.md.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/safetensors.h"
#include "core/base/text.h"
#include "core/convert/exporter.h"
#include "core/convert/importer.h"
#include "core/convert/model_part.h"
#include "core/convert/python/op_text.h"
#include "core/convert/pytorch/model_source.h"
#include "core/convert/pytorch/proof.h"
#include "core/convert/wire/state_dict.h"

namespace netwright::convert::exporters {
namespace {

using pytorch::ModelSource;

// The versions that the tests run with.
constexpr const char* kTorch = "torch==2.13.0";
const std::map<std::string, std::string> kPackages{{"numpy", "numpy==2.4.6"}};

ModelSource sourceOf(const ExportInput& input) {
  return pytorch::modelSource(input.modelName, input.drawn ? *input.drawn : input.graph);
}

// The weights of the network under the names of model.py.
std::vector<TensorRef> statesOf(const ExportInput& input, const ModelSource& model) {
  const std::vector<const program::State*> states = modelPart(input.program).states;
  const auto weights = weightsOf(input, states);
  std::vector<TensorRef> list;
  for (size_t i = 0; i < states.size(); ++i) {
    const auto it = model.renamed.find(states[i]->name);
    list.push_back({it == model.renamed.end() ? states[i]->name : it->second, weights[i]});
  }
  return list;
}

// User's text as one line of Markdown.
std::string inMarkdown(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]<>()#+-!|~").find(c) != std::string_view::npos) out += '\\';
    out += c >= 0 && c < ' ' ? ' ' : c;
  }
  return out;
}

std::string readme(const ExportInput& input, const ModelSource& model) {
  std::string text = fmt::format(
      "# {0}\n\nA network drawn in Netwright, as a PyTorch project (written by {1}).\n\n"
      "```\npython -m pip install -r requirements.txt\npython -c \"from model import load; print(load())\"\n{2}```\n\n"
      "| file | what |\n|---|---|\n"
      "| model.py | the network: the class `{3}`, and `load()`, which gives it with its trained weights |\n"
      "| weights.pth | the weights, for `torch.load(..., weights_only=True)` |\n"
      "| weights.safetensors | the same weights, for everything that reads safetensors; the graph is in its metadata "
      "|\n",
      inMarkdown(input.modelName), producer(input), input.training.text.empty() ? "" : "python train.py\n",
      model.className);
  if (!input.training.text.empty())
    text += "| train.py | repeats the training from the beginning; `python train.py --help` tells more |\n";
  text += "| requirements.txt | the versions that this was tried with |\n";
  if (!input.training.refusal.empty()) text += fmt::format("\nThere is no train.py: {}\n", input.training.refusal);
  if (!model.renamed.empty()) {
    text += "\nWeights that PyTorch calls otherwise, because a module keeps some words for itself:\n\n";
    for (const auto& [ours, theirs] : model.renamed)
      text += fmt::format("- {} is {}\n", inMarkdown(ours), inMarkdown(theirs));
  }
  return text;
}

std::string requirements(const ExportInput& input) {
  std::string text = std::string(kTorch) + "\n";
  for (const std::string& package : input.training.packages) text += kPackages.at(package) + "\n";
  return text;
}

// Both files of weights against the weights.
Comparison compareFiles(const std::vector<TensorRef>& states, const std::filesystem::path& folder) {
  Comparison pth = compareWeights(states, [&](const TensorSink& each) { readWeights(folder / "weights.pth", each); });
  const Comparison other =
      compareWeights(states, [&](const TensorSink& each) { readSafetensors(folder / "weights.safetensors", each); });
  if (pth.equal && !other.equal) pth = other;
  pth.method = "weights.pth and weights.safetensors read back and compared with the weights, number by number";
  return pth;
}

class PyTorchExporter final : public Exporter {
 public:
  FormatInfo info() const override {
    FormatInfo info{"pytorch",
                    "PyTorch project",
                    {},
                    "Source code of the network to read and change, its weights, and a program that repeats the "
                    "training.",
                    "# in the folder {file}\nfrom model import load\n\nmodel = load()\noutput = model(your_tensor)\n"};
    info.folder = true;
    info.repeatsTraining = true;
    return info;
  }

  std::optional<std::string> refusal(const program::Program& program, const program::Op& op) const override {
    return op.regions.empty() ? python::unprintable(program, op) : std::nullopt;
  }

  std::vector<OutputFile> files(const ExportInput& input) const override {
    const ModelSource model = sourceOf(input);
    const std::vector<TensorRef> states = statesOf(input, model);
    TextMap metadata = originOf(input);
    std::vector<OutputFile> all = one("model.py", Chunks(model.text));
    all.push_back({"weights.pth", stateDict(states, metadata)});
    metadata["format"] = "pt";
    all.push_back({"weights.safetensors", safetensorsContent(states, metadata)});
    if (!input.training.text.empty()) all.push_back({"train.py", Chunks(input.training.text)});
    all.push_back({"requirements.txt", Chunks(requirements(input))});
    all.push_back({"README.md", Chunks(readme(input, model))});
    return all;
  }

  Comparison prove(const ExportInput& input, const std::filesystem::path& path, Evaluator& evaluator,
                   const std::stop_token& stop) const override {
    const ModelSource model = sourceOf(input);
    const Comparison weights = compareFiles(statesOf(input, model), path);
    if (!weights.equal) return weights;
    const std::vector<int64_t> batches{1, 7};
    const auto engine = [&](const auto& in) { return evaluator.evaluate(in); };
    const auto ways = otherWays(input.program, batches, engine);
    std::vector<std::vector<NamedTensor>> inputs;  // in the order in which compare() asks
    for (const int64_t batch : batches)
      if (auto in = sampleInputs(input.program, batch); isAccepted(input.program, engine, in))
        inputs.push_back(std::move(in));
    for (const auto* more : {&input.samples, &ways}) inputs.insert(inputs.end(), more->begin(), more->end());
    std::string missing;
    const auto python = pytorch::runModel(path, inputs, missing, stop);
    if (!python) {
      Comparison only = weights;
      only.also.push_back(fmt::format("model.py was not run, because {}.", missing));
      return only;
    }
    size_t batch = 0;
    Comparison proof = compare(
        input.program,
        fmt::format("the engine on the network against model.py with its weights in PyTorch {}", python->version),
        engine, [&](const auto&) { return python->outputs.at(batch++); }, batches, Comparison::kTolerance,
        input.samples, ways);
    proof.also.emplace_back("Both files of weights hold the weights, number by number.");
    return proof;
  }
};

}  // namespace

std::unique_ptr<Exporter> pytorch() { return std::make_unique<PyTorchExporter>(); }

}  // namespace netwright::convert::exporters
