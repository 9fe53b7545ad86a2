// SPDX-License-Identifier: Apache-2.0
#include "core/base/json.h"

#include <cmath>

#include "core/store/exporting/run_export.h"
#include "core/store/recorder.h"

namespace netwright::store {
namespace {

Json number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

Json pairs(const std::vector<std::pair<std::string, std::string>>& all) {
  Json object = Json::object();
  for (const auto& [key, value] : all) object[key] = value;
  return object;
}

Json points(const Series& series) {
  Json steps = Json::array(), seconds = Json::array(), values = Json::array();
  for (size_t i = 0; i < series.size(); ++i) {
    steps.push_back(series.steps[i]);
    seconds.push_back(number(series.seconds[i]));
    values.push_back(number(series.values[i]));
  }
  return {{"steps", steps}, {"seconds", seconds}, {"values", values}};
}

}  // namespace

Json runToJson(Database& database, const RunSummary& run) {
  Json json{{"id", run.id.value},
            {"uuid", run.uuid},
            {"name", run.name},
            {"experiment", run.experiment},
            {"status", name(run.status)},
            {"start_ms", run.startMs},
            {"end_ms", run.endMs ? Json(*run.endMs) : Json()},
            {"steps", run.steps},
            {"epochs", run.epochs},
            {"seed", run.seed},
            {"device", run.device},
            {"app_version", run.appVersion},
            {"libtorch_version", run.libtorchVersion},
            {"error", run.errorText},
            {"parent", run.parent ? Json(run.parent.value) : Json()},
            {"params", pairs(database.params(run.id))},
            {"tags", pairs(database.tags(run.id))},
            {"project", Json::parse(database.graphJson(run.id), nullptr, false)}};
  if (json["project"].is_discarded()) json["project"] = nullptr;
  for (const char* list : {"notes", "datasets", "checkpoints", "events", "histograms"}) json[list] = Json::array();
  for (const NoteRow& n : database.notes(run.id)) json["notes"].push_back({{"time_ms", n.timeMs}, {"text", n.text}});
  for (const DatasetUse& d : database.datasets(run.id))
    json["datasets"].push_back(
        {{"role", d.role}, {"name", d.name}, {"uri", d.uri}, {"digest", d.digest}, {"samples", d.samples}});
  for (const CheckpointSummary& c : database.checkpoints(run.id))
    json["checkpoints"].push_back(
        {{"epoch", c.epoch}, {"step", c.step}, {"path", c.path}, {"sha256", c.sha256}, {"best", c.isBest}});
  for (const std::string& key : database.histogramKeys(run.id))
    for (const HistogramRow& h : database.histograms(run.id, key))
      json["histograms"].push_back({{"key", key}, {"step", h.step}, {"edges", h.edges}, {"counts", h.counts}});
  for (const EventRow& e : database.events(run.id))
    json["events"].push_back({{"time_ms", e.timeMs}, {"kind", e.kind}, {"text", e.text}});
  json["metrics"] = Json::object();
  for (const auto& [key, context] : database.metricKeys(run.id))
    json["metrics"][context + "/" + key] = points(database.series(run.id, key, context));
  json["system"] = Json::object();
  for (const std::string& key : database.systemKeys(run.id))
    json["system"][key] = points(database.systemSeries(run.id, key));
  return json;
}

}  // namespace netwright::store
