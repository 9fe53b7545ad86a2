// SPDX-License-Identifier: Apache-2.0
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <tuple>

#include "core/base/error.h"
#include "core/engine/line_search.h"
#include "core/engine/optimiser.h"
#include "core/engine/optimisers/parts.h"

namespace netwright::engine::optimisers {
namespace {

// Liu and Nocedal 1989, as torch.optim.LBFGS: one step looks at the loss of the same batch several times. All weights
// are one flat vector; the state belongs to the first of them, as in PyTorch.
class Lbfgs final : public Optimiser {
 public:
  explicit Lbfgs(std::vector<OptimiserGroup> groups) : Optimiser(std::move(groups)) {
    if (groups_.size() > 1)
      failInput("LBFGS trains all its weights with the same settings.", "It has groups of parameters.",
                "Remove the groups, or choose another optimiser.");
    weights_ = parameters();
  }

  void step(double loss, const Evaluate& evaluate) override {
    const Attributes& p = groups_.front().params;
    const double flatGradient = number(p, "tolerance_grad"), smallest = number(p, "tolerance_change");
    const int64_t iterations = evaluate ? std::get<int64_t>(p.at("max_iter")) : 1;
    const auto* most = std::get_if<int64_t>(&p.at("max_eval"));
    const int64_t evaluations = most ? *most : iterations * 5 / 4;
    const bool search = evaluate && std::get<std::string>(p.at("line_search_fn")) == "strong_wolfe";
    int64_t evaluated = 1;
    ++evaluations_;
    at::Tensor gradient = flat();
    if (largest(gradient) <= flatGradient) return;
    for (int64_t i = 1; i <= iterations; ++i) {
      ++iterations_;
      turn(gradient, static_cast<size_t>(std::get<int64_t>(p.at("history_size"))));
      before_ = gradient.clone();
      lossBefore_ = loss;
      length_ = learningRate();
      if (iterations_ == 1) length_ *= std::min(1.0, 1 / gradient.abs().sum().item<double>());
      const double slope = dot(gradient, direction_);
      if (slope > -smallest) break;
      int64_t more = 0;
      if (search) {
        const LineSearch::Point start{0, loss, gradient, slope};
        LineSearch along{direction_, smallest, evaluations - evaluated, [&](double t) { return at(t, evaluate); }};
        const LineSearch::Point end = along.run(start, length_, more);
        std::tie(loss, gradient, length_) = std::tuple(end.loss, end.gradient, end.t);
        move(length_);
      } else {
        move(length_);
        if (i < iterations) {
          loss = evaluate();
          gradient = flat();
          more = 1;
        }
      }
      evaluated += more;
      evaluations_ += more;
      if (i == iterations || evaluated >= evaluations || largest(gradient) <= flatGradient ||
          largest(direction_) * std::abs(length_) <= smallest || std::abs(loss - lossBefore_) < smallest)
        break;
    }
  }

  std::vector<State> state() const override {
    if (!before_.defined()) return {};
    const auto real = [](double v) { return at::full({}, v, at::kDouble); };
    const auto whole = [](int64_t v) { return at::full({}, v, at::kLong); };
    std::vector<State> all{{"func_evals", 0, whole(evaluations_)},
                           {"n_iter", 0, whole(iterations_)},
                           {"d", 0, direction_},
                           {"t", 0, real(length_)},
                           {"H_diag", 0, real(scale_)},
                           {"prev_flat_grad", 0, before_},
                           {"prev_loss", 0, real(lossBefore_)}};
    if (turns_.empty()) return all;
    Tensors changes, moves;
    at::Tensor inverses = at::zeros({static_cast<int64_t>(turns_.size())}, at::kDouble);
    for (const Turn& t : turns_) {
      inverses[static_cast<int64_t>(moves.size())] = t.inverse;
      changes.push_back(t.change);
      moves.push_back(t.move);
    }
    all.push_back({"old_dirs", 0, at::stack(changes)});
    all.push_back({"old_stps", 0, at::stack(moves)});
    all.push_back({"ro", 0, inverses});
    return all;
  }

  void restore(const std::vector<State>& state) override {
    turns_.clear();
    before_ = direction_ = at::Tensor();
    const auto find = [&](const char* name) {
      const auto it = std::find_if(state.begin(), state.end(), [&](const State& s) { return s.name == name; });
      return it == state.end() ? at::Tensor() : it->tensor;
    };
    for (const char* name : {"func_evals", "n_iter", "d", "t", "H_diag", "prev_flat_grad", "prev_loss"})
      if (!find(name).defined()) return;  // never stepped
    const auto own = [&](const at::Tensor& t) { return t.to(weights_.front().options().requires_grad(false)).clone(); };
    evaluations_ = find("func_evals").item<int64_t>();
    iterations_ = find("n_iter").item<int64_t>();
    direction_ = own(find("d"));
    length_ = find("t").item<double>();
    scale_ = find("H_diag").item<double>();
    before_ = own(find("prev_flat_grad"));
    lossBefore_ = find("prev_loss").item<double>();
    const at::Tensor changes = find("old_dirs"), moves = find("old_stps"), inverses = find("ro");
    if (!changes.defined() || !moves.defined() || !inverses.defined()) return;
    for (int64_t i = 0; i < inverses.size(0); ++i)
      turns_.push_back({own(changes[i]), own(moves[i]), inverses[i].item<double>()});
  }

  bool fits(const State& s) const override {
    int64_t count = 0;
    for (const at::Tensor& w : weights_) count += w.numel();
    if (s.tensor.dim() == 0) return true;
    return s.name == "ro" ? s.tensor.dim() == 1 : s.tensor.size(-1) == count;
  }

 private:
  struct Turn {
    at::Tensor change, move;  // of the gradient, of the weights
    double inverse;           // 1 / (change · move)
  };

  static double dot(const at::Tensor& a, const at::Tensor& b) { return a.dot(b).item<double>(); }
  static double largest(const at::Tensor& t) { return t.abs().max().item<double>(); }

  at::Tensor flat() const {
    Tensors parts;
    for (const at::Tensor& w : weights_)
      parts.push_back(w.grad().defined() ? w.grad().reshape({-1}) : at::zeros({w.numel()}, w.options()));
    return at::cat(parts);
  }

  void move(double length) {
    int64_t from = 0;
    for (at::Tensor& w : weights_) {
      w.add_(direction_.narrow(0, from, w.numel()).view(w.sizes()), length);
      from += w.numel();
    }
  }

  // Loss and gradient at that distance; the weights stay where they are.
  LineSearch::Point at(double length, const Evaluate& evaluate) {
    Tensors kept;
    for (const at::Tensor& w : weights_) kept.push_back(w.clone());
    move(length);
    const double loss = evaluate();
    const at::Tensor gradient = flat();
    for (size_t i = 0; i < weights_.size(); ++i) weights_[i].copy_(kept[i]);
    return {length, loss, gradient, dot(gradient, direction_)};
  }

  // The direction of the next move, from the gradient and what the last moves have shown about its change.
  void turn(const at::Tensor& gradient, size_t history) {
    if (iterations_ == 1 || !before_.defined()) {
      direction_ = gradient.neg();
      turns_.clear();
      scale_ = 1;
      return;
    }
    const at::Tensor change = gradient.sub(before_), moved = direction_.mul(length_);
    const double curvature = dot(change, moved);
    if (curvature > 1e-10) {
      if (turns_.size() == history) turns_.pop_front();
      turns_.push_back({change, moved, 1 / curvature});
      scale_ = curvature / dot(change, change);
    }
    std::vector<double> shares(turns_.size());
    at::Tensor q = gradient.neg();
    for (size_t i = turns_.size(); i-- > 0;) {
      shares[i] = dot(turns_[i].move, q) * turns_[i].inverse;
      q.add_(turns_[i].change, -shares[i]);
    }
    direction_ = q.mul_(scale_);
    for (size_t i = 0; i < turns_.size(); ++i)
      direction_.add_(turns_[i].move, shares[i] - dot(turns_[i].change, direction_) * turns_[i].inverse);
  }

  const Names& stateNames() const override {
    static const Names kNone;
    return kNone;
  }
  at::Tensor freshState(size_t, const Group&, const at::Tensor&) const override { return {}; }
  void update(const Group&, Work&, bool) override {}

  Tensors weights_;
  std::deque<Turn> turns_;  // oldest first
  at::Tensor direction_, before_;
  double length_ = 0, scale_ = 1, lossBefore_ = 0;
  int64_t evaluations_ = 0, iterations_ = 0;
};

}  // namespace

OptimiserKind lbfgs() { return {"lbfgs", makeAs<Lbfgs>}; }

}  // namespace netwright::engine::optimisers
