// SPDX-License-Identifier: Apache-2.0
// How a run trains: objectives, batches, epochs, seed, device. Part of the project file; a copy is stored with each
// run. Any of its values may be a formula over the project's variables: those in Attributes hold it themselves, the
// others have it in `formulas`, under the name that the file has for them. settle() puts values in their place; whoever
// computes with the settings wants it (project::settled).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/base/formulas.h"
#include "core/base/param_spec.h"
#include "core/run/optimiser.h"
#include "core/run/schedule.h"

namespace netwright::run {

struct LossTerm {
  std::string loss = "cross_entropy";  // a layer of the category Loss
  Attributes params;                   // missing ones take their defaults
  // Of the loss's layer, in files only: project::fromText brings the parameters to the present one. 0: none was
  // written.
  int64_t version = 0;
  double weight = 1;
  std::string output;   // name of the Output node; empty: the only one
  std::string target;   // column of the data; empty: the only target column
  std::string unknown;  // as in RunConfig
  Attributes formulas;  // weight
  bool operator==(const LossTerm&) const = default;
};

// Parameters of an objective that are trained with other settings: a smaller rate, no weight decay.
struct ParameterGroup {
  std::string parameters;  // a pattern over state names: "*.bias"; the first group that matches counts
  Attributes params;       // of the optimiser, where they differ
  std::string unknown;     // as in RunConfig
  double lrFactor = 1;     // their learning rate is so many times what it would be
  Attributes formulas;     // lr_factor
  bool operator==(const ParameterGroup&) const = default;
};

// A number that grows with parameters, added to what an objective lowers.
struct Regulariser {
  std::string parameters = "*.weight";  // a pattern over state names
  std::string kind = "l2";              // of regularisers()
  double weight = 1e-4;
  std::string unknown;  // as in RunConfig
  Attributes formulas;  // weight
  bool operator==(const Regulariser&) const = default;
};

// How parameters begin, in place of what their layers say.
struct Initialiser {
  std::string parameters;               // a pattern over state names; a later entry overrides an earlier one
  std::string kind = "kaiming_normal";  // of initialisers()
  Attributes params;                    // missing ones take their defaults
  std::string unknown;                  // as in RunConfig
  bool operator==(const Initialiser&) const = default;
};

// One optimiser that lowers the weighted sum of its terms by changing the parameters whose names match `parameters`.
struct Objective {
  std::vector<LossTerm> terms{LossTerm{}};  // not used where the graph has losses of its own
  std::vector<Regulariser> regularisers;
  std::string parameters = "*";  // a pattern over state names: "*", "head.*"
  Optimiser optimiser;
  std::vector<ParameterGroup> groups;
  Schedule schedule;
  double clipNorm = 0;     // largest 2-norm of all its gradients together; 0: no limit
  double clipValue = 0;    // largest magnitude of a gradient's entry; 0: no limit
  int64_t accumulate = 1;  // batches whose gradients are averaged into one step of the optimiser
  int64_t every = 1;       // takes part in each `every`-th of its turns
  std::string unknown;     // as in RunConfig
  Attributes formulas;     // of objectiveParams()
  bool operator==(const Objective&) const = default;
};

struct RunConfig {
  std::vector<Objective> objectives{Objective{}};
  std::vector<std::string> metrics{"accuracy"};  // as MetricChoice reads them: "accuracy", "accuracy/head", ...
  std::vector<std::string> frozen;               // patterns of parameters that keep the values they begin with
  std::vector<Initialiser> initialisers;
  int64_t epochs = 5;
  int64_t batchSize = 64;
  uint64_t seed = 1;
  bool shuffle = true;
  bool dropLast = false;
  std::string device = "auto";         // "auto", "cpu", "cuda", "cuda:1"
  int64_t threads = 0;                 // 0: all cores
  bool channelsLast = true;            // memory format of images; faster convolutions
  std::string precision = "float32";   // or "bf16": autocast
  bool parity = false;                 // random numbers as one stream from the seed, as a PyTorch program draws them
  int64_t checkpointSeconds = 60;      // time between checkpoints within an epoch; 0: only at its end
  int64_t patience = 0;                // epochs without progress after which the run ends; 0: never
  int64_t keepBest = 0, keepLast = 0;  // checkpoints kept: so many of the best and of the newest; both 0: all
  std::string start = "init";          // "init", "run:NAME" (its newest checkpoint) or "file:PATH" (safetensors)
  std::string unknown;                 // raw JSON members this version does not know, written back unchanged
  Attributes formulas;                 // of runParams()
  bool operator==(const RunConfig&) const = default;
};

nlohmann::ordered_json toJson(const RunConfig& config);
// Throws Error{Input} that names `source` and the key.
RunConfig runConfigFromJson(const nlohmann::ordered_json& json, const std::string& source);
// Everything about settled settings that is wrong in itself: ranges and unknown names, with the nearest known one.
Diagnostics checkConfig(const RunConfig& config);
// Plain settings (epochs, batch_size, seed, ...) with their ranges and words: forms and CLI flags are made from them.
const std::vector<ParamSpec>& runParams();
Attribute runParam(const RunConfig& config, const std::string& name);
void setRunParam(RunConfig& config, const std::string& name, const Attribute& value);
// Likewise of an objective what no kind of optimiser, schedule or loss has: clip_norm, clip_value, accumulate, every.
const std::vector<ParamSpec>& objectiveParams();
Attribute objectiveParam(const Objective& objective, const std::string& name);
void setObjectiveParam(Objective& objective, const std::string& name, const Attribute& value);
const ParamSpec& weightParam();    // of a loss
const ParamSpec& lrFactorParam();  // of a group
const ParamSpec& regulariserWeightParam();

void eachFormula(RunConfig& config, const FormulaVisit& visit);
// Puts values in place of formulas. What has none, or one that is not legal, takes its default and is told.
Diagnostics settle(RunConfig& config, const FormulaValue& value);

}  // namespace netwright::run
