// SPDX-License-Identifier: Apache-2.0
#include "core/layers/expressions/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/text.h"

namespace netwright::layers::expressions {
namespace {

// Names by where PyTorch has them; t: torch, f: torch.nn.functional, m: a method. Compared with PyTorch by
// tests/peers/check_expressions.py.
struct Group {
  const char* where;
  const char* names;
};
constexpr Group kGroups[]{
    {"tm",
     "abs acos acosh add all amax amin any argmax argmin argsort asin asinh atan atan2 atanh bmm ceil clamp cos cosh "
     "cummax cummin cumprod cumsum detach digamma div eq erf erfc erfinv exp exp2 expm1 flatten flip floor fmod frac "
     "gather "
     "ge gt hypot index_select isfinite isinf isnan le lerp lgamma log log10 log1p log2 logaddexp logcumsumexp "
     "logical_and "
     "logical_not logical_or logical_xor logit logsumexp lt masked_fill matmul max maximum mean median min minimum mul "
     "nan_to_num narrow ne neg permute pow prod reciprocal remainder reshape roll round rsqrt scatter scatter_add "
     "select "
     "sign sin sinc sinh sort sqrt square squeeze std sub sum tan tile topk transpose tril triu trunc unflatten "
     "unsqueeze "
     "var where xlogy"},
    {"tf",
     "adaptive_avg_pool1d avg_pool1d bilinear celu channel_shuffle conv1d conv2d conv3d conv_transpose1d "
     "conv_transpose2d "
     "conv_transpose3d cosine_similarity max_pool1d max_pool2d max_pool3d pairwise_distance pixel_shuffle "
     "pixel_unshuffle "
     "rms_norm selu threshold"},
    {"f",
     "adaptive_avg_pool2d adaptive_avg_pool3d avg_pool2d avg_pool3d gelu glu hardsigmoid hardswish hardtanh huber_loss "
     "leaky_relu linear max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices mish one_hot pad relu6 "
     "scaled_dot_product_attention silu softplus softshrink"},
    {"t",
     "arange batch_norm cat feature_dropout full full_like grid_sampler gru gru_cell instance_norm lstm lstm_cell rand "
     "rand_like randn randn_like rnn_relu rnn_relu_cell rnn_tanh rnn_tanh_cell stack"},
    {"m", "expand new_full new_zeros repeat to"},
    {"tfm", "hardshrink prelu relu sigmoid tanh"},
};

// Those that PyTorch calls otherwise than ATen, or whose arguments stand in another order there.
struct Own {
  const char* name;
  const char* where;
  const char* op;
  const char* places;  // null: the schema's
  bool onlyFirst = false, variadic = false;
};
constexpr Own kOwn[]{
    {"adaptive_max_pool1d", "f", "adaptive_max_pool1d", "self output_size", true},
    {"adaptive_max_pool1d_with_indices", "f", "adaptive_max_pool1d", "self output_size"},
    {"adaptive_max_pool2d", "f", "adaptive_max_pool2d", "self output_size", true},
    {"adaptive_max_pool2d_with_indices", "f", "adaptive_max_pool2d", "self output_size"},
    {"adaptive_max_pool3d", "f", "adaptive_max_pool3d", "self output_size", true},
    {"adaptive_max_pool3d_with_indices", "f", "adaptive_max_pool3d", "self output_size"},
    {"alpha_dropout", "f", "alpha_dropout", "input p train"},
    {"binary_cross_entropy", "f", "binary_cross_entropy", "self target weight"},
    {"binary_cross_entropy_with_logits", "f", "binary_cross_entropy_with_logits", "self target weight"},
    {"cosine_embedding_loss", "f", "cosine_embedding_loss", "input1 input2 target margin"},
    {"cross_entropy", "f", "cross_entropy_loss", "self target weight"},
    {"ctc_loss", "f", "ctc_loss", nullptr},
    {"dropout", "f", "dropout", "input p train"},
    {"einsum", "t", "einsum", "equation tensors", false, true},
    {"elu", "f", "elu", "self alpha"},
    {"embedding", "f", "embedding", "indices weight"},
    {"feature_alpha_dropout", "f", "feature_alpha_dropout", "input p train"},
    {"fold", "f", "col2im", nullptr},
    {"group_norm", "f", "group_norm", "input num_groups weight bias eps"},
    {"hinge_embedding_loss", "f", "hinge_embedding_loss", "self target margin"},
    {"kl_div", "f", "kl_div", "self target"},
    {"l1_loss", "f", "l1_loss", "self target"},
    {"layer_norm", "f", "layer_norm", "input normalized_shape weight bias eps"},
    {"linalg.vector_norm", "t", "linalg_vector_norm", nullptr},
    {"log_softmax", "tfm", "log_softmax", "self dim"},
    {"logsigmoid", "f", "log_sigmoid", nullptr},
    {"margin_ranking_loss", "f", "margin_ranking_loss", "input1 input2 target margin"},
    {"mse_loss", "f", "mse_loss", "self target"},
    {"multi_margin_loss", "f", "multi_margin_loss", "self target p margin weight"},
    {"multilabel_margin_loss", "f", "multilabel_margin_loss", "self target"},
    {"nll_loss", "f", "nll_loss_nd", "self target weight"},
    {"poisson_nll_loss", "f", "poisson_nll_loss", "input target log_input full"},
    {"rrelu", "f", "rrelu", "self lower upper training"},
    {"smooth_l1_loss", "f", "smooth_l1_loss", "self target"},
    {"soft_margin_loss", "f", "soft_margin_loss", "self target"},
    {"softmax", "tfm", "softmax", "self dim"},
    {"triplet_margin_loss", "f", "triplet_margin_loss", "anchor positive negative margin p eps swap"},
    {"unfold", "f", "im2col", nullptr},
};

std::string constantText(const program::Argument& a) {
  if (const auto* v = std::get_if<bool>(&a)) return *v ? "True" : "False";
  if (const auto* v = std::get_if<program::Dim>(&a)) return v->text();
  if (const auto* v = std::get_if<double>(&a))
    return *v == std::floor(*v) ? fmt::format("{:.1f}", *v) : fmt::format("{}", *v);
  if (const auto* v = std::get_if<std::string>(&a)) return fmt::format("\"{}\"", *v);
  if (const auto* v = std::get_if<program::Shape>(&a))
    return v->empty() ? "()" : v->size() == 1 ? v->front().text() : program::text(*v);
  return "None";
}

std::vector<Function> makeFunctions() {
  std::map<std::string, std::vector<const program::OpInfo*>> ops;
  for (const auto& [id, info] : program::catalogue()) ops[info.schema.name].push_back(&info);
  std::vector<Function> all;
  const auto add = [&](const Own& own) {
    Function f{own.name};
    const std::string_view where(own.where);
    f.inTorch = where.find('t') != where.npos;
    f.inF = where.find('f') != where.npos;
    f.isMethod = where.find('m') != where.npos;
    if (own.places) f.places = words(own.places);
    f.onlyFirst = own.onlyFirst;
    f.variadic = own.variadic;
    if (const auto found = ops.find(own.op); found != ops.end()) f.overloads = found->second;
    if (!f.overloads.empty()) all.push_back(std::move(f));
  };
  for (const Group& group : kGroups)
    for (const std::string& name : words(group.names)) add({name.c_str(), group.where, name.c_str(), nullptr});
  for (const Own& own : kOwn) add(own);
  std::sort(all.begin(), all.end(), [](const Function& a, const Function& b) { return a.name < b.name; });
  return all;
}

}  // namespace

std::string Function::module() const {
  const bool byF = inF && (!inTorch || !places.empty());
  return byF ? "F." : inTorch ? "torch." : inF ? "F." : "Tensor.";
}

std::string Function::signature() const {
  const program::Schema& schema = overloads.front()->schema;
  std::vector<std::string> arguments, order = places;
  for (const program::SchemaArgument& a : schema.arguments)
    if (std::find(order.begin(), order.end(), a.name) == order.end()) order.push_back(a.name);
  for (const std::string& name : order) {
    const program::SchemaArgument& a = schema.arguments[schema.index(name)];
    if (a.type == "Layout?" || a.type == "Device?" || a.type == "MemoryFormat?" || a.name == "pin_memory" ||
        a.type == "Generator?")
      continue;
    arguments.push_back(a.fallback ? fmt::format("{}={}", a.name, constantText(*a.fallback)) : a.name);
  }
  return fmt::format("{}({})", name, joined(arguments, ", "));
}

const std::vector<Function>& functions() {
  static const std::vector<Function> kFunctions = makeFunctions();
  return kFunctions;
}

const Function* findFunction(std::string_view name) {
  const auto& all = functions();
  const auto it =
      std::lower_bound(all.begin(), all.end(), name, [](const Function& f, std::string_view n) { return f.name < n; });
  return it != all.end() && it->name == name ? &*it : nullptr;
}

Path pathOf(const std::string& spelled) {
  for (const char* module : {"torch.nn.functional.", "nn.functional.", "F.", "torch."})
    if (spelled.starts_with(module)) {
      const std::string name = spelled.substr(std::string(module).size());
      return {std::string(module) == "torch." ? "torch." : "F.", name};
    }
  return {"", spelled};
}

}  // namespace netwright::layers::expressions
