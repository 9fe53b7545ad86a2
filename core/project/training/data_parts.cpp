// SPDX-License-Identifier: Apache-2.0
#include "core/project/training/data_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/convert/python/identifier.h"
#include "core/convert/pytorch/module_row.h"
#include "core/data/letters.h"
#include "core/data/params.h"
#include "core/data/registry.h"

namespace netwright::project {
namespace {

using convert::python::quoted;
using convert::pytorch::number;
using data::ColumnSpec;

// What a source needs before its read(): settings and parts of the script.
class Source {
 public:
  Source(PythonParts& script, const data::DataConfig& config, const std::vector<ColumnSpec>& columns)
      : script_(script),
        params_(data::completeParams("The source", data::sourceSpec(config.source).params, config.params)),
        kind_(config.source),
        columns_(columns) {}

  // False for a kind that has no part yet.
  bool add() {
    if (kind_ == "idx" && !std::get<bool>(params_.at("pairs"))) {
      script_.part("idx");
    } else if (kind_ == "csv") {
      addTable();
      addCsv();
    } else if (kind_ == "series") {
      addTable();
      addSeries();
    } else if (kind_ == "numpy") {
      addNumpy();
    } else if (kind_ == "text") {
      addText();
    } else if (kind_ == "sounds") {
      addSounds();
    } else if (kind_ == "digit_order" || kind_ == "adding") {
      addSequences();
    } else if (kind_ == "shapes") {
      addShapes();
    } else {
      return kind_ != "idx" && addFormula();
    }
    return true;
  }

  const Attributes& params() const { return params_; }

 private:
  const ColumnSpec& target() const {
    return *std::find_if(columns_.begin(), columns_.end(),
                         [](const ColumnSpec& c) { return c.role == data::Role::Target; });
  }

  void addTable() {
    const std::string& separator = data::text(params_, "separator");
    const std::string sign = separator == "comma"       ? quoted(",")
                             : separator == "semicolon" ? quoted(";")
                             : separator == "tab"       ? "\"\\t\""
                             : separator == "bar"       ? quoted("|")
                                                        : "None";
    script_.setting("SEPARATOR", sign, sign == "None" ? "as the file has it" : "");
    script_.setting("DECIMAL_COMMA", data::text(params_, "decimal") == "comma" ? "True" : "False");
    script_.setting("HEADER", pythonText(params_.at("header")), "the first line names the columns");
    script_.setting("MISSING_WORDS", pythonList(data::nameList(params_, "missing_words")));
    script_.setting("ENCODING", pythonText(params_.at("encoding")));
    script_.part("encoding");
    script_.part("table_file");
  }

  void addCsv() {
    std::string indexed;
    const ColumnSpec* features = nullptr;
    for (const ColumnSpec& c : columns_)
      if (c.role == data::Role::Feature && c.dtype == DType::Int64)
        indexed += fmt::format("{}{}: {}", indexed.empty() ? "" : ", ", quoted(c.name), pythonList(c.classes));
      else if (c.role == data::Role::Feature)
        features = &c;
    script_.setting("FEATURES", features ? pythonList(features->entries) : "[]");
    script_.setting("FEATURES_NAME", quoted(features ? features->name : "x"));
    const bool texts = std::any_of(columns_.begin(), columns_.end(), data::holdsText);
    script_.setting("INDEXED", "{" + indexed + "}",
                    texts ? "categories and letters as numbers" : "categories as numbers");
    if (texts) {
      script_.setting("TEXT_LENGTH", pythonText(params_.at("text_length")));
      script_.setting("PADS_START", data::text(params_, "text_padding") == "start" ? "True" : "False",
                      "short texts are filled up before them, not behind");
    }
    script_.part(texts ? "place_of_letters" : "place");
    std::string targets;
    for (const ColumnSpec& c : columns_)
      if (c.role == data::Role::Target)
        targets += fmt::format("{}{}: {}", targets.empty() ? "" : ", ", quoted(c.name), pythonList(c.classes));
    script_.setting("TARGETS", "{" + targets + "}", "and their classes; none: a number");
    script_.setting("TARGET", quoted(target().name));
    script_.setting("DROP_MISSING", data::text(params_, "missing") == "drop" ? "True" : "False");
    script_.part("csv");
  }

  void addSeries() {
    script_.setting("WINDOW", pythonText(params_.at("window")));
    script_.setting("HORIZON", pythonText(params_.at("horizon")));
    script_.setting("STRIDE", pythonText(params_.at("stride")));
    script_.setting("CHANNELS", pythonList(columns_.front().entries));
    script_.setting("VALUES_NAME", quoted(columns_.front().name));
    script_.setting("TARGET", quoted(target().name));
    script_.part("series");
  }

  void addNumpy() {
    script_.setting("X", pythonText(params_.at("x")));
    script_.setting("Y", pythonText(params_.at("y")));
    script_.setting("IMAGES", pythonText(params_.at("images")));
    script_.setting("CLASSES", target().dtype == DType::Int64 ? "True" : "False");
    script_.part("numpy");
  }

  void addText() {
    script_.setting("LENGTH", pythonText(params_.at("length")));
    script_.setting("STRIDE", pythonText(params_.at("stride")));
    script_.setting("ENCODING", pythonText(params_.at("encoding")));
    script_.part("encoding");
    script_.part("text");
  }

  void addSounds() {
    script_.setting("LENGTH", pythonText(params_.at("length")));
    script_.setting("SAMPLE_RATE", pythonText(params_.at("sample_rate")));
    script_.setting("CLASSES", pythonList(target().classes), "the folders");
    script_.part("sounds");
  }

  void addSequences() {
    script_.setting("SAMPLES", pythonText(params_.at("samples")));
    script_.setting("LENGTH", pythonText(params_.at("length")));
    script_.setting("DATA_SEED", pythonText(params_.at("seed")));
    if (kind_ == "digit_order") script_.setting("SORTED", data::text(params_, "order") == "sorted" ? "True" : "False");
    script_.part(kind_);
  }

  void addShapes() {
    script_.setting("SAMPLES", pythonText(params_.at("samples")));
    script_.setting("SIZE", pythonText(params_.at("size")));
    script_.setting("KINDS", pythonText(params_.at("classes")));
    script_.setting("MASKS", data::text(params_, "target") == "mask" ? "True" : "False");
    script_.setting("TEXTURE", number(data::number(params_, "texture")));
    script_.setting("DATA_SEED", pythonText(params_.at("seed")));
    script_.setting("TARGET", quoted(target().name));
    script_.part("shapes");
  }

  bool addFormula() {
    for (const char* known : {"spirals", "moons", "circles", "blobs", "sine"})
      if (kind_ == known) {
        script_.setting("SAMPLES", pythonText(params_.at("samples")));
        script_.setting("DATA_SEED", pythonText(params_.at("seed")));
        script_.setting("NOISE", number(data::number(params_, "noise")));
        for (const char* name : {"turns", "factor", "periods"})
          if (params_.contains(name))
            script_.setting(name == std::string("turns")    ? "TURNS"
                            : name == std::string("factor") ? "FACTOR"
                                                            : "PERIODS",
                            number(data::number(params_, name)));
        if (kind_ == "blobs") script_.setting("WIDTH", pythonText(params_.at("features")));
        script_.setting("CLASSES", std::to_string(target().classes.size()));
        script_.setting("TARGET", quoted(target().name));
        script_.part("formula");
        script_.part(kind_);
        return true;
      }
    return false;
  }

  PythonParts& script_;
  const Attributes params_;
  const std::string kind_;
  const std::vector<ColumnSpec>& columns_;
};

// The numbers that a step has learnt, as a tensor that fits the column: one, or one for each entry of the last
// dimension, or for each channel of an image.
std::string learntTensor(const std::vector<double>& values, const ColumnSpec& column) {
  const std::string list = fmt::format("torch.tensor({}, dtype=torch.float64)",
                                       values.size() == 1 ? number(values.front()) : pythonNumbers(values, 4));
  std::string shape;
  for (size_t i = 1; i < column.shape.size(); ++i) shape += ", 1";
  return values.size() > 1 && column.shape.size() >= 3 ? fmt::format("{}.reshape(-1{})", list, shape) : list;
}

// Statements that carry out one step on one column. Steps that have learnt compute in float64, as Netwright does.
std::vector<std::string> stepLines(const data::TransformConfig& step, const data::FittedStep* learnt,
                                   const ColumnSpec& column) {
  const data::TransformSpec& spec = data::transformSpec(step.kind);
  const Attributes params = data::completeParams("The step", spec.params, step.params);
  const std::string x = fmt::format("columns[{}]", quoted(column.name));
  if (step.kind == "to_float")
    return {fmt::format("{0} = ({0}.double() * {1}).float()", x, number(data::number(params, "scale")))};
  if (step.kind == "normalize") {
    const std::vector<double> mean = numbers(params.at("mean")).value(), std = numbers(params.at("std")).value();
    if (mean.size() == 1 && std.size() == 1)
      return {fmt::format("{0} = ({0} - {1}) / {2}", x, number(mean.front()), number(std.front()))};
    return {"mean = " + learntTensor(mean, column), "std = " + learntTensor(std, column),
            fmt::format("{0} = ({0} - mean.float()) / std.float()", x)};
  }
  if (!learnt) return {};
  const auto& values = learnt->columns.at(column.name);
  const auto tensor = [&](const char* name) { return learntTensor(values.at(name), column); };
  if (step.kind == "standardize")
    return {"mean = " + tensor("mean"), "std = " + tensor("std"),
            fmt::format("{0} = (({0}.double() - mean) / std).float()", x)};
  if (step.kind == "impute")
    return {"fill = " + tensor("fill"), fmt::format("{0} = torch.where({0}.isnan(), fill.float(), {0})", x)};
  if (step.kind == "min_max")
    return {
        "low = " + tensor("min"), "high = " + tensor("max"), "width = torch.where(high > low, high - low, 1.0)",
        fmt::format("{0} = ({1} + ({0}.double() - low) / width * {2}).float()", x, number(data::number(params, "low")),
                    number(data::number(params, "high") - data::number(params, "low")))};
  return {};
}

// The body of prepare(); false if a step has no words in Python, whose kind is `refused` then.
bool addSteps(PythonParts& script, const data::DataConfig& config, const std::vector<ColumnSpec>& columns,
              const data::Fitted& fitted, std::string& refused) {
  std::string code =
      "def prepare(columns):\n    \"\"\"The steps between data and network, with what they learnt from the "
      "training samples.\"\"\"\n";
  for (size_t s = 0; s < config.transforms.size(); ++s) {
    const data::TransformConfig& step = config.transforms[s];
    const bool learns = data::transformSpec(step.kind).learns();
    const data::FittedStep* learnt = learns && s < fitted.steps.size() ? &fitted.steps[s] : nullptr;
    bool done = false;
    for (const ColumnSpec& c : columns) {
      const bool takes = learnt ? learnt->columns.contains(c.name)
                                : !learns && c.role == data::Role::Feature && c.dtype != DType::Int64;
      if (!takes) continue;
      for (const std::string& line : stepLines(step, learnt, c)) {
        code += "    " + line + "\n";
        done = true;
      }
    }
    refused = step.kind;
    if (!done) return false;
  }
  if (config.transforms.empty()) return true;
  script.import("import torch");
  script.code(code);
  return true;
}

// Windows that are left out between two sets, of sources that cut windows from something longer.
std::optional<int64_t> gapOf(const std::string& source, const Attributes& params) {
  if (source == "text") return data::whole(params, "length") / data::whole(params, "stride");
  if (source != "series") return std::nullopt;
  return (data::whole(params, "window") + data::whole(params, "horizon") - 1) / data::whole(params, "stride");
}

std::string addSplit(PythonParts& script, const data::DataConfig& config, const std::vector<ColumnSpec>& columns,
                     const Attributes& params) {
  const std::optional<int64_t> gap = gapOf(config.source, params);
  script.part("split");
  script.setting("VALIDATION", number(config.validation), "share of the samples");
  script.setting("TEST", number(config.test), "likewise; not looked at here");
  if (gap || config.split == data::SplitMode::Time) {
    script.part("split_time");
    return fmt::format("split(samples, *shares, {})", gap.value_or(0));
  }
  script.setting("SPLIT_SEED", std::to_string(config.splitSeed));
  if (config.split == data::SplitMode::Stratified) {
    const auto label = std::find_if(columns.begin(), columns.end(), [](const ColumnSpec& c) {
      return c.role == data::Role::Target && c.dtype == DType::Int64 && c.shape.empty();
    });
    script.part("split_stratified");
    return fmt::format("split(samples, columns[{}].tolist(), *shares, SPLIT_SEED)", quoted(label->name));
  }
  script.part("split_random");
  return "split(samples, *shares, SPLIT_SEED)";
}

}  // namespace

DataParts addData(PythonParts& script, const data::DataConfig& config, const std::filesystem::path& folder,
                  const std::vector<ColumnSpec>& columns, const std::string& learnt) {
  DataParts out;
  data::Fitted fitted;
  if (!learnt.empty()) fitted = data::fittedFromJson(parseJson(learnt, "The checkpoint"), "The checkpoint");
  out.hasPath = data::sourceSpec(config.source).path != data::SourcePath::None;
  if (out.hasPath) {
    const bool builtin = config.path.starts_with("builtin:");
    const std::filesystem::path path =
        builtin ? resourceFolder() / "data" / config.path.substr(8) : folder / config.path;
    script.setting("DATA", quoted(std::filesystem::absolute(path).lexically_normal().string()));
  }
  script.part("random");
  script.part("sets");
  Source source(script, config, columns);
  if (!source.add()) {
    out.refusal = fmt::format("There is no Python for the data source '{}' yet.", config.source);
    return out;
  }
  if (config.source == "numpy") out.packages.emplace_back("numpy");
  const std::string split = addSplit(script, config, columns, source.params());
  std::string refused;
  if (!addSteps(script, config, columns, fitted, refused)) {
    out.refusal = fmt::format("There is no Python for the data's step '{}' here.", refused);
    return out;
  }
  const std::string path = out.hasPath ? "path" : "";
  script.code(
      fmt::format("def load({0}):\n"
                  "    \"\"\"The columns, the training samples and the validation samples.\"\"\"\n"
                  "    columns, sets = read({0})\n"
                  "    samples = list(range(len(columns[{1}]) if sets.train is None else sets.train))\n"
                  "    shares = 0.0 if sets.validation else VALIDATION, 0.0 if sets.has_test else TEST\n"
                  "    train, validation = {2}\n"
                  "    if sets.validation:\n"
                  "        validation = list(range(sets.train, sets.train + sets.validation))\n"
                  "{3}"
                  "    return columns, train, validation\n",
                  path, quoted(columns.back().name), split, config.transforms.empty() ? "" : "    prepare(columns)\n"));
  return out;
}

}  // namespace netwright::project
