// SPDX-License-Identifier: Apache-2.0
// Losses and optimisers against PyTorch over many steps of the same small network.
#include <fmt/format.h>

#include <random>

#include "core/engine/network.h"
#include "core/layers/lower_graph.h"
#include "core/run/config.h"
#include "tests/peers/peer.h"
#include "tests/support/graphs.h"

namespace netwright {
namespace {

constexpr int64_t kBatch = 16, kSteps = 50;

struct Trial {
  std::string name, torch;  // the optimiser as PyTorch constructs it
  run::Optimiser optimiser;
  Attributes loss;
  std::string torchLoss = "nn.CrossEntropyLoss()";
  double clipNorm = 0, clipValue = 0;
  int64_t accumulate = 1;
  std::vector<std::pair<std::string, Attributes>> groups;
  std::string parametrization = "none";  // of the weights
};

std::vector<Trial> trials() {
  return {
      {"adam", "torch.optim.Adam(p)", {"adam", {}}, {}},
      {"adam_decay",
       "torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)",
       {"adam", {{"lr", 0.01}, {"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-6}, {"weight_decay", 0.1}}},
       {}},
      {"sgd", "torch.optim.SGD(p, lr=0.1)", {"sgd", {{"lr", 0.1}}}, {}},
      {"sgd_momentum",
       "torch.optim.SGD(p, lr=0.05, momentum=0.9, dampening=0.1, weight_decay=0.01)",
       {"sgd", {{"lr", 0.05}, {"momentum", 0.9}, {"dampening", 0.1}, {"weight_decay", 0.01}}},
       {}},
      {"sgd_nesterov",
       "torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True)",
       {"sgd", {{"lr", 0.05}, {"momentum", 0.9}, {"nesterov", true}}},
       {}},
      {"adam_amsgrad", "torch.optim.Adam(p, lr=0.01, amsgrad=True)", {"adam", {{"lr", 0.01}, {"amsgrad", true}}}, {}},
      {"adamw",
       "torch.optim.AdamW(p, lr=0.01, weight_decay=0.1)",
       {"adamw", {{"lr", 0.01}, {"weight_decay", 0.1}}},
       {}},
      {"rmsprop", "torch.optim.RMSprop(p, lr=0.01)", {"rmsprop", {{"lr", 0.01}}}, {}},
      {"rmsprop_all",
       "torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-5, momentum=0.8, weight_decay=0.05, centered=True)",
       {"rmsprop",
        {{"lr", 0.01}, {"alpha", 0.9}, {"eps", 1e-5}, {"momentum", 0.8}, {"weight_decay", 0.05}, {"centered", true}}},
       {}},
      {"adam_decoupled",
       "torch.optim.Adam(p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
       {"adam", {{"lr", 0.01}, {"weight_decay", 0.1}, {"decoupled_weight_decay", true}}},
       {}},
      {"adadelta", "torch.optim.Adadelta(p)", {"adadelta", {}}, {}},
      {"adadelta_all",
       "torch.optim.Adadelta(p, lr=0.5, rho=0.8, eps=1e-4, weight_decay=0.05)",
       {"adadelta", {{"lr", 0.5}, {"rho", 0.8}, {"eps", 1e-4}, {"weight_decay", 0.05}}},
       {}},
      {"adagrad", "torch.optim.Adagrad(p)", {"adagrad", {}}, {}},
      {"adagrad_all",
       "torch.optim.Adagrad(p, lr=0.05, lr_decay=0.02, weight_decay=0.05, initial_accumulator_value=0.1, eps=1e-6)",
       {"adagrad",
        {{"lr", 0.05}, {"lr_decay", 0.02}, {"weight_decay", 0.05}, {"initial_accumulator_value", 0.1}, {"eps", 1e-6}}},
       {}},
      {"adamax", "torch.optim.Adamax(p)", {"adamax", {}}, {}},
      {"adamax_all",
       "torch.optim.Adamax(p, lr=0.01, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.05)",
       {"adamax", {{"lr", 0.01}, {"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-5}, {"weight_decay", 0.05}}},
       {}},
      {"asgd", "torch.optim.ASGD(p, lr=0.05)", {"asgd", {{"lr", 0.05}}}, {}},
      {"asgd_all",
       "torch.optim.ASGD(p, lr=0.05, lambd=0.01, alpha=0.5, t0=20, weight_decay=0.05)",
       {"asgd", {{"lr", 0.05}, {"lambd", 0.01}, {"alpha", 0.5}, {"t0", 20.0}, {"weight_decay", 0.05}}},
       {}},
      {"lbfgs", "torch.optim.LBFGS(p, lr=0.1, max_iter=4)", {"lbfgs", {{"lr", 0.1}, {"max_iter", int64_t{4}}}}, {}},
      {"lbfgs_history",
       "torch.optim.LBFGS(p, lr=0.05, max_iter=3, history_size=5)",
       {"lbfgs", {{"lr", 0.05}, {"max_iter", int64_t{3}}, {"history_size", int64_t{5}}}},
       {}},
      {"lbfgs_search",
       "torch.optim.LBFGS(p, max_iter=2, line_search_fn='strong_wolfe')",
       {"lbfgs", {{"max_iter", int64_t{2}}, {"line_search_fn", std::string("strong_wolfe")}}},
       {}},
      {"lbfgs_clipped",
       "torch.optim.LBFGS(p, lr=0.01, max_iter=3, max_eval=2)",
       {"lbfgs", {{"lr", 0.01}, {"max_iter", int64_t{3}}, {"max_eval", int64_t{2}}}},
       {},
       "nn.CrossEntropyLoss()",
       0.5},
      {"lion", "Lion(p)", {"lion", {}}, {}},
      {"lion_all",
       "Lion(p, lr=0.003, betas=(0.8, 0.95), weight_decay=0.1)",
       {"lion", {{"lr", 0.003}, {"beta1", 0.8}, {"beta2", 0.95}, {"weight_decay", 0.1}}},
       {}},
      {"nadam", "torch.optim.NAdam(p)", {"nadam", {}}, {}},
      {"nadam_all",
       "torch.optim.NAdam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.05, momentum_decay=0.01)",
       {"nadam",
        {{"lr", 0.01},
         {"beta1", 0.8},
         {"beta2", 0.95},
         {"eps", 1e-6},
         {"weight_decay", 0.05},
         {"momentum_decay", 0.01}}},
       {}},
      {"nadam_decoupled",
       "torch.optim.NAdam(p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
       {"nadam", {{"lr", 0.01}, {"weight_decay", 0.1}, {"decoupled_weight_decay", true}}},
       {}},
      {"radam", "torch.optim.RAdam(p)", {"radam", {}}, {}},
      {"radam_all",
       "torch.optim.RAdam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.05)",
       {"radam", {{"lr", 0.01}, {"beta1", 0.8}, {"beta2", 0.95}, {"eps", 1e-6}, {"weight_decay", 0.05}}},
       {}},
      {"radam_decoupled",
       "torch.optim.RAdam(p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
       {"radam", {{"lr", 0.01}, {"weight_decay", 0.1}, {"decoupled_weight_decay", true}}},
       {}},
      {"rprop", "torch.optim.Rprop(p)", {"rprop", {}}, {}},
      {"rprop_all",
       "torch.optim.Rprop(p, lr=0.001, etas=(0.4, 1.3), step_sizes=(1e-5, 0.05))",
       {"rprop",
        {{"lr", 0.001}, {"etas", std::vector<double>{0.4, 1.3}}, {"step_sizes", std::vector<double>{1e-5, 0.05}}}},
       {}},
      {"groups_lion",
       "Lion([{'params': [v for k, v in net.named_parameters() if not k.endswith('bias')]},"
       "{'params': [v for k, v in net.named_parameters() if k.endswith('bias')], 'lr': 0.002, 'betas': (0.5, 0.99)}],"
       "lr=0.001, weight_decay=0.1)",
       {"lion", {{"lr", 0.001}, {"weight_decay", 0.1}}},
       {},
       "nn.CrossEntropyLoss()",
       0,
       0,
       1,
       {{"*.bias", {{"lr", 0.002}, {"beta1", 0.5}}}}},
      {"clip_norm", "torch.optim.SGD(p, lr=0.1)", {"sgd", {{"lr", 0.1}}}, {}, "nn.CrossEntropyLoss()", 0.3},
      {"clip_value", "torch.optim.SGD(p, lr=0.1)", {"sgd", {{"lr", 0.1}}}, {}, "nn.CrossEntropyLoss()", 0, 0.01},
      {"accumulate", "torch.optim.Adam(p, lr=0.01)", {"adam", {{"lr", 0.01}}}, {}, "nn.CrossEntropyLoss()", 0, 0, 5},
      {"groups",
       "torch.optim.AdamW([{'params': [v for k, v in net.named_parameters() if not k.endswith('bias')]},"
       "{'params': [v for k, v in net.named_parameters() if k.endswith('bias')], 'lr': 0.002, 'weight_decay': 0}],"
       "lr=0.01)",
       {"adamw", {{"lr", 0.01}}},
       {},
       "nn.CrossEntropyLoss()",
       0,
       0,
       1,
       {{"*.bias", {{"lr", 0.002}, {"weight_decay", 0.0}}}}},
      {"smoothing",
       "torch.optim.SGD(p, lr=0.1)",
       {"sgd", {{"lr", 0.1}}},
       {{"label_smoothing", 0.2}},
       "nn.CrossEntropyLoss(label_smoothing=0.2)"},
      {"ignored",
       "torch.optim.SGD(p, lr=0.1)",
       {"sgd", {{"lr", 0.1}}},
       {{"ignore_index", int64_t{3}}},
       "nn.CrossEntropyLoss(ignore_index=3)"},
      {"weight_norm",
       "torch.optim.SGD(p, lr=0.1)",
       {"sgd", {{"lr", 0.1}}},
       {},
       "nn.CrossEntropyLoss()",
       0,
       0,
       1,
       {},
       "weight_norm"},
      {"spectral_norm",
       "torch.optim.SGD(p, lr=0.05, momentum=0.9)",
       {"sgd", {{"lr", 0.05}, {"momentum", 0.9}}},
       {},
       "nn.CrossEntropyLoss()",
       0,
       0,
       2,
       {},
       "spectral_norm"},
  };
}

TEST(Training, EveryOptimiserIsCompared) {
  for (const run::OptimiserSpec& spec : run::optimisers()) {
    const auto all = trials();
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Trial& t) { return t.optimiser.kind == spec.id; }))
        << "Add a trial for the optimiser '" << spec.id << "'.";
  }
}

TEST(Training, FollowsTorchStepByStep) {
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const Trial& trial : trials()) {
    // Without a bias before batch norm: its gradient is rounding alone, and methods that read signs would follow that.
    const auto& kind = trial.parametrization;
    const graph::Document d = test::chain(
        {2, 6, 6}, {{"conv2d", "conv", {{"out_channels", int64_t{4}}, {"bias", false}, {"parametrization", kind}}},
                    {"batch_norm2d", "bn", {}},
                    {"relu", "r", {}},
                    {"flatten", "f", {}},
                    {"linear", "fc", {{"out_features", int64_t{5}}, {"parametrization", kind}}}});
    const layers::Lowered lowered =
        layers::lowerGraph(d, {{"cross_entropy", trial.loss, 1, 0, "", "label", {DType::Int64, {}}}});
    ASSERT_TRUE(lowered.ok());
    engine::Network network(lowered.program, {"cpu", DType::Float64, true});
    network.initialise(3);
    engine::ObjectiveOptions options{
        trial.optimiser.kind, "*", run::completeParams(trial.optimiser), {}, trial.clipNorm, trial.clipValue};
    for (const auto& [pattern, params] : trial.groups) {
      options.groups.push_back({pattern, options.params});
      for (const auto& [name, value] : params) options.groups.back().params[name] = value;
    }
    network.setObjectives({options});
    std::mt19937 random(9);
    std::normal_distribution<double> normal;
    HostTensor x(DType::Float64, {kBatch, 2, 6, 6}), label(DType::Int64, {kBatch}), losses(DType::Float64, {kSteps});
    for (double& v : x.as<double>()) v = normal(random);
    for (int64_t& v : label.as<int64_t>()) v = static_cast<int64_t>(random() % 5);
    std::vector<NamedTensor> tensors{{"x", x}, {"label", label}};
    for (NamedTensor& w : network.weights()) tensors.push_back({"before:" + w.name, w.tensor});
    const double share = 1 / static_cast<double>(trial.accumulate);
    for (int64_t step = 0; step < kSteps; ++step) {
      const int64_t place = step % trial.accumulate;
      losses.as<double>()[static_cast<size_t>(step)] =
          network.trainStep({&x, &label}, {1, step}, {{0, share, place == 0, place + 1 == trial.accumulate}}).loss;
    }
    for (NamedTensor& t : network.optimiserState()) tensors.push_back({"state:" + t.name, t.tensor});
    tensors.push_back({"losses", losses});
    for (NamedTensor& w : network.weights()) tensors.push_back({"after:" + w.name, w.tensor});
    cases.push_back({{"name", trial.name},
                     {"optimiser", trial.torch},
                     {"loss", trial.torchLoss},
                     {"clip_norm", trial.clipNorm},
                     {"clip_value", trial.clipValue},
                     {"accumulate", trial.accumulate},
                     {"parametrization", trial.parametrization}});
    writeFileAtomic(folder / (trial.name + ".safetensors"), safetensorsBytes(tensors));
  }
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_training.py", folder.path());
}

}  // namespace
}  // namespace netwright
