// SPDX-License-Identifier: Apache-2.0
#include "core/project/training_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/model_source.h"
#include "core/convert/pytorch/module_row.h"
#include "core/layers/registry.h"
#include "core/project/prepare.h"
#include "core/project/settle.h"
#include "core/project/training/data_parts.h"
#include "core/project/training/optimiser_parts.h"
#include "core/project/training/parameter_parts.h"
#include "core/project/training/python_parts.h"
#include "core/run/initialiser.h"
#include "core/run/metric.h"

namespace netwright::project {
namespace {

using convert::python::quoted;
using convert::pytorch::number;

// A sentence that says why the run cannot be repeated.
struct Refusal {
  std::string why;
};

class Script {
 public:
  Script(const Project& project, const std::filesystem::path& folder, const std::string& learnt)
      : project_(settled(project)),
        folder_(folder),
        learnt_(learnt),
        config_(project_.run),
        model_(convert::pytorch::modelSource(project.name, project.graph)),
        compares_(config_.patience > 0 && !config_.metrics.empty()) {}

  convert::TrainingScript write() {
    refuseWhatDiffers();
    columns_ = data::describeData(project_.data, folder_);
    prepared_ = prepare(project_, columns_);
    if (!prepared_.ok()) failWith(prepared_.diagnostics);
    endsEarly_ = compares_ || (config_.patience > 0 && countsSamplesAlike());
    addSettings();
    const DataParts data = addData(parts_, project_.data, folder_, columns_, learnt_);
    if (!data.refusal.empty()) throw Refusal{data.refusal};
    if (data.hasPath || !model_.constants.empty()) parts_.import("from pathlib import Path");
    addLosses();
    addEarlyEnd();
    if (!model_.random.empty() && !config_.parity) addRandom();
    optimiser_ = addOptimiser(parts_, config_);
    addMain(data.hasPath);
    return {parts_.text(docstring(data.hasPath)), "", data.packages};
  }

 private:
  void refuseWhatDiffers() const {
    const run::Objective& o = config_.objectives.front();
    if (config_.objectives.size() > 1 || o.every > 1)
      throw Refusal{"It repeats runs of one objective that takes part in every batch."};
    for (const run::Initialiser& i : config_.initialisers)
      if (i.kind == "lsuv")
        throw Refusal{"The run scaled its first weights by what a batch brought about (LSUV), which PyTorch lacks."};
    if (compares_ && config_.metrics.front().find('/') != std::string::npos)
      throw Refusal{fmt::format("It ended early by the metric {} of a wire of its own.", config_.metrics.front())};
    if (config_.start != "init")
      throw Refusal{
          fmt::format("The run began with the weights of {}, which the folder does not hold.", config_.start)};
    if (!model_.otherStart.empty())
      throw Refusal{fmt::format("The network cannot begin as the run did, because {}.", model_.otherStart)};
    const bool named = o.parameters != "*" || !o.groups.empty() || !o.regularisers.empty() || !config_.frozen.empty() ||
                       !config_.initialisers.empty();
    if (!model_.renamed.empty() && named)
      throw Refusal{fmt::format("The weight {} is called {} there, so the patterns of its parameters would not fit.",
                                model_.renamed.begin()->first, model_.renamed.begin()->second)};
  }

  std::string docstring(bool hasPath) const {
    std::string text = fmt::format(
        "Trains the network of model.py from the beginning, as Netwright did for \"{}\".\n\n"
        "Data, division into sets, order of batches, objective, optimiser, schedule and random numbers are those of "
        "the "
        "run;\nits losses come again up to rounding, on a processor.\n\n",
        convert::python::inDocstring(project_.name));
    text += "    python train.py                      the whole run; the weights are written to trained.pth\n";
    if (hasPath) text += "    python train.py --data PATH          with the data elsewhere\n";
    return text + "    python train.py --steps 20 --log 1   the first losses\n";
  }

  void addSettings() {
    parts_.import("import argparse");
    parts_.import("import torch");
    parts_.import(fmt::format("from model import {}", model_.className));
    parts_.setting("SEED", std::to_string(config_.seed));
    parts_.setting("EPOCHS", std::to_string(config_.epochs));
    parts_.setting("BATCH_SIZE", std::to_string(config_.batchSize));
  }

  const data::ColumnSpec& columnOf(int index) const { return columns_.at(static_cast<size_t>(index)); }

  // The inputs of the model, from the columns of the data.
  std::vector<std::string> inputs() const {
    const auto& ports = prepared_.lowered.program.inputs;
    std::vector<std::string> all;
    for (const std::string& name : model_.inputs) {
      const auto port = std::find_if(ports.begin(), ports.end(), [&](const auto& p) { return p.name == name; });
      const data::ColumnSpec& column = columnOf(prepared_.columns[static_cast<size_t>(port - ports.begin())]);
      const bool image = column.shape.size() == 3 && config_.channelsLast;
      all.push_back(fmt::format("columns[{}][chosen]{}", quoted(column.name),
                                image ? ".to(memory_format=torch.channels_last, copy=True)" : ""));
    }
    return all;
  }

  const program::Op* producer(program::ValueId value) const {
    for (const program::Op& op : prepared_.lowered.program.ops)
      if (std::find(op.results.begin(), op.results.end(), value) != op.results.end()) return &op;
    return nullptr;
  }

  // The target of a term, in the shape of the output.
  std::string target(size_t term) const {
    if (prepared_.targets[term] < 0)
      throw Refusal{fmt::format("The loss '{}' compares with no column of the data.", lossName(term))};
    std::string text = fmt::format("columns[{}][chosen]", quoted(columnOf(prepared_.targets[term]).name));
    const program::Op* loss = producer(prepared_.lowered.program.losses[term].value);
    const program::Op* change = loss ? producer(std::get<program::ValueId>(loss->args.at(1))) : nullptr;
    if (!change) return text;
    if (change->info->id() != "reshape") throw Refusal{"Its loss changes the target in a way without words in Python."};
    std::vector<std::string> sizes;
    for (const program::Dim& d : std::get<program::Shape>(change->args.at(1)))
      sizes.push_back(std::to_string(d.constant().value()));
    return text + fmt::format(".reshape({})", joined(sizes, ", "));
  }

  const std::string& lossName(size_t term) const { return prepared_.lowered.program.losses[term].name; }
  const layers::LossOrigin& origin(size_t term) const { return prepared_.lowered.losses[term]; }

  std::string outputOf(size_t term) const {
    const auto& outputs = prepared_.lowered.program.outputs;
    const auto it = std::find_if(outputs.begin(), outputs.end(),
                                 [&](const program::Port& p) { return p.value == origin(term).output; });
    if (it == outputs.end())
      throw Refusal{
          fmt::format("The loss '{}' reads values inside the network, which model.py does not give.", lossName(term))};
    return outputs.size() == 1 ? "output" : fmt::format("outputs[{}]", it - outputs.begin());
  }

  // A loss of the network's outputs, or a regulariser, as a summand.
  std::string summand(size_t term, size_t losses) {
    const layers::LossOrigin& from = origin(term);
    const double factor = prepared_.lowered.program.losses[term].weight;
    const std::string weight = factor == 1 ? "" : number(factor) + " * ";
    if (run::findRegulariser(from.loss)) return weight + addRegulariser(parts_, config_, regularisers_++);
    const layers::LayerSpec* layer = layers::findLayer(from.loss);
    if (!layers::comparesOutputs(*layer))
      throw Refusal{fmt::format("The loss '{}' is more than an output compared with a column.", lossName(term))};
    const auto* row = convert::pytorch::findRow(layer->id);
    if (!row) throw Refusal{fmt::format("There is no Python for the loss '{}' yet.", layer->title)};
    const std::string output = outputOf(term), name = losses == 1 ? "criterion" : fmt::format("criterion{}", term + 1);
    criteria_.push_back(name);
    parts_.setting(name, convert::pytorch::construction(*layer, *row, from.params));
    return fmt::format("{}{}({}, {})", weight, name, output, target(term));
  }

  void addLosses() {
    parts_.import("from torch import nn");
    const auto& all = prepared_.lowered.losses;
    const auto losses = static_cast<size_t>(std::count_if(
        all.begin(), all.end(), [](const layers::LossOrigin& l) { return !run::findRegulariser(l.loss); }));
    std::string code;
    std::vector<std::string> summands;
    for (size_t i = 0; i < all.size(); ++i) summands.push_back(summand(i, losses));
    constexpr size_t kWidth = 100;
    const std::string sum = joined(summands, " + ");
    std::vector<std::string> lines{
        "chosen = torch.tensor(samples)",
        fmt::format("{} = model({})", model_.outputs.size() == 1 ? "output" : "outputs", joined(inputs(), ", "))};
    code = "def loss_of(model, columns, samples):\n";
    const bool broken = sum.size() > kWidth;  // over several lines
    for (size_t i = 0; broken && i < summands.size(); ++i)
      lines.push_back((i ? "loss = loss + " : "loss = ") + summands[i]);
    if (compares_) {
      if (!broken) lines.push_back("loss = " + sum);
      lines.push_back(fmt::format("return loss, {}.detach().float(), {}", outputOf(0), target(0)));
      code +=
          "    \"\"\"What the run minimises, for some samples, and the output and target that its metric "
          "compares.\"\"\"\n";
    } else {
      lines.push_back(broken ? "return loss" : "return " + sum);
      code += "    \"\"\"What the run minimises, for some samples.\"\"\"\n";
    }
    std::string indent = "    ";
    if (config_.precision == "bf16") {
      code += indent + "with torch.autocast(next(model.parameters()).device.type, dtype=torch.bfloat16):\n";
      indent += "    ";
    }
    for (const std::string& line : lines) code += indent + line + "\n";
    parts_.code(code);
  }

  // The mean over batches is that over samples.
  bool countsSamplesAlike() const {
    for (const layers::LossOrigin& l : prepared_.lowered.losses) {
      const auto weight = l.params.find("weight"), ignored = l.params.find("ignore_index");
      if (weight != l.params.end() && numbers(weight->second).value_or(std::vector<double>()).size() > 0) return false;
      if (ignored != l.params.end() && std::get<int64_t>(ignored->second) >= 0) return false;
    }
    return true;
  }

  // A run that makes no progress ends, as its first metric or its loss says.
  void addEarlyEnd() {
    if (!endsEarly_) return;
    parts_.setting("PATIENCE", std::to_string(config_.patience), "epochs without progress after which the run ends");
    parts_.part("progress");
    if (!compares_) return;
    const std::string& metric = config_.metrics.front();
    if (run::findMetric(metric)->task == run::Task::Classes) {
      const auto& params = origin(0).params;
      const auto ignored = params.find("ignore_index");
      parts_.setting("IGNORED", ignored == params.end() ? "-100" : pythonText(ignored->second),
                     "a label that does not count");
      if (metric != "top5") parts_.part("choices");
      if (metric != "top5" && metric != "accuracy") parts_.part("macro");
    }
    parts_.part("metric_" + metric);
  }

  // Each layer that draws has its own numbers for each batch.
  void addRandom() {
    constexpr size_t kFew = 2;  // that fit on a line
    std::vector<std::string> items;
    for (const auto& [path, op] : model_.random) items.push_back(fmt::format("{}: {}", quoted(path), op));
    parts_.setting(
        "RANDOM",
        items.size() <= kFew ? "{" + joined(items, ", ") + "}" : "{\n    " + joined(items, ",\n    ") + ",\n}",
        "layers that draw at random, and their numbers");
    parts_.part("mixed");
  }

  std::string startText() {
    std::string text = "    torch.manual_seed(SEED)\n";
    text += fmt::format("    model = {}()  # draws the weights that the run began with\n", model_.className);
    if (!model_.constants.empty()) {
      std::vector<std::string> names;
      for (const std::string& c : model_.constants) names.push_back(quoted(c));
      text += "    weights = torch.load(Path(__file__).parent / \"weights.pth\", weights_only=True)\n";
      text += fmt::format("    for name in [{}]:  # never trained\n", joined(names, ", "));
      text += "        model.get_buffer(name).copy_(weights[name])\n";
    }
    for (const std::string& line : beginnings(parts_, config_)) text += "    " + line + "\n";
    const auto& states = prepared_.lowered.program.states;
    const bool images = std::any_of(states.begin(), states.end(), [&](const program::State& s) {
      return prepared_.lowered.program.tensorType(s.value).shape.size() == 4;
    });
    text += fmt::format("    model.to(options.device{})\n",
                        images && config_.channelsLast ? ", memory_format=torch.channels_last" : "");
    for (const std::string& name : criteria_) text += fmt::format("    {}.to(options.device)\n", name);
    if (!model_.random.empty() && !config_.parity)
      text +=
          "    for path, layer in RANDOM.items():  # each draws from a seed of its own in each step\n"
          "        model.get_submodule(path).register_forward_pre_hook(\n"
          "            lambda module, inputs, layer=layer: torch.manual_seed(mixed(mixed(SEED, step), layer)) and "
          "None\n"
          "        )\n";
    return text;
  }

  std::string loopText() const {
    const int64_t accumulate = config_.objectives.front().accumulate;
    const bool watches = optimiser_.watchesLoss || (endsEarly_ && !compares_);
    const char* loss = compares_ ? "            loss, output, target = loss_of(model, columns, samples)\n"
                                 : "            loss = loss_of(model, columns, samples)\n";
    std::string text = "    step = 0\n";
    if (endsEarly_) text += "    progress = Progress(PATIENCE)\n";
    text += "    for epoch in range(1, EPOCHS + 1):\n        order = list(train)\n";
    if (config_.shuffle) text += "        CounterRandom(SEED, CounterRandom.EPOCH, epoch).shuffle(order)\n";
    text += "        batches = [order[i : i + BATCH_SIZE] for i in range(0, len(order), BATCH_SIZE)]\n";
    if (config_.dropLast) text += "        batches = [b for b in batches if len(b) == BATCH_SIZE]\n";
    text += "        model.train()\n";
    if (watches) text += "        trained = 0.0\n";
    if (compares_) text += "        seen = []  # outputs and targets for the metric\n";
    text +=
        accumulate > 1 ? "        for index, samples in enumerate(batches):\n" : "        for samples in batches:\n";
    text += "            step += 1\n";
    const auto lines = [](const std::vector<std::string>& list) {
      std::string all;
      for (const std::string& line : list) all += line + "\n";
      return all;
    };
    const std::string limit = lines(optimiser_.limit), after = lines(optimiser_.after);
    const std::string stepping = limit + "optimiser.step()\n" + after;
    if (optimiser_.searches) {
      text += "            def evaluate(samples=samples):\n                optimiser.zero_grad()\n";
      text += compares_ ? "                loss, _, _ = loss_of(model, columns, samples)\n"
                        : "                loss = loss_of(model, columns, samples)\n";
      text += fmt::format("                loss.backward({})\n", optimiser_.backward);
      text += indented(limit, 16) + "                return loss\n\n";
      if (compares_) text += "            _, output, target = loss_of(model, columns, samples)  # before the step\n";
      text += "            loss = optimiser.step(evaluate)\n" + indented(after, 12);
    } else if (accumulate == 1) {
      text += "            optimiser.zero_grad()\n";
      text += loss;
      text += fmt::format("            loss.backward({})\n", optimiser_.backward);
      text += indented(stepping, 12);
    } else {
      text +=
          "            first = index // ACCUMULATE * ACCUMULATE  # of the batches whose gradients make a step\n"
          "            size = min(ACCUMULATE, len(batches) - first)\n"
          "            if index == first:\n                optimiser.zero_grad()\n";
      text += loss;
      text += fmt::format("            (loss * (1 / size)).backward({})\n", optimiser_.backward);
      text += "            if index + 1 == first + size:\n" + indented(stepping, 16);
    }
    if (watches) text += "            trained += loss.item() * len(samples)\n";
    if (compares_) text += "            if not validation:\n                seen.append((output, target))\n";
    text +=
        "            if step % options.log == 0:\n                print(f\"step {step}: loss {loss.item()}\", "
        "flush=True)\n            if step == options.steps:\n                return\n";
    return text;
  }

  static std::string indented(const std::string& lines, size_t by) {
    std::string out;
    size_t from = 0;
    for (size_t end = lines.find('\n'); end != std::string::npos; from = end + 1, end = lines.find('\n', from))
      out += std::string(by, ' ') + lines.substr(from, end - from + 1);
    return out;
  }

  std::string validationText() const {
    std::string text =
        "        model.eval()\n        with torch.no_grad():\n"
        "            parts = [validation[i : i + 500] for i in range(0, len(validation), 500)]\n";
    text += compares_ ? "            total = 0.0\n            for part in parts:\n"
                        "                loss, output, target = loss_of(model, columns, part)\n"
                        "                total += loss.item() * len(part)\n"
                        "                seen.append((output, target))\n"
                      : "            total = sum(loss_of(model, columns, part).item() * len(part) for part in parts)\n";
    text +=
        "        if validation:\n            print(f\"epoch {epoch}: validation loss {total / len(validation):.6g}\", "
        "flush=True)\n";
    if (optimiser_.watchesLoss || (endsEarly_ && !compares_))
      text += "        watched = total / len(validation) if validation else trained / sum(map(len, batches))\n";
    return text;
  }

  std::string earlyEndText() const {
    std::string text;
    if (compares_)
      text += "        outputs, targets = zip(*seen)\n        value = metric(torch.cat(outputs), torch.cat(targets))\n";
    const bool higher = compares_ && run::findMetric(config_.metrics.front())->higherIsBetter;
    return text + fmt::format(
                      "        if progress.ended({}{}):\n"
                      "            print(f\"no progress in {{PATIENCE}} epochs: ended after epoch {{epoch}}\", "
                      "flush=True)\n            break\n",
                      higher ? "" : "-", compares_ ? "value" : "watched");
  }

  void addMain(bool hasPath) {
    std::string text =
        "def main():\n    parser = argparse.ArgumentParser(description=\"Trains the network of model.py.\")\n";
    if (hasPath)
      text += "    parser.add_argument(\"--data\", type=Path, default=Path(DATA), help=\"where the data lies\")\n";
    text +=
        "    parser.add_argument(\"--steps\", type=int, help=\"stop after so many batches\")\n"
        "    parser.add_argument(\"--log\", type=int, default=100, help=\"batches from one line to the next\")\n"
        "    parser.add_argument(\"--device\", default=\"cpu\", help=\"cpu, cuda, ...\")\n"
        "    parser.add_argument(\"--output\", default=\"trained.pth\", help=\"file for the weights\")\n"
        "    options = parser.parse_args()\n";
    if (hasPath)
      text += "    if not options.data.exists():\n        parser.error(f\"there is no {options.data}: give --data\")\n";
    if (config_.threads > 0) text += fmt::format("    torch.set_num_threads({})\n", config_.threads);
    text += fmt::format("    columns, train, validation = load({})\n", hasPath ? "options.data" : "");
    text += "    columns = {name: column.to(options.device) for name, column in columns.items()}\n";
    text += startText();
    for (const std::string& line : optimiser_.create) text += "    " + line + "\n";
    text += loopText();
    text += validationText();
    for (const std::string& line : optimiser_.epochEnd) text += "        " + line + "\n";
    if (endsEarly_) text += earlyEndText();
    text += "    torch.save(model.state_dict(), options.output)\n\n\nif __name__ == \"__main__\":\n    main()\n";
    parts_.code(text);
  }

  const Project project_;  // settled
  const std::filesystem::path& folder_;
  const std::string& learnt_;
  const run::RunConfig& config_;
  const convert::pytorch::ModelSource model_;
  const bool compares_;     // ends early by a metric
  bool endsEarly_ = false;  // at all
  size_t regularisers_ = 0;
  PythonParts parts_;
  std::vector<data::ColumnSpec> columns_;
  Prepared prepared_;
  std::vector<std::string> criteria_;
  OptimiserParts optimiser_;
};

}  // namespace

convert::TrainingScript trainingScript(const Project& project, const std::filesystem::path& folder,
                                       const std::string& learnt) {
  try {
    return Script(project, folder, learnt).write();
  } catch (const Refusal& r) {
    return {"", r.why, {}};
  } catch (const Error& e) {
    if (e.kind == ErrorKind::Environment) throw;
    return {"", e.title, {}};
  }
}

}  // namespace netwright::project
