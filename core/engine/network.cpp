// SPDX-License-Identifier: Apache-2.0
#include "core/engine/network.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/isfinite.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/engine/autocast.h"
#include "core/engine/beginnings.h"
#include "core/engine/generator.h"
#include "core/engine/guards.h"
#include "core/engine/initial_values.h"
#include "core/engine/node_error.h"
#include "core/engine/node_watch.h"
#include "core/engine/objective.h"
#include "core/engine/plan.h"
#include "core/engine/tensor.h"

namespace netwright::engine {
namespace {

using program::InitStep;

// Forces the strides of channels_last, also where one channel would make contiguous() keep what it has.
at::Tensor inChannelsLast(const at::Tensor& t) {
  return at::empty_like(t, t.options(), at::MemoryFormat::ChannelsLast).copy_(t);
}

int64_t countNonFinite(const at::Tensor& t) {
  if (!t.is_floating_point()) return 0;
  return t.numel() - t.isfinite().sum().item<int64_t>();
}

}  // namespace

class Network::Body {
 public:
  Body(program::Program given, const NetworkOptions& options)
      : program(std::move(given)),
        options_(options),
        device_(options.device),
        guards_(program),
        slots_(program.values.size()) {
    for (const program::State& s : program.states) {
      const program::TensorType& type = program.tensorType(s.value);
      const auto shape = program::constants(type.shape);
      if (!shape)
        failInput(fmt::format("The weight {} has no fixed size: {}.", s.name, program::text(type.shape)), "", "");
      at::Tensor t = allocated(s, [&] {
        const auto t = at::empty(*shape, at::TensorOptions().dtype(stateType(type.dtype)).device(device_)).zero_();
        return options_.channelsLast && t.dim() == 4 ? inChannelsLast(t) : t;
      });
      if (s.kind == program::StateKind::Parameter && !s.frozen) t.set_requires_grad(true);
      slot(s.value) = t;
    }
  }

  void initialise(uint64_t seed) {
    const at::NoGradGuard off;
    at::Generator generator = at::detail::createCPUGenerator(seed);
    for (const InitStep& step : program.initialisation) {
      at::Tensor& target = stateTensor(step.state);
      if (step.source >= 0) {
        derive(step, [this](int index) -> at::Tensor& { return stateTensor(index); });
        continue;
      }
      if (step.row >= 0) {
        target.select(0, step.row).fill_(step.a);
        continue;
      }
      // Drawn in row-major order and on the CPU, whatever the layout and device: the numbers must not depend on them.
      const auto shape = step.kind == InitStep::Kind::Discard ? *program::constants(step.shape) : target.sizes().vec();
      at::Tensor drawn = allocated(program.states[static_cast<size_t>(step.state)],
                                   [&] { return at::empty(shape, at::TensorOptions().dtype(target.dtype())); });
      draw(step, drawn, generator);
      if (step.kind != InitStep::Kind::Discard) target.copy_(drawn);
    }
    begin(program, [this](int state) { return stateTensor(state); }, generator);
    if (options_.parity) defaultGenerator().set_state(generator.get_state());  // PyTorch has one stream for all
  }

  void startFromData(const Feeds& feeds) {
    if (!needsData(program)) return;
    const at::NoGradGuard off;
    const program::Bindings& sizes = guards_.check(feeds, false, true);
    const Plan steps = makePlan(program, plan(Mode::Eval, true, false));
    scaleByData(
        program, steps, [this](int state) { return stateTensor(state); },
        [&](const auto& seen) {
          load(feeds);
          run(steps.forward, slots_, {key({}), nullptr, seen, &sizes});
        });
    releaseSlots();
  }

  std::vector<NamedTensor> weights() const {
    std::vector<NamedTensor> all;
    for (const program::State& s : program.states)
      all.push_back({s.name, toHost(slots_[static_cast<size_t>(s.value.index)])});
    return all;
  }

  void setWeights(const std::vector<NamedTensor>& weights) {
    std::vector<std::string> problems;
    std::vector<const HostTensor*> found;
    for (const program::State& s : program.states) {
      const auto it =
          std::find_if(weights.begin(), weights.end(), [&](const NamedTensor& w) { return w.name == s.name; });
      found.push_back(it == weights.end() ? nullptr : &it->tensor);
      if (!found.back())
        problems.push_back(fmt::format("{} is missing", s.name));
      else if (found.back()->shape != slot(s.value).sizes().vec())
        problems.push_back(fmt::format("{} has another shape", s.name));
    }
    if (!problems.empty())
      failInput("The weights do not fit this network.", joined(problems, ", ") + ".",
                "Choose weights of the same graph.");
    const at::NoGradGuard off;
    for (size_t i = 0; i < found.size(); ++i) slot(program.states[i].value).copy_(view(*found[i]));
  }

  void setObjectives(const std::vector<ObjectiveOptions>& options) {
    std::vector<NamedParameter> all;
    for (const program::State& s : program.states)
      if (s.kind == program::StateKind::Parameter && !s.frozen) all.push_back({s.name, slot(s.value)});
    objectives_.clear();
    for (const ObjectiveOptions& o : options) objectives_.emplace_back(o, all);
  }
  void setInterrupt(const std::atomic<bool>* flag) { interrupt_ = flag; }
  void watchNext() { watchNext_ = true; }
  Objective& objective(size_t index) {
    if (index >= objectives_.size()) failEnvironment(fmt::format("There is no objective {}.", index), "", "");
    return objectives_[index];
  }

  std::vector<NamedTensor> optimiserState() const { return stateOf(objectives_); }
  void setOptimiserState(const std::vector<NamedTensor>& state) { restore(objectives_, state); }

  StepResult trainStep(const Feeds& feeds, const StepPlace& place, const std::vector<Turn>& turns) {
    const program::Bindings& sizes = guards_.check(feeds, true, true);
    keepState();
    watch_.reset();
    if (std::exchange(watchNext_, false)) watch_.emplace();
    StepResult result;
    result.terms.assign(program.losses.size(), std::numeric_limits<double>::quiet_NaN());
    for (const Turn& turn : turns) {
      const bool first = &turn == &turns.front();
      Execution execution{key(place), first ? interrupt_ : nullptr, {}, &sizes};
      execution.key.invocation = &turn - turns.data();
      try {
        take(feeds, turn, execution, result);
      } catch (...) {
        if (first) bringBackState();
        throw;
      }
    }
    torn_ = false;
    if (watch_) result.nodes = watch_->take();
    return result;
  }

  StepResult evaluate(const Feeds& feeds) {
    const at::NoGradGuard off;  // not inference mode: states must never become inference tensors
    const program::Bindings& sizes = accept(feeds, false, true);
    StepResult result;
    result.terms.assign(program.losses.size(), std::numeric_limits<double>::quiet_NaN());
    {
      const Autocast cast(options_.autocast, device_.type());
      run(planFor(evaluate_, Mode::Eval, true).forward, slots_, {key({}), nullptr, {}, &sizes});
      std::set<int> all{0};
      for (const program::LossTerm& t : program.losses) all.insert(t.objective);
      for (const int objective : all) addLosses(static_cast<size_t>(objective), result);
    }
    finish(result);
    return result;
  }

  std::vector<HostTensor> predict(const Feeds& feeds) {
    const at::NoGradGuard off;
    const program::Bindings& sizes = accept(feeds, false, false);
    const Autocast cast(options_.autocast, device_.type());
    run(planFor(predict_, Mode::Eval, false).forward, slots_, {key({}), nullptr, {}, &sizes});
    return takeOutputs();
  }

  std::vector<NamedTensor> values(const Feeds& feeds) {
    const at::NoGradGuard off;
    const program::Bindings& sizes = accept(feeds, false, false);
    std::vector<NamedTensor> all;
    const Instruction* last = nullptr;
    const auto keep = [&](const Instruction& instruction, const at::Tensor& result) {
      if (std::exchange(last, &instruction) == &instruction || !result.defined()) return;
      if (instruction.op < program.ops.data() || instruction.op >= program.ops.data() + program.ops.size()) return;
      all.push_back({program.value(instruction.op->results.at(0)).name, toHost(result)});
    };
    run(makePlan(program, plan(Mode::Eval, false, false)).forward, slots_, {{}, nullptr, keep, &sizes});
    return all;
  }

  std::vector<NamedTensor> gradients(const Feeds& feeds, const std::vector<HostTensor>& weights, Mode mode,
                                     std::vector<HostTensor>* outputs) {
    const program::Bindings& sizes = accept(feeds, mode == Mode::Train, false);
    for (const program::Port& p : program.inputs)
      if (slot(p.value).defined() && slot(p.value).is_floating_point())
        slot(p.value) = slot(p.value).clone().set_requires_grad(true);
    std::vector<at::Tensor> inputs;
    for (const program::Port& p : program.inputs) inputs.push_back(slot(p.value));
    const Plan steps = makePlan(program, plan(mode, false));
    run(steps.forward, slots_, {{}, nullptr, {}, &sizes});
    at::Tensor total;
    for (size_t i = 0; i < program.outputs.size(); ++i) {
      const at::Tensor& output = slot(program.outputs[i].value);
      if (!output.requires_grad()) continue;  // numbers of places, conditions
      const at::Tensor part = output.mul(view(weights[i])).sum();
      total = total.defined() ? total.add(part) : part;
    }
    if (total.defined()) total.backward();
    const at::NoGradGuard off;
    run(steps.afterBackward, slots_, {{}, nullptr, {}, &sizes});
    std::vector<NamedTensor> all;
    for (size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].defined() && inputs[i].grad().defined())
        all.push_back({program.inputs[i].name, toHost(inputs[i].grad())});
    for (const program::State& s : program.states)
      if (slot(s.value).grad().defined()) {
        all.push_back({s.name, toHost(slot(s.value).grad())});
        slot(s.value).mutable_grad() = at::Tensor();
      }
    *outputs = takeOutputs();
    return all;
  }

  bool whole() const { return !torn_; }

  const program::Program program;

 private:
  at::Tensor& slot(program::ValueId id) { return slots_[static_cast<size_t>(id.index)]; }
  at::Tensor& stateTensor(int index) { return slot(program.states[static_cast<size_t>(index)].value); }
  // What `make` returns, which needs memory for the state `s`.
  template <class Make>
  at::Tensor allocated(const program::State& s, Make make) const try {
    return make();
  } catch (const c10::Error& e) {
    if (!isOutOfMemory(e)) throw;
    const program::TensorType& type = program.tensorType(s.value);
    const auto count = static_cast<double>(program::product(type.shape).constant().value_or(0));
    const auto bytes = count * static_cast<double>(c10::elementSize(stateType(type.dtype)));
    throw NodeError(s.id.owner, "NW-R010", {{"weight", s.name}, {"size", byteText(bytes)}});
  }

  at::ScalarType stateType(DType type) const { return torchType(type == DType::DefaultFloat ? options_.dtype : type); }

  PlanOptions plan(Mode mode, bool withLoss, bool rewrite = true) const {
    const DType floats = options_.dtype == DType::Float64 ? DType::Float64 : DType::Float32;
    return {mode, withLoss, options_.channelsLast, rewrite, floats};
  }

  const Plan& planFor(std::optional<Plan>& plan, Mode mode, bool withLoss) {
    if (!plan) plan = makePlan(program, this->plan(mode, withLoss));
    return *plan;
  }

  const Plan& watchedPlan() {
    if (!watched_) watched_ = makePlan(program, plan(Mode::Train, true, false));
    return *watched_;
  }

  const program::Bindings& accept(const Feeds& feeds, bool training, bool withLoss) {
    const program::Bindings& sizes = guards_.check(feeds, training, withLoss);
    load(feeds);
    return sizes;
  }

  void load(const Feeds& feeds) {
    for (size_t i = 0; i < feeds.size(); ++i) {
      if (!feeds[i]) continue;
      const program::Port& port = program.inputs[i];
      at::Tensor t = view(*feeds[i]);
      const at::ScalarType type = stateType(program.tensorType(port.value).dtype);
      if (!device_.is_cpu() || t.scalar_type() != type) t = t.to(device_, type);
      if (options_.channelsLast && t.dim() == 4) t = inChannelsLast(t);
      slot(port.value) = t;
    }
  }

  // In parity mode the stream goes on, whatever is computed between two steps.
  RandomKey key(const StepPlace& place) const { return {place.seed, place.step, 0, !options_.parity}; }

  // Forward, backward and step of one objective.
  void take(const Feeds& feeds, const Turn& turn, const Execution& execution, StepResult& result) {
    Objective& own = objective(turn.objective);
    // Nodes are seen in a plan where each op has its own result; it computes the same bits.
    const bool watched = watch_ && execution.key.invocation == 0;
    const Plan& plan = watched ? watchedPlan() : planFor(train_, Mode::Train, true);
    if (turn.first) own.zeroGradients();
    load(feeds);
    at::Tensor loss;
    const double before = result.loss;
    {
      const Autocast cast(options_.autocast, device_.type());
      if (watched)
        run(plan.forward, slots_,
            {execution.key, execution.interrupt,
             [this](const Instruction& i, const at::Tensor& t) { watch_->see(i, t); }, execution.sizes, &watch_->runs});
      else
        run(plan.forward, slots_, execution);
      loss = addLosses(turn.objective, result);
      if (!std::isfinite(result.loss - before)) findNonFinite(feeds, execution, result.loss - before);
    }
    own.backward(turn.share == 1 ? loss : loss.mul(turn.share));
    const at::NoGradGuard off;
    if (watched) watch_->gradients(program, slots_);
    run(plan.afterBackward, slots_, {execution.key, nullptr, {}, execution.sizes});
    finish(result);
    if (!turn.last) return;
    torn_ = true;  // until the whole batch is done
    own.step(result.loss - before, [&] { return evaluateAgain(feeds, turn, execution); });
  }

  // Loss and gradients of the same batch for weights that a search within a step has moved. What is random is drawn as
  // before, so that it searches in one function; in parity mode the stream goes on, as in PyTorch.
  double evaluateAgain(const Feeds& feeds, const Turn& turn, const Execution& first) {
    const at::AutoGradMode on(true);
    const Execution execution{first.key, nullptr, {}, first.sizes};
    const Plan& plan = planFor(train_, Mode::Train, true);
    objective(turn.objective).zeroGradients();
    load(feeds);
    StepResult scratch;
    scratch.terms.resize(program.losses.size());
    at::Tensor loss;
    {
      const Autocast cast(options_.autocast, device_.type());
      run(plan.forward, slots_, execution);
      loss = addLosses(turn.objective, scratch);
    }
    objective(turn.objective).backward(loss);
    const at::NoGradGuard off;
    run(plan.afterBackward, slots_, execution);
    finish(scratch);
    return scratch.loss;
  }

  // The weighted sum of an objective's terms; adds the values to `result`.
  at::Tensor addLosses(size_t objective, StepResult& result) {
    at::Tensor total;
    for (size_t i = 0; i < program.losses.size(); ++i) {
      const program::LossTerm& term = program.losses[i];
      if (static_cast<size_t>(term.objective) != objective) continue;
      at::Tensor part = slot(term.value);
      result.terms[i] = part.item<double>();
      result.loss += term.weight * result.terms[i];
      if (term.weight != 1) part = part.mul(term.weight);
      total = total.defined() ? total.add(part) : part;
    }
    if (!total.defined()) failEnvironment(fmt::format("Objective {} has no loss.", objective), "", "");
    return total;
  }

  void finish(StepResult& result) {
    result.measured = copied(program.measured);
    result.outputs = takeOutputs();
    for (const program::Port& p : program.measured) release(p.value);
    for (const program::LossTerm& term : program.losses) release(term.value);
  }

  // Runs the batch again, op by op as the program says, and throws at the first result that is not finite.
  [[noreturn]] void findNonFinite(const Feeds& feeds, const Execution& execution, double loss) {
    bringBackState();
    const at::NoGradGuard off;
    const std::string value = std::isnan(loss) ? "not a number" : "infinite";
    for (const program::State& s : program.states)
      if (const int64_t bad = countNonFinite(slot(s.value)))
        throw NodeError(
            s.id.owner, "NW-R006",
            {{"weight", s.name}, {"count", grouped(bad)}, {"total", grouped(slot(s.value).numel())}, {"value", value}});
    load(feeds);
    for (const program::Port& port : program.inputs) {
      const at::Tensor& t = slot(port.value);
      if (!t.defined() || !countNonFinite(t)) continue;
      for (int64_t i = 0; i < t.size(0); ++i)
        if (countNonFinite(t.select(0, i))) throw NodeError(port.node, "NW-D004", {{"input", port.name}}, i);
    }
    Execution again{execution.key, nullptr,
                    [&](const Instruction& instruction, const at::Tensor& t) {
                      if (const int64_t bad = countNonFinite(t))
                        throw NodeError(instruction.op->node, "NW-R005",
                                        {{"layer", instruction.op->layer},
                                         {"count", grouped(bad)},
                                         {"total", grouped(t.numel())},
                                         {"value", value}});
                    },
                    execution.sizes};
    run(makePlan(program, plan(Mode::Train, true, false)).forward, slots_, again);
    throw NodeError({}, "", fmt::format("The loss is {}.", value), "", "");  // its weighted sum alone
  }

  // What a forward pass in training writes: to be put back if the batch fails.
  void keepState() {
    if (options_.parity) keptGenerator_ = defaultGenerator().get_state();
    if (keptFrom_.empty() && kept_.empty())
      for (const program::State& s : program.states)
        if (s.kind == program::StateKind::Buffer) {
          keptFrom_.push_back(slot(s.value));
          kept_.push_back(at::empty_like(slot(s.value)));
        }
    for (size_t i = 0; i < kept_.size(); ++i) kept_[i].copy_(keptFrom_[i]);
  }
  void bringBackState() {
    const at::NoGradGuard off;
    if (options_.parity) defaultGenerator().set_state(keptGenerator_);
    for (size_t i = 0; i < kept_.size(); ++i) keptFrom_[i].copy_(kept_[i]);
    releaseSlots();
  }
  // Lets go of everything but the states.
  void releaseSlots() {
    std::vector<at::Tensor> states;
    for (const program::State& s : program.states) states.push_back(slot(s.value));
    std::fill(slots_.begin(), slots_.end(), at::Tensor());
    for (size_t i = 0; i < states.size(); ++i) slot(program.states[i].value) = states[i];
  }

  // Copies the outputs out and lets go of them, and with them of the graph of gradients.
  std::vector<HostTensor> takeOutputs() {
    std::vector<HostTensor> out = copied(program.outputs);
    for (const program::Port& p : program.outputs) release(p.value);
    return out;
  }
  std::vector<HostTensor> copied(const std::vector<program::Port>& ports) {
    std::vector<HostTensor> out;
    for (const program::Port& p : ports) {
      const at::Tensor& t = slot(p.value);
      out.push_back(toHost(isReducedFloatingType(t.scalar_type()) ? t.to(at::kFloat) : t));
    }
    return out;
  }
  void release(program::ValueId value) {  // states stay
    const auto is = [&](const program::State& s) { return s.value == value; };
    if (std::none_of(program.states.begin(), program.states.end(), is)) slot(value) = at::Tensor();
  }

  NetworkOptions options_;
  at::Device device_;
  Guards guards_;
  std::vector<at::Tensor> slots_;  // by value index; states stay, the rest comes and goes
  std::optional<Plan> train_, watched_, evaluate_, predict_;
  std::optional<NodeWatch> watch_;  // of the step under way
  bool watchNext_ = false;
  std::vector<Objective> objectives_;
  const std::atomic<bool>* interrupt_ = nullptr;
  bool torn_ = false;
  std::vector<at::Tensor> keptFrom_, kept_;  // buffers, and what they were before the batch
  at::Tensor keptGenerator_;
};

Network::Network(program::Program program, const NetworkOptions& options)
    : body_(std::make_unique<Body>(std::move(program), options)) {}
Network::Network(Network&&) noexcept = default;
Network::~Network() = default;
const program::Program& Network::program() const { return body_->program; }
bool Network::whole() const { return body_->whole(); }
void Network::initialise(uint64_t seed) { body_->initialise(seed); }
void Network::startFromData(const Feeds& feeds) { body_->startFromData(feeds); }
std::vector<NamedTensor> Network::weights() const { return body_->weights(); }
void Network::setWeights(const std::vector<NamedTensor>& weights) { body_->setWeights(weights); }
void Network::setObjectives(const std::vector<ObjectiveOptions>& objectives) { body_->setObjectives(objectives); }
void Network::setLearningRate(size_t objective, double rate) { body_->objective(objective).setLearningRate(rate); }
void Network::setMomentum(size_t objective, double momentum) { body_->objective(objective).setMomentum(momentum); }
std::vector<NamedTensor> Network::optimiserState() const { return body_->optimiserState(); }
void Network::setOptimiserState(const std::vector<NamedTensor>& state) { body_->setOptimiserState(state); }
void Network::setInterrupt(const std::atomic<bool>* flag) { body_->setInterrupt(flag); }
std::vector<uint8_t> Network::generatorState() const { return defaultGeneratorState(); }
void Network::setGeneratorState(const std::vector<uint8_t>& state) { setDefaultGeneratorState(state); }
StepResult Network::trainStep(const Feeds& feeds, const StepPlace& place, const std::vector<Turn>& turns) {
  return body_->trainStep(feeds, place, turns);
}
void Network::watchNext() { body_->watchNext(); }
StepResult Network::evaluate(const Feeds& feeds) { return body_->evaluate(feeds); }
std::vector<HostTensor> Network::predict(const Feeds& feeds) { return body_->predict(feeds); }
std::vector<NamedTensor> Network::values(const Feeds& feeds) { return body_->values(feeds); }
std::vector<NamedTensor> Network::gradients(const Feeds& feeds, const std::vector<HostTensor>& weights, Mode mode,
                                            std::vector<HostTensor>* outputs) {
  return body_->gradients(feeds, weights, mode, outputs);
}

}  // namespace netwright::engine
