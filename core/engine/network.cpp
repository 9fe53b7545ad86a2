// SPDX-License-Identifier: Apache-2.0
#include "core/engine/network.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/from_blob.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <optional>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/engine/guards.h"
#include "core/engine/node_error.h"
#include "core/engine/optimiser.h"
#include "core/engine/plan.h"
#include "core/engine/tensor.h"

namespace netwright::engine {
namespace {

using program::InitStep;

// Forces the strides of channels_last, also where one channel would make contiguous() keep what it has.
at::Tensor inChannelsLast(const at::Tensor& t) {
  return at::empty_like(t, t.options(), at::MemoryFormat::ChannelsLast).copy_(t);
}

void draw(const InitStep& step, at::Tensor target, at::Generator& generator) {
  switch (step.kind) {
    case InitStep::Kind::Uniform:
    case InitStep::Kind::Discard:
      target.uniform_(step.a, step.b, generator);
      break;
    case InitStep::Kind::Normal:
      target.normal_(step.a, step.b, generator);
      break;
    case InitStep::Kind::Fill:
      target.fill_(step.a);
      break;
    case InitStep::Kind::Values:
      target.copy_(at::from_blob(const_cast<double*>(step.values.data()), target.sizes(),
                                 at::TensorOptions().dtype(at::kDouble)));
      break;
    case InitStep::Kind::Copy:
      break;
  }
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
      at::Tensor t = at::empty(*shape, at::TensorOptions().dtype(stateType(type.dtype)).device(device_)).zero_();
      if (options_.channelsLast && t.dim() == 4) t = inChannelsLast(t);
      if (s.kind == program::StateKind::Parameter) t.set_requires_grad(true);
      slot(s.value) = t;
    }
  }

  void initialise(uint64_t seed) {
    const at::NoGradGuard off;
    at::Generator generator = at::detail::createCPUGenerator(seed);
    for (const InitStep& step : program.initialisation) {
      at::Tensor& target = stateTensor(step.state);
      if (step.kind == InitStep::Kind::Copy) {
        target.copy_(stateTensor(step.source));
        continue;
      }
      // Drawn in row-major order and on the CPU, whatever the layout and device: the numbers must not depend on them.
      const auto shape = step.kind == InitStep::Kind::Discard ? *program::constants(step.shape) : target.sizes().vec();
      at::Tensor drawn = at::empty(shape, at::TensorOptions().dtype(target.dtype()));
      draw(step, drawn, generator);
      if (step.kind != InitStep::Kind::Discard) target.copy_(drawn);
    }
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

  void setOptimiser(const OptimiserOptions& options) {
    std::vector<at::Tensor> parameters;
    trained_.clear();
    for (const program::State& s : program.states) {
      const bool chosen =
          s.kind == program::StateKind::Parameter && ::fnmatch(options.parameters.c_str(), s.name.c_str(), 0) == 0;
      if (!chosen) continue;
      parameters.push_back(slot(s.value));
      trained_.push_back(s.name);
    }
    optimiser_ = makeOptimiser(options.kind, options.params, std::move(parameters));
  }
  Optimiser& optimiser() {
    if (!optimiser_) failEnvironment("No optimiser was set.", "", "");
    return *optimiser_;
  }
  std::vector<NamedTensor> optimiserState() const {
    std::vector<NamedTensor> all;
    if (!optimiser_) return all;
    for (const Optimiser::State& s : optimiser_->state())
      all.push_back({s.name + "." + trained_[s.parameter], toHost(s.tensor)});
    return all;
  }

  StepResult trainStep(const Feeds& feeds, const RandomKey& key) {
    guards_.check(feeds, true, true);
    const Plan& plan = planFor(train_, Mode::Train, true);
    optimiser().zeroGradients();
    load(feeds);
    run(plan.forward, slots_, key);
    const at::Tensor loss = totalLoss();
    backward(loss);
    {
      const at::NoGradGuard off;
      optimiser().step();
      run(plan.afterBackward, slots_, key);
    }
    return finish(loss);
  }

  StepResult evaluate(const Feeds& feeds) {
    const at::NoGradGuard off;  // not inference mode: states must never become inference tensors
    guards_.check(feeds, false, true);
    load(feeds);
    run(planFor(evaluate_, Mode::Eval, true).forward, slots_, {});
    return finish(totalLoss());
  }

  std::vector<HostTensor> predict(const Feeds& feeds) {
    const at::NoGradGuard off;
    guards_.check(feeds, false, false);
    load(feeds);
    run(planFor(predict_, Mode::Eval, false).forward, slots_, {});
    return takeOutputs();
  }

  std::vector<NamedTensor> gradients(const Feeds& feeds, const std::vector<HostTensor>& weights, Mode mode,
                                     std::vector<HostTensor>* outputs) {
    guards_.check(feeds, mode == Mode::Train, false);
    load(feeds);
    for (const program::Port& p : program.inputs)
      if (slot(p.value).defined() && slot(p.value).is_floating_point())
        slot(p.value) = slot(p.value).clone().set_requires_grad(true);
    std::vector<at::Tensor> inputs;
    for (const program::Port& p : program.inputs) inputs.push_back(slot(p.value));
    run(makePlan(program, {mode, false, options_.channelsLast}).forward, slots_, {});
    at::Tensor total;
    for (size_t i = 0; i < program.outputs.size(); ++i) {
      const at::Tensor part = slot(program.outputs[i].value).mul(view(weights[i])).sum();
      total = total.defined() ? total.add(part) : part;
    }
    backward(total);
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

  const program::Program program;

 private:
  at::Tensor& slot(program::ValueId id) { return slots_[static_cast<size_t>(id.index)]; }
  at::Tensor& stateTensor(int index) { return slot(program.states[static_cast<size_t>(index)].value); }
  at::ScalarType stateType(DType type) const { return torchType(type == DType::DefaultFloat ? options_.dtype : type); }

  const Plan& planFor(std::optional<Plan>& plan, Mode mode, bool withLoss) {
    if (!plan) plan = makePlan(program, {mode, withLoss, options_.channelsLast});
    return *plan;
  }

  void load(const Feeds& feeds) {
    for (size_t i = 0; i < feeds.size(); ++i) {
      if (!feeds[i]) continue;
      const program::Port& port = program.inputs[i];
      at::Tensor t = view(*feeds[i]);
      t = t.to(device_, stateType(program.tensorType(port.value).dtype));
      if (options_.channelsLast && t.dim() == 4) t = inChannelsLast(t);
      slot(port.value) = t;
    }
  }

  at::Tensor totalLoss() {
    at::Tensor total;
    for (const program::LossTerm& term : program.losses) {
      at::Tensor part = slot(term.value);
      if (term.weight != 1) part = part.mul(term.weight);
      total = total.defined() ? total.add(part) : part;
    }
    if (!total.defined()) failEnvironment("The program has no loss.", "", "");
    return total;
  }

  static void backward(const at::Tensor& loss) try { loss.backward(); } catch (const c10::Error& e) {
    failEnvironment("The gradients could not be computed.", firstLine(e.what_without_backtrace()), "");
  }

  StepResult finish(const at::Tensor& loss) {
    StepResult result;
    result.loss = loss.item<double>();
    result.outputs = takeOutputs();
    for (const program::LossTerm& term : program.losses) slot(term.value) = at::Tensor();
    return result;
  }

  // Copies the outputs out and lets go of them, and with them of the graph of gradients.
  std::vector<HostTensor> takeOutputs() {
    std::vector<HostTensor> out;
    for (const program::Port& p : program.outputs) out.push_back(toHost(slot(p.value)));
    for (const program::Port& p : program.outputs) slot(p.value) = at::Tensor();
    return out;
  }

  NetworkOptions options_;
  at::Device device_;
  Guards guards_;
  std::vector<at::Tensor> slots_;  // by value index; states stay, the rest comes and goes
  std::optional<Plan> train_, evaluate_, predict_;
  std::unique_ptr<Optimiser> optimiser_;
  std::vector<std::string> trained_;
};

Network::Network(program::Program program, const NetworkOptions& options)
    : body_(std::make_unique<Body>(std::move(program), options)) {}
Network::Network(Network&&) noexcept = default;
Network::~Network() = default;
const program::Program& Network::program() const { return body_->program; }
void Network::initialise(uint64_t seed) { body_->initialise(seed); }
std::vector<NamedTensor> Network::weights() const { return body_->weights(); }
void Network::setWeights(const std::vector<NamedTensor>& weights) { body_->setWeights(weights); }
void Network::setOptimiser(const OptimiserOptions& options) { body_->setOptimiser(options); }
void Network::setLearningRate(double rate) { body_->optimiser().setLearningRate(rate); }
std::vector<NamedTensor> Network::optimiserState() const { return body_->optimiserState(); }
StepResult Network::trainStep(const Feeds& feeds, uint64_t seed, int64_t step) {
  return body_->trainStep(feeds, {seed, step});
}
StepResult Network::evaluate(const Feeds& feeds) { return body_->evaluate(feeds); }
std::vector<HostTensor> Network::predict(const Feeds& feeds) { return body_->predict(feeds); }
std::vector<NamedTensor> Network::gradients(const Feeds& feeds, const std::vector<HostTensor>& weights, Mode mode,
                                            std::vector<HostTensor>* outputs) {
  return body_->gradients(feeds, weights, mode, outputs);
}

}  // namespace netwright::engine
