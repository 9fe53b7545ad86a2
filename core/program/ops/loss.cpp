// SPDX-License-Identifier: Apache-2.0
// Losses: one number from outputs and targets.
#include "core/program/shape_rules.h"

namespace netwright::program::ops {
namespace {

std::map<std::string, std::string> sizesOf(const OpCall& call) {
  return {{"outputs", text(call.shape("self"))}, {"targets", text(call.shape("target"))}};
}

// `argument` holds one weight for each of `expected`.
bool weightsFit(OpCall& call, const char* argument, const Dim& expected) {
  const Dim received = product(call.shape(argument));
  return call.requireEqual(received, expected, "NW-P008",
                           {{"param", argument}, {"received", received.text()}, {"expected", expected.text()}});
}

// One number where a mean or sum is asked for, else the losses one by one.
void losses(OpCall& call, DType type, Shape each) {
  call.result({type, call.integer("reduction") == 0 ? std::move(each) : Shape{}});
}

// Class numbers as targets: self (N, C) or (N, C, d...), target (N) or (N, d...).
void classes(OpCall& call) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", 2, 8, "N, C, *")) return;
  const Shape &scores = call.shape("self"), &target = call.shape("target");
  if (call.tensor("target").dtype != DType::Int64)
    return call.fail("NW-S025", {{"received", name(call.tensor("target").dtype)}});
  if (target.size() + 1 != scores.size()) return call.fail("NW-S008", sizesOf(call));
  for (size_t i = 0; i < target.size(); ++i)
    if (!call.requireEqual(target[i], scores[i == 0 ? 0 : i + 1], "NW-S008", sizesOf(call))) return;
  if (call.has("weight") && !weightsFit(call, "weight", scores[1])) return;
  losses(call, call.tensor("self").dtype, target);
}

// Numbers as targets, of the very sizes of the outputs: ATen would broadcast (4, 1) against (4) without a word.
bool sameSizes(OpCall& call) {
  if (!requireFloat(call, "self")) return false;
  if (!isFloating(call.tensor("target").dtype)) {
    call.fail("NW-S026", {{"received", name(call.tensor("target").dtype)}});
    return false;
  }
  const Shape &output = call.shape("self"), &target = call.shape("target");
  if (output.size() != target.size()) {
    call.fail("NW-S027", sizesOf(call));
    return false;
  }
  for (size_t i = 0; i < output.size(); ++i)
    if (!call.requireEqual(output[i], target[i], "NW-S027", sizesOf(call))) return false;
  return true;
}

void numbers(OpCall& call) {
  if (sameSizes(call)) losses(call, call.tensor("self").dtype, call.shape("self"));
}

void huber(OpCall& call) {
  if (requireParam(call, call.number("delta") > 0, "delta", "must be above 0")) numbers(call);
}

// `weight` counts each value differently.
void weighted(OpCall& call) {
  if (!sameSizes(call)) return;
  const Shape& x = call.shape("self");
  if (call.has("weight") && !broadcast(call, call.shape("weight"), x, "NW-S040")) return;
  losses(call, call.tensor("self").dtype, x);
}

void binaryCrossEntropy(OpCall& call) {
  if (!sameSizes(call)) return;
  const Shape& output = call.shape("self");
  const bool weights = call.has("pos_weight") && call.shape("pos_weight") != Shape{1};
  if (weights && !weightsFit(call, "pos_weight", output.empty() ? Dim(1) : output.back())) return;
  if (call.has("weight") && !broadcast(call, call.shape("weight"), output, "NW-S040")) return;
  losses(call, call.tensor("self").dtype, output);
}

// input and target of one shape, whose name here is not self.
void poisson(OpCall& call) {
  if (!requireFloat(call, "input")) return;
  const Shape &x = call.shape("input"), &target = call.shape("target");
  const std::map<std::string, std::string> sizes{{"outputs", text(x)}, {"targets", text(target)}};
  if (x.size() != target.size()) return call.fail("NW-S027", sizes);
  for (size_t i = 0; i < x.size(); ++i)
    if (!call.requireEqual(x[i], target[i], "NW-S027", sizes)) return;
  losses(call, call.tensor("input").dtype, x);
}

bool requireAlike(OpCall& call, const char* a, const char* b) {
  const std::map<std::string, std::string> args{
      {"port", b}, {"expected", text(call.shape(a))}, {"received", text(call.shape(b))}};
  if (call.shape(a).size() != call.shape(b).size()) {
    call.fail("NW-S033", args);
    return false;
  }
  for (size_t i = 0; i < call.shape(a).size(); ++i)
    if (!call.requireEqual(call.shape(a)[i], call.shape(b)[i], "NW-S033", args)) return false;
  return true;
}

// input1 and input2 (N, D), target (N) of 1 and -1.
void cosineEmbedding(OpCall& call) {
  if (!requireFloat(call, "input1") || !requireRank(call, "input1", 1, 2, "N, D") ||
      !requireAlike(call, "input1", "input2"))
    return;
  const Shape &x = call.shape("input1"), &target = call.shape("target"), wanted(x.begin(), x.end() - 1);
  const std::map<std::string, std::string> args{
      {"port", "target"}, {"expected", text(wanted)}, {"received", text(target)}};
  if (target.size() != wanted.size()) return call.fail("NW-S033", args);
  if (!wanted.empty() && !call.requireEqual(target[0], wanted[0], "NW-S033", args)) return;
  losses(call, call.tensor("input1").dtype, wanted);
}

void marginRanking(OpCall& call) {
  if (!requireFloat(call, "input1") || !requireNumber(call, "input2") || !requireNumber(call, "target") ||
      !requireAlike(call, "input1", "input2") || !requireAlike(call, "input1", "target"))
    return;
  losses(call, call.tensor("input1").dtype, call.shape("input1"));
}

void triplet(OpCall& call) {
  if (!requireFloat(call, "anchor") || !requireRank(call, "anchor", 1, 8, "N, D") || !requireFloat(call, "positive") ||
      !requireFloat(call, "negative") || !requireAlike(call, "anchor", "positive") ||
      !requireAlike(call, "anchor", "negative"))
    return;
  const Shape& x = call.shape("anchor");
  losses(call, call.tensor("anchor").dtype, {x.begin(), x.end() - 1});
}

// self (N, C); `sets`: target holds a row of classes for each sample, else one class.
void margins(OpCall& call, bool sets) {
  if (!requireFloat(call, "self") || !requireRank(call, "self", 1, 2, "N, C")) return;
  const Shape &x = call.shape("self"), &target = call.shape("target");
  if (call.tensor("target").dtype != DType::Int64)
    return call.fail("NW-S025", {{"received", name(call.tensor("target").dtype)}});
  const Shape samples(x.begin(), x.end() - 1), &wanted = sets ? x : samples;
  if (target.size() != wanted.size()) return call.fail("NW-S008", sizesOf(call));
  for (size_t i = 0; i < target.size(); ++i)
    if (!call.requireEqual(target[i], wanted[i], "NW-S008", sizesOf(call))) return;
  losses(call, call.tensor("self").dtype, samples);
}
void multiLabelMargin(OpCall& call) { margins(call, true); }
void multiMargin(OpCall& call) {
  const double p = call.number("p");
  if (!requireParam(call, p == 1 || p == 2, "p", "must be 1 or 2")) return;
  if (call.has("weight") && !weightsFit(call, "weight", call.shape("self").back())) return;
  margins(call, false);
}

// log_probs (T, N, C), targets (N, S), a length of both for each sample.
void ctc(OpCall& call) {
  if (!requireFloat(call, "log_probs") || !requireRank(call, "log_probs", 3, 3, "T, N, C")) return;
  const Shape& x = call.shape("log_probs");
  for (const char* port : {"targets", "input_lengths", "target_lengths"}) {
    const TensorType& t = call.tensor(port);
    if (t.dtype != DType::Int64)
      return call.fail("NW-S007", {{"expected", std::string("int64 (") + port + ")"}, {"received", name(t.dtype)}});
    const size_t rank = port == std::string("targets") ? 2 : 1;
    const std::map<std::string, std::string> args{
        {"port", port}, {"expected", rank == 2 ? "(N, S)" : "(N,)"}, {"received", text(t.shape)}};
    if (t.shape.size() != rank) return call.fail("NW-S033", args);
    if (!call.requireEqual(t.shape[0], x[1], "NW-S033", args)) return;
  }
  const int64_t blank = call.integer("blank");
  if (!requireParam(call, blank >= 0 && x[2].atLeast(Dim(blank + 1)) != Answer::No, "blank",
                    "must be one of the " + x[2].text() + " classes"))
    return;
  losses(call, call.tensor("log_probs").dtype, {x[1]});
}

}  // namespace

std::vector<OpInfo> loss() {
  return {
      row("aten::binary_cross_entropy(Tensor self, Tensor target, Tensor? weight=None, int reduction=1) -> Tensor",
          weighted),
      row("aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? "
          "pos_weight=None, int reduction=1) -> Tensor",
          binaryCrossEntropy),
      row("aten::cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0., int "
          "reduction=1) -> Tensor",
          cosineEmbedding),
      row("aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt "
          "ignore_index=-100, float label_smoothing=0.) -> Tensor",
          classes),
      row("aten::ctc_loss.Tensor(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, int "
          "blank=0, int reduction=1, bool zero_infinity=False) -> Tensor",
          ctc),
      row("aten::hinge_embedding_loss(Tensor self, Tensor target, float margin=1., int reduction=1) -> Tensor",
          numbers),
      row("aten::huber_loss(Tensor self, Tensor target, int reduction=1, float delta=1.) -> Tensor", huber),
      row("aten::kl_div(Tensor self, Tensor target, int reduction=1, *, bool log_target=False) -> Tensor", numbers),
      row("aten::l1_loss(Tensor self, Tensor target, int reduction=1) -> Tensor", numbers),
      row("aten::margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin=0., int "
          "reduction=1) -> Tensor",
          marginRanking),
      row("aten::mse_loss(Tensor self, Tensor target, int reduction=1) -> Tensor", numbers),
      row("aten::multi_margin_loss(Tensor self, Tensor target, Scalar p=1, Scalar margin=1, Tensor? weight=None, int "
          "reduction=1) -> Tensor",
          multiMargin),
      row("aten::multilabel_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor", multiLabelMargin),
      row("aten::nll_loss_nd(Tensor self, Tensor target, Tensor? weight=None, int reduction=1, SymInt "
          "ignore_index=-100) -> Tensor",
          classes),
      row("aten::poisson_nll_loss(Tensor input, Tensor target, bool log_input, bool full, float eps, int reduction) "
          "-> Tensor",
          poisson),
      row("aten::smooth_l1_loss(Tensor self, Tensor target, int reduction=1, float beta=1.) -> Tensor", numbers),
      row("aten::soft_margin_loss(Tensor self, Tensor target, int reduction=1) -> Tensor", numbers),
      row("aten::triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1., float p=2., "
          "float eps=9.9999999999999995e-07, bool swap=False, int reduction=1) -> Tensor",
          triplet)};
}

}  // namespace netwright::program::ops
