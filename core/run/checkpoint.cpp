// SPDX-License-Identifier: Apache-2.0
#include "core/run/checkpoint.h"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/safetensors.h"

namespace netwright::run {
namespace fs = std::filesystem;
namespace {

constexpr int kFormat = 2;  // 1: without what resuming needs
const std::string kModel = "model/", kOptimiser = "optimiser/";

fs::path recordOf(const fs::path& file) { return fs::path(file).replace_extension(".json"); }

// Shape and type belong to a tensor as much as its bytes.
std::string hashOf(const HostTensor& t) {
  return sha256Hex(fmt::format("{}{}{}", name(t.dtype), Json(t.shape).dump(), sha256Hex(std::span(t.bytes))));
}

// NaN and infinities have no JSON; a best value may be either.
Json number(double v) { return std::isfinite(v) ? Json(v) : Json(std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf"); }
double numberFrom(const Json& json) {
  if (json.is_number()) return json.get<double>();
  return json == "nan" ? std::nan("") : json == "inf" ? INFINITY : -INFINITY;
}
Json numbersJson(const std::map<std::string, std::vector<double>>& lists) {
  Json json = Json::object();
  for (const auto& [name, list] : lists) {
    json[name] = Json::array();
    for (const double v : list) json[name].push_back(number(v));
  }
  return json;
}
std::map<std::string, std::vector<double>> numbersFrom(const Json& json) {
  std::map<std::string, std::vector<double>> lists;
  for (const auto& [name, list] : json.items())
    for (const Json& v : list) lists[name].push_back(numberFrom(v));
  return lists;
}

Json toJson(const Position& p) {
  Json schedules = Json::array();
  for (const Scheduler::State& s : p.schedules)
    schedules.push_back({{"base", number(s.base)},
                         {"factor", number(s.factor)},
                         {"best", number(s.best)},
                         {"bad_epochs", s.badEpochs},
                         {"cooldown", s.cooldown}});
  return {{"epoch", p.epoch},
          {"batches", p.batches},
          {"step", p.step},
          {"epoch_done", p.epochDone},
          {"schedules", schedules},
          {"means", numbersJson(p.means)},
          {"metrics", numbersJson(p.metrics)},
          {"best", p.best ? number(*p.best) : Json(nullptr)},
          {"bad_epochs", p.badEpochs},
          {"seconds", p.seconds},
          {"generator", p.generator}};
}

Position positionFrom(const Json& json) {
  Position p;
  p.epoch = json.at("epoch");
  p.batches = json.at("batches");
  p.step = json.at("step");
  p.epochDone = json.at("epoch_done");
  for (const Json& s : json.at("schedules"))
    p.schedules.push_back({numberFrom(s.at("base")), numberFrom(s.at("factor")), numberFrom(s.at("best")),
                           s.at("bad_epochs"), s.at("cooldown")});
  p.means = numbersFrom(json.at("means"));
  p.metrics = numbersFrom(json.at("metrics"));
  if (!json.at("best").is_null()) p.best = numberFrom(json.at("best"));
  p.badEpochs = json.at("bad_epochs");
  p.seconds = json.at("seconds");
  p.generator = json.at("generator").get<std::vector<uint8_t>>();
  return p;
}

void requireIntact(Json record, const std::string& source) {
  const std::string hash = jsonGet<std::string>(record, "record", "", source);
  record.erase("record");
  if (hash != sha256Hex(record.dump()))
    failInput(fmt::format("{} is damaged: it is not what was written.", source), "Its hash differs.",
              "Use another checkpoint of the run.");
}

// Format 1 knew the position at the end of an epoch only.
Position oldPosition(const Json& record, const std::string& source) {
  Position p;
  p.epoch = jsonGet<int64_t>(record, "epoch", 0, source);
  p.step = jsonGet<int64_t>(record, "step", 0, source);
  p.epochDone = true;
  return p;
}

}  // namespace

void writeCheckpoint(const Checkpoint& checkpoint, const fs::path& file) {
  std::vector<NamedTensor> all;
  for (const NamedTensor& t : checkpoint.weights) all.push_back({kModel + t.name, t.tensor});
  for (const NamedTensor& t : checkpoint.optimiser) all.push_back({kOptimiser + t.name, t.tensor});
  Json record{{"netwright_checkpoint", kFormat},
              {"position", toJson(checkpoint.position)},
              {"seed", checkpoint.seed},
              {"graph", checkpoint.graphHash},
              {"data", checkpoint.data}};
  for (const NamedTensor& t : all) record["tensors"][t.name] = hashOf(t.tensor);
  std::error_code ec;
  fs::create_directories(file.parent_path(), ec);
  if (ec)
    failEnvironment(fmt::format("Could not make the folder {}.", file.parent_path().string()), ec.message() + ".",
                    "Choose a project folder that you may write to.");
  record["record"] = sha256Hex(record.dump());  // vouches for the rest of the record
  writeFileAtomic(file, safetensorsBytes(all));
  writeFileAtomic(recordOf(file), record.dump(2) + "\n");
}

std::optional<int64_t> checkpointStep(const fs::path& file) {
  if (!fs::exists(recordOf(file))) return std::nullopt;
  try {
    const Json record = readJsonFile(recordOf(file));
    const Json& place = record.contains("position") ? record.at("position") : record;
    return place.at("step").get<int64_t>();
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

Checkpoint readCheckpoint(const fs::path& file) try {
  const SafetensorsFile tensors = readSafetensors(file);
  const std::string source = recordOf(file).string();
  const Json record = readJsonFile(recordOf(file));
  const auto format = jsonGet<int64_t>(record, "netwright_checkpoint", 0, source);
  if (format < 1 || format > kFormat)
    failInput(fmt::format("{} is no checkpoint of this version.", source), "",
              "Use the version of Netwright that wrote it.");
  if (format > 1) requireIntact(record, source);
  Checkpoint checkpoint;
  checkpoint.position = format == 1 ? oldPosition(record, source) : positionFrom(record.at("position"));
  checkpoint.data = jsonGet<std::string>(record, "data", "", source);
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
} catch (const Json::exception& e) {
  failInput(fmt::format("{} is damaged: its record cannot be read.", recordOf(file).string()), e.what(),
            "Use another checkpoint of the run.");
}

}  // namespace netwright::run
