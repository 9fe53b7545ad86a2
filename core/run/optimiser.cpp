// SPDX-License-Identifier: Apache-2.0
#include "core/run/optimiser.h"

#include <algorithm>
#include <map>

namespace netwright::run {
namespace {

ParamSpec rate(double usual) { return floatParam("lr", usual).min(0).withDoc("Learning rate: size of the steps."); }
ParamSpec beta1() {
  return floatParam("beta1", 0.9).min(0).max(0.999999).withDoc("Memory of the running mean of gradients.");
}
ParamSpec beta2(double usual = 0.999) {
  return floatParam("beta2", usual).min(0).max(0.9999999).withDoc("Memory of the running mean of squared gradients.");
}
ParamSpec eps(double usual) { return floatParam("eps", usual).min(0).withDoc("Added for stability."); }
ParamSpec denominatorEps(double usual) { return eps(usual).withDoc("Added to the denominator for stability."); }
ParamSpec decay(double usual) {
  return floatParam("weight_decay", usual).min(0).withDoc("Pull of the weights towards zero.");
}
ParamSpec decoupled() {
  return boolParam("decoupled_weight_decay", false)
      .withDoc("Weight decay does not pass through the adaptation, as in AdamW.");
}
ParamSpec amsgrad() {
  return boolParam("amsgrad", false).withDoc("Divide by the largest mean so far; for runs that do not settle.");
}

std::vector<OptimiserSpec> all() {
  std::vector<OptimiserSpec> list;
  const auto add = [&](OptimiserSpec spec) { list.push_back(std::move(spec)); };
  add({"adam",
       "Adam",
       "torch.optim.Adam",
       "Adapts the step of each weight; a good first choice.",
       "Kingma and Ba 2015, arXiv:1412.6980",
       {rate(1e-3), beta1(), beta2(), denominatorEps(1e-8), decay(0), amsgrad(), decoupled()},
       true});
  add({"adamw",
       "AdamW",
       "torch.optim.AdamW",
       "Adam whose weight decay does not pass through the adaptation; the standard for transformers.",
       "Loshchilov and Hutter 2019, arXiv:1711.05101",
       {rate(1e-3), beta1(), beta2(), denominatorEps(1e-8), decay(1e-2), amsgrad()},
       true});
  add({"adadelta",
       "Adadelta",
       "torch.optim.Adadelta",
       "Sizes each step by the recent steps and gradients; needs no learning rate to be found.",
       "Zeiler 2012, arXiv:1212.5701",
       {rate(1), floatParam("rho", 0.9).min(0).max(1).withDoc("Memory of the running means."), denominatorEps(1e-6),
        decay(0)}});
  add({"adagrad",
       "Adagrad",
       "torch.optim.Adagrad",
       "Smaller steps for weights with many large gradients behind them; for rare features.",
       "Duchi, Hazan and Singer 2011, JMLR 12",
       {rate(1e-2), floatParam("lr_decay", 0).min(0).withDoc("How fast the learning rate falls with the steps."),
        decay(0), floatParam("initial_accumulator_value", 0).min(0).withDoc("Start of the sums of squared gradients."),
        denominatorEps(1e-10)},
       true});
  add({"adamax",
       "Adamax",
       "torch.optim.Adamax",
       "Adam that divides by the largest recent gradient; calm where gradients are sparse.",
       "Kingma and Ba 2015, arXiv:1412.6980, section 7.1",
       {rate(2e-3), beta1(), beta2().withDoc("Memory of the largest gradient."), eps(1e-8), decay(0)}});
  add({"asgd",
       "ASGD",
       "torch.optim.ASGD",
       "Plain gradient descent that keeps the average of the weights along its way.",
       "Polyak and Juditsky 1992, SIAM J. Control and Optimization 30",
       {rate(1e-2), floatParam("lambd", 1e-4).min(0).withDoc("How fast the rate falls, and pull towards zero."),
        floatParam("alpha", 0.75).min(0).withDoc("Power with which the rate falls."),
        floatParam("t0", 1e6).min(0).withUnit("steps").withDoc("Step at which averaging begins."), decay(0)}});
  add({"lbfgs",
       "L-BFGS",
       "torch.optim.LBFGS",
       "Searches along curved directions, with several looks at each batch; for small networks and whole data sets.",
       "Liu and Nocedal 1989, Mathematical Programming 45",
       {rate(1), intParam("max_iter", 20).min(1).withDoc("Moves in a step."),
        intParam("max_eval", 1)
            .min(1)
            .orNone()
            .withDoc("Looks at the batch in a step; none: a quarter more than moves."),
        floatParam("tolerance_grad", 1e-7).min(0).withDoc("A step ends where no gradient is larger."),
        floatParam("tolerance_change", 1e-9).min(0).withDoc("A step ends where loss and weights change less."),
        intParam("history_size", 100).min(1).withDoc("Moves that are remembered."),
        choiceParam("line_search_fn", {"none", "strong_wolfe"})
            .withDoc("How far to move: the learning rate, or by a search with the strong Wolfe conditions.")},
       false,
       true});
  list.back().params[2].fallback = None{};
  add({"lion",
       "Lion",
       "",
       "Steps of equal size along the sign of the momentum; little memory. Wants a third to a tenth of Adam's rate.",
       "Chen et al. 2023, arXiv:2302.06675",
       {rate(1e-4), beta1().withDoc("Share of the momentum in the direction."),
        beta2(0.99).withDoc("Memory of the momentum."), decay(0)}});
  add({"nadam",
       "NAdam",
       "torch.optim.NAdam",
       "Adam that looks ahead along its momentum.",
       "Dozat 2016, ICLR workshop",
       {rate(2e-3), beta1(), beta2(), denominatorEps(1e-8), decay(0),
        floatParam("momentum_decay", 4e-3).min(0).withDoc("How fast the momentum grows to beta1."), decoupled()}});
  add({"radam",
       "RAdam",
       "torch.optim.RAdam",
       "Adam with a warm-up of its own: plain momentum until the adaptation can be trusted.",
       "Liu et al. 2019, arXiv:1908.03265",
       {rate(1e-3), beta1(), beta2(), denominatorEps(1e-8), decay(0), decoupled()}});
  add({"rmsprop",
       "RMSprop",
       "torch.optim.RMSprop",
       "Divides each step by the recent size of the gradient; once the choice for recurrent networks.",
       "Tieleman and Hinton 2012, Coursera lecture 6.5",
       {rate(1e-2), floatParam("alpha", 0.99).min(0).max(1).withDoc("Memory of the running mean of squared gradients."),
        denominatorEps(1e-8), floatParam("momentum", 0).min(0).max(1).withDoc("How much of the last step is kept."),
        decay(0),
        boolParam("centered", false).withDoc("Subtract the mean of the gradients before taking their size.")}});
  ParamSpec etas = floatListParam("etas", {0.5, 1.2}), sizes = floatListParam("step_sizes", {1e-6, 50});
  etas.length = sizes.length = 2;
  add({"rprop",
       "Rprop",
       "torch.optim.Rprop",
       "Follows the signs of the gradients only, each weight with its own step; for batches of the whole data set.",
       "Riedmiller and Braun 1993, ICNN",
       {rate(1e-2).withDoc("First step of each weight."),
        etas.above(0).withDoc("Factors of a step where the sign changes, and where it stays."),
        sizes.min(0).withDoc("Smallest and largest step.")}});
  add({"sgd",
       "SGD",
       "torch.optim.SGD",
       "Plain gradient descent, with momentum if wanted.",
       "Robbins and Monro 1951; Sutskever et al. 2013, ICML",
       {rate(1e-2), floatParam("momentum", 0).min(0).max(1).withDoc("How much of the last step is kept."),
        floatParam("dampening", 0).min(0).max(1).withDoc("How much the gradient's part in momentum is damped."),
        decay(0),
        boolParam("nesterov", false).withDoc("Look ahead along the momentum; needs momentum above 0 and dampening 0.")},
       true});
  return list;
}

}  // namespace

const std::vector<OptimiserSpec>& optimisers() {
  static const std::vector<OptimiserSpec> kOptimisers = all();
  return kOptimisers;
}

const ParamSpec* OptimiserSpec::findParam(const std::string& name) const {
  const auto it = std::find_if(params.begin(), params.end(), [&](const ParamSpec& p) { return p.name == name; });
  return it == params.end() ? nullptr : &*it;
}

const OptimiserSpec* findOptimiser(const std::string& id) {
  const auto& all = optimisers();
  const auto it = std::find_if(all.begin(), all.end(), [&](const OptimiserSpec& o) { return o.id == id; });
  return it == all.end() ? nullptr : &*it;
}

Attributes completeParams(const Optimiser& optimiser) {
  Attributes params;
  if (const OptimiserSpec* spec = findOptimiser(optimiser.kind)) params = defaults(spec->params);
  for (const auto& [name, value] : optimiser.params) params[name] = value;
  return params;
}

double statesPerWeight(const Optimiser& optimiser) {
  static const std::map<std::string, double> kAlways{{"adam", 2},   {"adamw", 2}, {"adadelta", 2}, {"adagrad", 1},
                                                     {"adamax", 2}, {"asgd", 1},  {"lion", 1},     {"nadam", 2},
                                                     {"radam", 2},  {"rprop", 2}, {"rmsprop", 1},  {"lbfgs", 2}};
  const Attributes params = completeParams(optimiser);
  const auto on = [&](const char* name) {
    const auto it = params.find(name);
    if (it == params.end()) return false;
    if (const auto* flag = std::get_if<bool>(&it->second)) return *flag;
    const auto* number = std::get_if<double>(&it->second);
    return number && *number > 0;
  };
  const auto always = kAlways.find(optimiser.kind);
  double numbers = always == kAlways.end() ? 0 : always->second;
  for (const char* more : {"momentum", "amsgrad", "centered"}) numbers += on(more);
  if (optimiser.kind == "lbfgs")  // the last direction and gradient, and each move with its change of the gradient
    numbers += 2 * static_cast<double>(std::get<int64_t>(params.at("history_size")));
  return numbers;
}

}  // namespace netwright::run
