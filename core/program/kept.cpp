// SPDX-License-Identifier: Apache-2.0
#include "core/program/kept.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "core/program/control.h"

namespace netwright::program {
namespace {

using Names = std::set<std::string_view>;

// By name without overload.
const Names kViews{"view",   "detach", "flatten",      "reshape", "unflatten", "transpose", "permute",
                   "select", "slice",  "unsqueeze",    "squeeze", "expand",    "split",     "chunk",
                   "unbind", "narrow", "tensor_split", "movedim", "swapaxes",  "diagonal",  "unfold"};
const Names kReorders{"transpose", "permute", "expand",  "slice",    "select",   "narrow", "split",
                      "chunk",     "unbind",  "movedim", "swapaxes", "diagonal", "unfold"};
// Their derivatives read nothing.
const Names kNothing{"add",
                     "sub",
                     "rsub",
                     "neg",
                     "sum",
                     "mean",
                     "ceil",
                     "floor",
                     "round",
                     "trunc",
                     "frac",
                     "sign",
                     "cumsum",
                     "flip",
                     "roll",
                     "repeat",
                     "tile",
                     "tril",
                     "triu",
                     "cat",
                     "stack",
                     "pixel_shuffle",
                     "pixel_unshuffle",
                     "channel_shuffle",
                     "im2col",
                     "col2im",
                     "to",
                     "lerp",
                     "nan_to_num",
                     "constant_pad_nd",
                     "upsample_nearest1d",
                     "upsample_nearest2d",
                     "upsample_nearest3d",
                     "upsample_linear1d",
                     "upsample_bilinear2d",
                     "upsample_bicubic2d",
                     "upsample_trilinear3d"};
// They read the result.
const Names kResult{"relu",  "sigmoid", "tanh",  "tan",        "exp",     "exp2",
                    "expm1", "sqrt",    "rsqrt", "reciprocal", "softmax", "log_softmax"};
// They read the first argument.
const Names kFirst{"abs",
                   "acos",
                   "acosh",
                   "asin",
                   "asinh",
                   "atan",
                   "atanh",
                   "avg_pool1d",
                   "avg_pool2d",
                   "avg_pool3d",
                   "adaptive_avg_pool1d",
                   "adaptive_avg_pool2d",
                   "adaptive_avg_pool3d",
                   "celu",
                   "clamp",
                   "cos",
                   "cosh",
                   "digamma",
                   "elu",
                   "selu",
                   "relu6",
                   "erf",
                   "erfc",
                   "erfinv",
                   "gelu",
                   "hardshrink",
                   "hardsigmoid",
                   "hardswish",
                   "hardtanh",
                   "leaky_relu",
                   "lgamma",
                   "log",
                   "log10",
                   "log1p",
                   "log2",
                   "logit",
                   "mish",
                   "pow",
                   "square",
                   "silu",
                   "sin",
                   "sinc",
                   "sinh",
                   "softplus",
                   "softshrink",
                   "threshold",
                   "glu",
                   "var"};
// They read the first argument and the first result.
const Names kFirstAndResult{"amax", "amin", "cumprod", "logcumsumexp", "logsumexp", "linalg_vector_norm",
                            "prod", "std"};
// They read where the result came from: the second result.
const Names kIndices{"max", "min", "median", "sort", "topk"};
const Names kFirstAndIndices{"adaptive_max_pool1d",
                             "adaptive_max_pool2d",
                             "adaptive_max_pool3d",
                             "max_pool1d_with_indices",
                             "max_pool2d_with_indices",
                             "max_pool3d_with_indices",
                             "fractional_max_pool2d",
                             "fractional_max_pool3d",
                             "cummax",
                             "cummin"};
// The gradient of each of the two reads the other: products.
const Names kOther{
    "mul",   "bmm", "matmul", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
    "linear"};
// They read one argument that is never trained.
const std::map<std::string_view, const char*> kIndex{
    {"embedding", "indices"}, {"gather", "index"},         {"index_select", "index"},
    {"masked_fill", "mask"},  {"scatter", "index"},        {"scatter_add", "index"},
    {"where", "condition"},   {"max_unpool2d", "indices"}, {"max_unpool3d", "indices"}};

std::string_view nameOf(const Op& op) { return op.info->schema.name; }

int64_t widthOf(const TensorType& type) { return static_cast<int64_t>(byteSize(type.dtype)); }

class Rule {
 public:
  Rule(const Program& program, const Op& op, const std::function<bool(ValueId)>& needs, bool training)
      : program_(program), op_(op), needs_(needs), training_(training) {}

  Kept kept() {
    const std::string_view name = nameOf(op_);
    if (isView(op_) || kNothing.contains(name)) return {};
    if (kResult.contains(name)) return keep(result(0)), kept_;
    if (kFirst.contains(name)) return keep(first()), kept_;
    if (kFirstAndResult.contains(name)) return keep(first()), keep(result(0)), kept_;
    if (kIndices.contains(name)) return keep(result(1)), kept_;
    if (kFirstAndIndices.contains(name)) return keep(first()), keep(result(1)), kept_;
    if (kOther.contains(name)) return product(), kept_;
    if (const auto it = kIndex.find(name); it != kIndex.end()) return keep(argument(it->second)), kept_;
    if (name == "div") return quotient(), kept_;
    composite(name);
    return kept_;
  }

 private:
  ValueId argument(const char* name) const {
    const auto& all = op_.info->schema.arguments;
    const auto it = std::find_if(all.begin(), all.end(), [&](const SchemaArgument& a) { return a.name == name; });
    if (it == all.end()) return {};
    const auto* value = std::get_if<ValueId>(&op_.args[static_cast<size_t>(it - all.begin())]);
    return value ? *value : ValueId{};
  }
  ValueId first() const {
    for (const Argument& a : op_.args)
      if (const auto* value = std::get_if<ValueId>(&a)) return *value;
    return {};
  }
  ValueId second() const {
    int seen = 0;
    for (const Argument& a : op_.args)
      if (const auto* value = std::get_if<ValueId>(&a); value && seen++ == 1) return *value;
    return {};
  }
  ValueId result(size_t index) const { return index < op_.results.size() ? op_.results[index] : ValueId{}; }
  void keep(ValueId value) {
    if (value) kept_.values.push_back(value);
  }
  const Shape& shape(ValueId value) const { return program_.tensorType(value).shape; }
  Dim bytes(ValueId value) const {
    if (!value || !program_.type(value).isTensor()) return 0;
    const TensorType& type = program_.tensorType(value);
    return program::product(type.shape) * Dim(widthOf(type));
  }
  Dim count(ValueId value) const { return value ? program::product(shape(value)) : Dim(0); }
  bool wanted(ValueId value) const { return value && needs_(value); }

  void product() {
    const ValueId a = first(), b = second();
    if (wanted(b)) keep(a);
    if (wanted(a)) keep(b);
    const std::string_view name = nameOf(op_);
    const auto stretched = [&](ValueId v) { return wanted(v) && shape(v) != shape(result(0)); };
    if (name == "mul" && (stretched(a) || stretched(b))) kept_.scratch = bytes(result(0));  // before it is summed
    if (name.starts_with("conv")) kept_.scratch = convolutionScratch(a, b, name == "conv1d");
  }

  // What oneDNN puts into the order that it wants, besides the gradient (measured): rows are not in it by themselves,
  // and weights of groups are filled up to 16 by 16 channels.
  Dim convolutionScratch(ValueId x, ValueId weight, bool rows) const {
    const Dim y = bytes(result(0));
    const auto& schema = op_.info->schema;
    const auto* dilation = std::get_if<Shape>(&op_.args[schema.index("dilation")]);
    const auto* groups = std::get_if<Dim>(&op_.args[schema.index("groups")]);
    if (rows && dilation && dilation->front() == Dim(1)) return bytes(x) * Dim(2) + y;
    if (rows) return 0;
    if (!groups || *groups == Dim(1)) return y;
    const auto filled = [](const Dim& channels) { return floorDiv(channels + Dim(15), Dim(16)) * Dim(16); };
    const Shape& w = shape(weight);
    const Dim out = floorDiv(w[0], *groups);
    return y + *groups * filled(out) * filled(w[1]) * program::product(w, 2) * Dim(4);
  }

  void quotient() {
    const ValueId a = first(), b = second();
    if (!b) return;
    keep(b);
    if (wanted(b)) keep(a);
  }

  // Statistics of `groups` groups: a mean and a deviation of each.
  void normalised(const Dim& groups) {
    keep(argument("input"));
    keep(argument("weight"));
    kept_.bytes = kept_.bytes + groups * Dim(8);
  }

  // One mask as large as what it drops.
  void dropped(const Dim& mask) {
    if (training_) kept_.bytes = kept_.bytes + mask;
  }

  void attention() {
    const ValueId q = argument("query"), k = argument("key"), v = argument("value");
    for (const ValueId value : {q, k, v, argument("attn_mask")}) keep(value);
    const Shape& s = shape(q);
    const Dim rows = program::product(s, 0, s.size() - 1);
    const auto& schema = op_.info->schema;
    const Argument& p = op_.args[schema.index("dropout_p")];
    const bool drops = training_ && std::holds_alternative<TrainingNumber>(p) && std::get<TrainingNumber>(p).value > 0;
    if (!drops) {  // the fused kernel recomputes the weights from the sums of their exponentials
      keep(result(0));
      kept_.bytes = kept_.bytes + rows * Dim(4);
      return;
    }
    const Dim weights = rows * shape(k)[shape(k).size() - 2] * Dim(4);  // softmax, mask and their product
    kept_.bytes = kept_.bytes + bytes(q) + bytes(k) + weights * Dim(3);
  }

  // Numbers that each step of each layer and direction keeps for one element of its hidden state; layers after the
  // first keep what they are given too. Measured: PyTorch's derivatives name only whole workspaces.
  void recurrent(int64_t perElement, int64_t scratch) {
    keep(argument("input"));
    const Argument& given = op_.args[op_.info->schema.index("num_layers")];
    const int64_t layers = std::holds_alternative<Dim>(given) ? std::get<Dim>(given).constant().value_or(1) : 1;
    kept_.bytes = kept_.bytes + count(result(0)) * Dim(4 * (perElement * layers + layers - 1));
    kept_.scratch = count(result(0)) * Dim(4 * scratch);
  }

  // oneDNN keeps a workspace of each layer and direction: for each step of each sample some nine numbers for an element
  // of the hidden state, and six for an element of the state or the input, whichever is wider (measured).
  void longShortTerm() {
    keep(argument("input"));
    keep(result(0));
    const auto& weights = std::get<std::vector<ValueId>>(op_.args[op_.info->schema.index("params")]);
    const bool biases = std::get<bool>(op_.args[op_.info->schema.index("has_biases")]);
    Dim widest = 0;
    for (size_t i = 0; i < weights.size(); i += biases ? 4 : 2) {
      const Shape& w = shape(weights[i]);
      const Dim hidden = floorDiv(w[0], Dim(4)), wide = max(hidden, w[1]);
      const Shape& x = shape(argument("input"));
      const Dim steps = x[0] * x[1];
      kept_.bytes = kept_.bytes + steps * (hidden * Dim(37) + wide * Dim(25));
      widest = max(widest, steps * wide * Dim(25));
    }
    kept_.bytes = kept_.bytes + bytes(result(0));  // of the first layers, and of two directions before they are joined
    kept_.scratch = widest;
  }

  void composite(std::string_view name) {
    const ValueId x = first(), y = result(0);
    if (name == "dropout" || name == "alpha_dropout") return dropped(bytes(x));
    if (name == "feature_dropout" || name == "feature_alpha_dropout")
      return dropped(program::product(shape(x), 0, 2) * Dim(4));
    if (name == "max_pool1d" || name == "max_pool2d" || name == "max_pool3d") {
      keep(x);
      kept_.bytes = count(y) * Dim(8);  // where each largest element was
      return;
    }
    if (name == "batch_norm") return normalised(training_ ? shape(x)[1] : Dim(0));
    if (name == "instance_norm" || name == "group_norm") kept_.scratch = bytes(x);
    if (name == "instance_norm") return normalised(program::product(shape(x), 0, 2) * Dim(3));
    if (name == "group_norm") {
      const Argument& groups = op_.args[op_.info->schema.index("num_groups")];
      return normalised(shape(x)[0] * (std::holds_alternative<Dim>(groups) ? std::get<Dim>(groups) : Dim(1)));
    }
    if (name == "layer_norm") {
      const auto* over = std::get_if<Shape>(&op_.args[op_.info->schema.index("normalized_shape")]);
      return normalised(program::product(shape(x), 0, shape(x).size() - (over ? over->size() : 1)));
    }
    if (name == "rms_norm") {  // x, its root mean squares, and x divided by them
      normalised(program::product(shape(x), 0, shape(x).size() - 1));
      kept_.bytes = kept_.bytes + bytes(x);
      kept_.scratch = bytes(x);
      return;
    }
    if (name == "prelu") {
      keep(x);
      keep(second());
      kept_.scratch = bytes(x);
      return;
    }
    if (name == "cross_entropy_loss") {  // the logarithms of the shares
      keep(argument("target"));
      kept_.bytes = bytes(x);
      return;
    }
    if (name == "scaled_dot_product_attention") return attention();
    if (name == "lstm") return longShortTerm();
    if (name == "gru") return recurrent(7, 2);
    if (name == "rnn_tanh" || name == "rnn_relu") return recurrent(1, 1);
    if (name == "rrelu") {
      keep(x);
      return dropped(bytes(x));
    }
    if (name == "l1_loss" || name == "pairwise_distance" || name == "triplet_margin_loss") {
      kept_.bytes = bytes(x);  // differences
      return;
    }
    if (name == "log_sigmoid") {
      keep(x);
      kept_.bytes = bytes(x);
      return;
    }
    everything();  // losses of two tensors and what is rare
  }

  void everything() {
    for (const Argument& a : op_.args) {
      if (const auto* value = std::get_if<ValueId>(&a)) keep(*value);
      if (const auto* list = std::get_if<std::vector<ValueId>>(&a))
        for (const ValueId value : *list) keep(value);
    }
  }

  const Program& program_;
  const Op& op_;
  const std::function<bool(ValueId)>& needs_;
  bool training_;
  Kept kept_;
};

Dim bytesOf(const ValueType& type) {
  Dim sum = 0;
  for (const TensorType& t : type.tensors) sum = sum + product(t.shape) * Dim(static_cast<int64_t>(byteSize(t.dtype)));
  return sum;
}

// What one run of a region keeps. An input of it, as the program around it sees it, is a value or, of a step's number,
// none; `constant` ones are held anyway.
Dim keptOfRun(const Program& region, const std::vector<ValueId>& outer, size_t constant, size_t carried, size_t again,
              const std::function<bool(ValueId)>& needs, bool training) {
  std::vector<bool> wanted(region.values.size());
  std::vector<size_t> root(region.values.size());
  for (size_t v = 0; v < root.size(); ++v) root[v] = v;
  const auto at = [](ValueId v) { return static_cast<size_t>(v.index); };
  std::set<size_t> kept, held;
  for (size_t i = 0; i < region.inputs.size(); ++i) {
    wanted[at(region.inputs[i].value)] = outer[i] && needs(outer[i]);
    if (i >= constant) held.insert(at(region.inputs[i].value));
  }
  Dim bytes = 0;
  for (const Op& op : region.ops) {
    const std::vector<ValueId> read = valuesOf(op);
    const bool any = op.info->differentiable && op.info->schema.name != "detach" &&
                     std::any_of(read.begin(), read.end(), [&](ValueId v) { return wanted[at(v)]; });
    for (const ValueId r : op.results) {
      if (isView(op) && !read.empty()) root[at(r)] = root[at(read.front())];
      const auto& types = region.type(r).tensors;
      wanted[at(r)] =
          any && std::all_of(types.begin(), types.end(), [](const TensorType& t) { return isFloating(t.dtype); });
    }
    if (!any) continue;
    const Kept own = keptForBackward(region, op, [&](ValueId v) { return v && wanted[at(v)]; }, training);
    bytes = bytes + own.bytes;
    for (const ValueId v : own.values)
      if (!held.contains(root[at(v)])) kept.insert(root[at(v)]);
  }
  const size_t index = !outer.empty() && !outer.front() ? 1 : 0;
  for (size_t k = 0; k < carried; ++k)  // what a step gives is what the next one takes
    if (kept.contains(root[at(region.outputs[again + k].value)])) kept.erase(at(region.inputs[index + k].value));
  for (const size_t v : kept) bytes = bytes + bytesOf(region.values[v].type);
  return bytes;
}

// Of a branch the larger one.
Kept keptOfRegions(const Op& op, const std::function<bool(ValueId)>& needs, bool training) {
  Kept kept;
  std::vector<ValueId> outer;
  size_t constant = SIZE_MAX, carried = 0, again = 0;
  if (op.info == &branchOp()) {
    outer = branchOf(op).operands;
    constant = 0;
  } else {
    const Loop loop = loopOf(op);
    if (loop.index) outer.emplace_back();
    for (const auto* part : {&loop.carried, &loop.scanned, &loop.captured})
      outer.insert(outer.end(), part->begin(), part->end());
    constant = outer.size() - loop.captured.size();
    carried = loop.carried.size();
    again = loop.again ? 1 : 0;
  }
  for (const auto& region : op.regions)
    kept.bytes = max(kept.bytes, keptOfRun(*region, outer, constant, carried, again, needs, training));
  kept.bytes = timesOf(op) * kept.bytes;
  if (op.info == &branchOp()) kept.values = outer;
  return kept;
}

}  // namespace

bool isView(const Op& op) { return kViews.contains(nameOf(op)); }
bool reorders(const Op& op) { return kReorders.contains(nameOf(op)); }
bool passesGradient(const Op& op) { return isView(op) || nameOf(op) == "add"; }

Kept keptForBackward(const Program& program, const Op& op, const std::function<bool(ValueId)>& needs, bool training) {
  if (isControl(op)) return keptOfRegions(op, needs, training);
  return Rule(program, op, needs, training).kept();
}

}  // namespace netwright::program
