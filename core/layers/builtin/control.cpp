// SPDX-License-Identifier: Apache-2.0
// If and Switch run one of their bodies, Loop, Scan and Map run theirs again and again: eagerly, by what the tensors of
// the batch hold. Bodies are blocks; their ports are the node's. Python's if, for and while; ONNX's If, Loop and Scan.
#include "core/program/control.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/graph/document.h"
#include "core/layers/bodies.h"
#include "core/layers/lowering.h"

namespace netwright::layers {
namespace {

using program::Builder;
using program::Program;
using program::ValueId;
using Programs = std::vector<std::shared_ptr<const Program>>;

std::string text(const TensorType& type) { return program::text(program::ValueType(type)); }

// One number as a value without dimensions: a bool (whether it is not 0) or an int64. Invalid after a complaint.
ValueId scalar(Lowering& l, Builder& builder, ValueId x, DType type, const char* port) {
  if (!x) return {};
  const TensorType given = builder.program().tensorType(x);
  if (!l.check(program::product(given.shape).constant() == 1, "NW-S049", "", {{"port", port}, {"shape", text(given)}}))
    return {};
  if (!given.shape.empty()) x = builder.op("reshape", {x, Shape{}});
  if (given.dtype == type) return x;
  return type == DType::Bool ? builder.op("ne.Scalar", {x, Dim(0)}) : builder.op("to.dtype", {x, type});
}

Value scalarInput(Lowering& l, const char* port, DType type) {
  return {scalar(l, l.builder(), l.input(port).id, type, port), &l.builder()};
}

std::vector<ValueId> ids(const std::vector<Value>& values) {
  std::vector<ValueId> all;
  for (const Value& v : values) all.push_back(v.id);
  return all;
}

// --- branches

// Gives a region an input for each weight of `all`, in that order, behind its `own` inputs.
void takeAll(Program& region, size_t own, const std::vector<ValueId>& captured, const std::vector<ValueId>& all,
             const Program& outer) {
  std::vector<program::Port> inputs(region.inputs.begin(), region.inputs.begin() + static_cast<std::ptrdiff_t>(own));
  for (const ValueId weight : all) {
    const auto at = std::find(captured.begin(), captured.end(), weight);
    if (at != captured.end()) {
      inputs.push_back(region.inputs[own + static_cast<size_t>(at - captured.begin())]);
      continue;
    }
    const program::Value& value = outer.value(weight);
    inputs.push_back({{static_cast<int>(region.values.size())}, value.name, {}});
    region.values.push_back(value);
  }
  region.inputs = std::move(inputs);
}

// A type that both are of; where sizes differ they are a symbol of the node's.
bool joinTypes(Lowering& l, const std::string& port, const std::vector<Face>& faces, size_t body, TensorType& all,
               const TensorType& other) {
  if (!l.check(all.dtype == other.dtype && all.shape.size() == other.shape.size(), "NW-S050", "",
               {{"port", port},
                {"first", text(all)},
                {"second", text(other)},
                {"block", faces.front().block},
                {"other", faces[body].block}}))
    return false;
  for (size_t i = 0; i < all.shape.size(); ++i) {
    if (all.shape[i].equals(other.shape[i]) == program::Answer::Yes) continue;
    all.shape[i] =
        Dim::symbol(fmt::format("{}.{}{}", l.node().name, port, all.shape.size() > 1 ? fmt::format(".{}", i) : ""));
  }
  return true;
}

bool samePorts(Lowering& l, const std::vector<Face>& faces) {
  for (const Face& face : faces)
    for (const auto ports : {&Face::inputs, &Face::outputs})
      if (!l.check(face.*ports == faces.front().*ports, "NW-G018", "",
                   {{"first", faces.front().block},
                    {"ports", fmt::format("{}", fmt::join(faces.front().*ports, ", "))},
                    {"second", face.block},
                    {"others", fmt::format("{}", fmt::join(face.*ports, ", "))}}))
        return false;
  return true;
}

void branch(Lowering& l, const char* port, DType type, size_t fewest, size_t most) {
  const std::vector<Face>& faces = l.bodies->faces();
  const std::string needed = fewest == most ? std::to_string(most) : fmt::format("at least {}", fewest);
  if (!l.check(faces.size() >= fewest && faces.size() <= most, "NW-G021", "",
               {{"received", std::to_string(faces.size())}, {"needed", needed}}) ||
      !samePorts(l, faces))
    return;
  const Value choice = scalarInput(l, port, type);
  std::vector<Value> operands;
  for (const std::string& name : faces.front().inputs) operands.push_back(l.input(name.c_str()));
  if (!choice || !std::all_of(operands.begin(), operands.end(), [](const Value& v) { return bool(v); })) return;
  std::vector<Bodies::Region> regions;
  std::vector<TensorType> types;
  for (size_t body = 0; body < faces.size(); ++body) {
    auto region = l.bodies->lower(
        body,
        [&](Builder& inner) {
          std::map<std::string, ValueId> given;
          for (size_t i = 0; i < operands.size(); ++i)
            given[faces.front().inputs[i]] = inner.input(faces.front().inputs[i], operands[i].type());
          return given;
        },
        [&](Builder& inner, const std::vector<ValueId>& results) {
          for (size_t i = 0; i < results.size(); ++i) {
            const TensorType& given = inner.program().tensorType(results[i]);
            if (regions.empty()) types.push_back(given);
            if (!joinTypes(l, faces.front().outputs[i], faces, body, types[i], given)) return false;
            inner.output(faces.front().outputs[i], results[i]);
          }
          return true;
        });
    if (!region) return;
    regions.push_back(std::move(*region));
  }
  std::vector<ValueId> weights, all = ids(operands);
  for (const Bodies::Region& r : regions)
    for (const ValueId w : r.captured)
      if (std::find(weights.begin(), weights.end(), w) == weights.end()) weights.push_back(w);
  all.insert(all.end(), weights.begin(), weights.end());
  Programs programs;
  for (Bodies::Region& r : regions) {
    takeAll(*r.program, operands.size(), r.captured, weights, l.builder().program());
    programs.push_back(std::move(r.program));
  }
  const auto results = l.control(program::branchOp(), {choice.id, all}, std::move(programs), types);
  for (size_t i = 0; i < results.size(); ++i) l.output(faces.front().outputs[i].c_str(), results[i]);
}

void lowerIf(Lowering& l) { branch(l, "condition", DType::Bool, 2, 2); }
void lowerSwitch(Lowering& l) { branch(l, "index", DType::Int64, 1, SIZE_MAX); }

// --- loops

// How a layer's body is run. The first inputs of the body are carried, the next ones scanned, the others constant.
struct Steps {
  std::optional<Dim> count;
  Value liveCount, start;
  bool reserved = false;  // the ports `step` and `again`
  size_t carried = 0, scanned = 0;
  int64_t dim = 0, limit = 0;
  bool keepdim = false;  // parts keep the dimension, of one entry
};

class LoopLowering {
 public:
  LoopLowering(Lowering& l, Steps steps) : l_(l), steps_(std::move(steps)) {}

  void run() {
    const std::vector<Face>& faces = l_.bodies->faces();
    if (!l_.check(faces.size() == 1, "NW-G021", "", {{"received", std::to_string(faces.size())}, {"needed", "1"}}) ||
        !readPorts(faces.front()) || !measure())
      return;
    const auto region = l_.bodies->lower(
        0, [this](Builder& inner) { return enter(inner); },
        [this](Builder& inner, const std::vector<ValueId>& results) { return leave(inner, results); });
    if (!region) return;
    std::vector<ValueId> captured = ids(constant_);
    captured.insert(captured.end(), region->captured.begin(), region->captured.end());
    std::vector<TensorType> types;
    for (const Value& v : carried_) types.push_back(v.type());
    const bool open = !steps_.count || again_;
    const Dim length = open ? Dim::symbol(l_.node().name + ".steps") : *steps_.count;
    for (TensorType& part : stacked_) {
      part.shape.insert(part.shape.begin() + steps_.dim, length);
      types.push_back(part);
    }
    const auto results =
        l_.control(program::loopOp(),
                   {steps_.count ? Argument(*steps_.count) : Argument(None{}), Lowering::optional(steps_.liveCount),
                    Lowering::optional(steps_.start), again_, index_, ids(carried_), ids(scanned_), captured,
                    Dim(steps_.dim), Dim(steps_.count ? 0 : steps_.limit)},
                   {region->program}, std::move(types));
    for (size_t i = 0; i < results.size(); ++i) l_.output(outputs_[i].c_str(), results[i]);
  }

 private:
  bool readPorts(const Face& face) {
    std::vector<std::string> inputs;
    for (const std::string& port : face.inputs)
      if (steps_.reserved && port == kStep)
        index_ = true;
      else
        inputs.push_back(port);
    for (const std::string& port : face.outputs)
      if (steps_.reserved && port == kAgain)
        again_ = true;
      else
        outputs_.push_back(port);
    allOutputs_ = face.outputs;
    const auto enough = [&](size_t needed, size_t received, const char* kind, const char* param) {
      return l_.check(received >= needed, "NW-G020", param,
                      {{"needed", std::to_string(needed)},
                       {"received", std::to_string(received)},
                       {"kind", kind},
                       {"block", face.block},
                       {"param", param}});
    };
    const char* param = steps_.carried > 0 ? "carried" : "sliced";
    if (!enough(steps_.carried + steps_.scanned, inputs.size(), "inputs", param) ||
        !enough(steps_.carried, outputs_.size(), "outputs", "carried"))
      return false;
    if (!l_.check(steps_.count || steps_.liveCount || again_ || steps_.scanned > 0, "NW-G019", "count", {}))
      return false;
    for (size_t i = 0; i < inputs.size(); ++i) {
      const Value v = l_.input(inputs[i].c_str());
      if (!v) return false;
      const bool carried = i < steps_.carried, scanned = !carried && i < steps_.carried + steps_.scanned;
      (carried ? carried_ : scanned ? scanned_ : constant_).push_back(v);
      (carried ? carriedNames_ : scanned ? scannedNames_ : constantNames_).push_back(inputs[i]);
    }
    return true;
  }

  // The number of steps, from what is scanned.
  bool measure() {
    for (size_t i = 0; i < scanned_.size(); ++i) {
      const std::string dim = std::to_string(steps_.dim);
      if (!l_.check(static_cast<size_t>(steps_.dim) < scanned_[i].rank(), "NW-S052", "dim",
                    {{"dim", dim}, {"port", scannedNames_[i]}, {"shape", text(scanned_[i].type())}}))
        return false;
      const Dim length = scanned_[i].dim(static_cast<int>(steps_.dim));
      if (i == 0) steps_.count = length;
      std::map<std::string, std::string> args{{"first", scannedNames_.front()},
                                              {"second", scannedNames_[i]},
                                              {"a", steps_.count->text()},
                                              {"b", length.text()},
                                              {"dim", dim}};
      if (l_.builder().requireEqual(*steps_.count, length, "NW-S051", args)) continue;
      l_.builder().takeFailure();
      return l_.check(false, "NW-S051", "dim", std::move(args));
    }
    return true;
  }

  std::map<std::string, ValueId> enter(Builder& inner) {
    std::map<std::string, ValueId> given;
    if (index_) given[kStep] = inner.input(kStep, {DType::Int64, {}});
    for (size_t i = 0; i < carried_.size(); ++i)
      given[carriedNames_[i]] = inner.input(carriedNames_[i], carried_[i].type());
    std::vector<ValueId> parts;
    for (size_t i = 0; i < scanned_.size(); ++i) {
      TensorType part = scanned_[i].type();
      part.shape.erase(part.shape.begin() + steps_.dim);
      parts.push_back(inner.input(scannedNames_[i], std::move(part)));
    }
    for (size_t i = 0; i < constant_.size(); ++i)
      given[constantNames_[i]] = inner.input(constantNames_[i], constant_[i].type());
    for (size_t i = 0; i < parts.size(); ++i)  // after all inputs: the first op
      given[scannedNames_[i]] = steps_.keepdim ? inner.op("unsqueeze", {parts[i], Dim(steps_.dim)}) : parts[i];
    return given;
  }

  bool leave(Builder& inner, const std::vector<ValueId>& results) {
    std::vector<ValueId> values;
    for (size_t i = 0; i < results.size(); ++i) {
      if (again_ && allOutputs_[i] == kAgain) {
        const ValueId again = scalar(l_, inner, results[i], DType::Bool, kAgain);
        if (!again) return false;
        inner.output(kAgain, again);
      } else {
        values.push_back(results[i]);
      }
    }
    for (size_t i = 0; i < values.size(); ++i)
      if (i < carried_.size() ? !carry(inner, i, values[i]) : !stack(inner, outputs_[i], values[i])) return false;
    return true;
  }

  bool carry(Builder& inner, size_t i, ValueId value) {
    const TensorType before = carried_[i].type(), after = inner.program().tensorType(value);
    std::map<std::string, std::string> args{
        {"port", carriedNames_[i]}, {"before", text(before)}, {"after", text(after)}};
    bool same = before.dtype == after.dtype && before.shape.size() == after.shape.size();
    for (size_t d = 0; same && d < before.shape.size(); ++d)
      same = inner.requireEqual(before.shape[d], after.shape[d], "NW-S048", args);
    inner.takeFailure();
    if (!l_.check(same, "NW-S048", "", std::move(args))) return false;
    inner.output(outputs_[i], value);
    return true;
  }

  bool stack(Builder& inner, const std::string& port, ValueId value) {
    TensorType part = inner.program().tensorType(value);
    const std::map<std::string, std::string> args{
        {"dim", std::to_string(steps_.dim)}, {"port", port}, {"shape", text(part)}};
    const auto dim = static_cast<size_t>(steps_.dim);
    if (!steps_.keepdim) {
      if (!l_.check(dim <= part.shape.size(), "NW-S052", "dim", args)) return false;
    } else {
      if (!l_.check(dim < part.shape.size() && part.shape[dim] == Dim(1), "NW-S053", "dim", args)) return false;
      value = inner.op("squeeze.dim", {value, Dim(steps_.dim)});
      part.shape.erase(part.shape.begin() + steps_.dim);
    }
    inner.output(port, value);
    stacked_.push_back(std::move(part));
    return true;
  }

  Lowering& l_;
  Steps steps_;
  bool index_ = false, again_ = false;
  std::vector<Value> carried_, scanned_, constant_;
  std::vector<std::string> carriedNames_, scannedNames_, constantNames_, outputs_, allOutputs_;
  std::vector<TensorType> stacked_;
};

size_t countOf(const Lowering& l, const char* param) { return static_cast<size_t>(l.get<int64_t>(param)); }

void lowerLoop(Lowering& l) {
  Steps steps;
  steps.reserved = true;
  if (l.has("count")) {
    steps.liveCount = scalarInput(l, "count", DType::Int64);
    if (!steps.liveCount) return;
  } else if (!l.isNone("count")) {
    steps.count = Dim(l.get<int64_t>("count"));
  }
  if (l.has("start") && !(steps.start = scalarInput(l, "start", DType::Bool))) return;
  steps.carried = countOf(l, "carried");
  steps.dim = l.get<int64_t>("dim");
  steps.limit = l.get<int64_t>("limit");
  LoopLowering(l, std::move(steps)).run();
}

void lowerScan(Lowering& l) {
  Steps steps;
  steps.carried = countOf(l, "carried");
  steps.scanned = countOf(l, "sliced");
  steps.dim = l.get<int64_t>("dim");
  LoopLowering(l, std::move(steps)).run();
}

void lowerMap(Lowering& l) {
  Steps steps;
  steps.scanned = countOf(l, "sliced");
  steps.dim = l.get<int64_t>("dim");
  steps.keepdim = l.get<bool>("keepdim");
  LoopLowering(l, std::move(steps)).run();
}

ParamSpec carriedParam() {
  return intParam("carried", 1)
      .min(0)
      .withDoc("So many first outputs of the body are its first inputs in the next step; others are stacked.");
}
ParamSpec slicedParam(const char* words) { return intParam("sliced", 1).min(1).withDoc(words); }

}  // namespace

std::vector<LayerSpec> control() {
  return {
      LayerSpec{graph::kIf, "If", Category::Control}
          .describe("Runs one of two bodies, as one number of the batch decides.",
                    "y = then(x) if condition else otherwise(x)")
          .named("if")
          .alias({"condition", "branch", "cond", "torch.cond"})
          .input("condition", "()")
          .lowering(lowerIf),
      LayerSpec{"switch", "Switch", Category::Control}
          .describe("Runs the body of a number that the batch holds.", "y = bodies[index](x)")
          .named("switch")
          .alias({"case", "branch", "match", "experts", "torch.cond"})
          .input("index", "()")
          .lowering(lowerSwitch),
      LayerSpec{"loop", "Loop", Category::Control}
          .describe("Runs its body so many times, or while a condition holds, each step on what the last one gave.",
                    "for step in range(count): x = body(x)")
          .named("loop")
          .alias({"for", "while", "repeat", "iterate", "recurrent", "early exit"})
          .param(intParam("count", 3)
                     .min(0)
                     .max(1'000'000)
                     .orNone()
                     .withDoc("So many steps; the input count counts instead where it has a wire. None: until the "
                              "body's output again is false.")
                     .asMain())
          .param(carriedParam())
          .param(intParam("dim", 1).min(0).withDoc("Stacked results have their steps along this dimension."))
          .param(intParam("limit", 1000)
                     .min(1)
                     .max(1'000'000)
                     .withDoc("More steps than so many are an error, where the batch decides how many there are."))
          .optionalInput("count", "()")
          .optionalInput("start", "()")
          .lowering(lowerLoop),
      LayerSpec{"scan", "Scan", Category::Control}
          .describe("Runs its body at each time step, on that step's part and on what the last step gave.",
                    "for t in range(T): h, y[:, t] = body(h, x[:, t])")
          .named("scan")
          .alias({"recurrent", "time steps", "sequence", "fold", "for"})
          .param(intParam("dim", 1).min(0).withDoc("The dimension that it goes along: time.").asMain())
          .param(carriedParam())
          .param(slicedParam("So many inputs of the body, behind the carried ones, take one step's part each."))
          .lowering(lowerScan),
      LayerSpec{"map", "Map", Category::Control}
          .describe("Runs its body on each part along a dimension by itself, and joins what it gives.",
                    "y[i] = body(x[i])")
          .torch("torch.vmap")
          .named("map")
          .alias({"vmap", "for each", "per sample"})
          .param(intParam("dim", 0).min(0).withDoc("The dimension that it goes along; 0: samples.").asMain())
          .param(slicedParam("So many first inputs of the body take one part each; the others are the same for all."))
          .param(boolParam("keepdim", false)
                     .withDoc("Parts keep the dimension with one entry, as layers that expect a batch need it."))
          .lowering(lowerMap)};
}

}  // namespace netwright::layers
