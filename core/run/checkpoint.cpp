// SPDX-License-Identifier: Apache-2.0
#include "core/run/checkpoint.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/safetensors.h"

namespace netwright::run {
namespace fs = std::filesystem;
namespace {

constexpr int kFormat = 1;
const std::string kModel = "model/", kOptimiser = "optimiser/";

fs::path recordOf(const fs::path& file) { return fs::path(file).replace_extension(".json"); }

// Shape and type belong to a tensor as much as its bytes.
std::string hashOf(const HostTensor& t) {
  return sha256Hex(fmt::format("{}{}{}", name(t.dtype), Json(t.shape).dump(), sha256Hex(std::span(t.bytes))));
}

}  // namespace

void writeCheckpoint(const Checkpoint& checkpoint, const fs::path& file) {
  std::vector<NamedTensor> all;
  for (const NamedTensor& t : checkpoint.weights) all.push_back({kModel + t.name, t.tensor});
  for (const NamedTensor& t : checkpoint.optimiser) all.push_back({kOptimiser + t.name, t.tensor});
  Json record{{"netwright_checkpoint", kFormat},
              {"epoch", checkpoint.epoch},
              {"step", checkpoint.step},
              {"seed", checkpoint.seed},
              {"graph", checkpoint.graphHash}};
  for (const NamedTensor& t : all) record["tensors"][t.name] = hashOf(t.tensor);
  std::error_code ec;
  fs::create_directories(file.parent_path(), ec);
  if (ec)
    failEnvironment(fmt::format("Could not make the folder {}.", file.parent_path().string()), ec.message() + ".",
                    "Choose a project folder that you may write to.");
  writeFileAtomic(file, safetensorsBytes(all));
  writeFileAtomic(recordOf(file), record.dump(2) + "\n");
}

Checkpoint readCheckpoint(const fs::path& file) {
  const SafetensorsFile tensors = readSafetensors(file);
  const std::string source = recordOf(file).string();
  const Json record = readJsonFile(recordOf(file));
  if (jsonGet<int64_t>(record, "netwright_checkpoint", 0, source) != kFormat)
    failInput(fmt::format("{} is no checkpoint of this version.", source), "",
              "Use the version of Netwright that wrote it.");
  Checkpoint checkpoint;
  checkpoint.epoch = jsonGet<int64_t>(record, "epoch", 0, source);
  checkpoint.step = jsonGet<int64_t>(record, "step", 0, source);
  checkpoint.seed = jsonGet<uint64_t>(record, "seed", 0, source);
  checkpoint.graphHash = jsonGet<std::string>(record, "graph", "", source);
  const Json hashes = record.value("tensors", Json::object());
  for (const auto& [name, hash] : hashes.items())
    if (!tensors.find(name))
      failInput(fmt::format("{} lacks the tensor {}.", file.string(), name), "", "Use another checkpoint of the run.");
  for (const NamedTensor& t : tensors.tensors) {
    if (hashes.value(t.name, "") != hashOf(t.tensor))
      failInput(fmt::format("{} is damaged: the tensor {} is not what was written.", file.string(), t.name),
                "Its hash differs.", "Use another checkpoint of the run.");
    const bool model = t.name.rfind(kModel, 0) == 0;
    (model ? checkpoint.weights : checkpoint.optimiser)
        .push_back({t.name.substr(model ? kModel.size() : kOptimiser.size()), t.tensor});
  }
  return checkpoint;
}

}  // namespace netwright::run
