// SPDX-License-Identifier: Apache-2.0
#include "core/convert/pytorch/module_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/text.h"
#include "core/convert/python/identifier.h"
#include "core/layers/registry.h"

namespace netwright::convert::pytorch {
namespace {

// In a graph states lie samples first like everything else; nn.LSTM wants and gives them layers first.
void callLstm(Call& c) {
  std::string states;
  if (c.has("h_0") || c.has("c_0")) {
    const auto state = [&](const char* port, const char* other) {
      return c.has(port) ? c.in(port) + ".transpose(0, 1)"
                         : fmt::format("torch.zeros_like({}).transpose(0, 1)", c.in(other));
    };
    states = fmt::format(", ({}, {})", state("h_0", "c_0"), state("c_0", "h_0"));
  }
  const std::string call = fmt::format("{}({}{})", c.module(), c.in("x"), states);
  const std::string y = c.out("y"), h = c.out("h_n"), n = c.out("c_n");
  c.line(h == "_" && n == "_" ? fmt::format("{}, _ = {}", y, call) : fmt::format("{}, ({}, {}) = {}", y, h, n, call));
  for (const std::string& last : {h, n})
    if (last != "_") c.line(fmt::format("{0} = {0}.transpose(0, 1)", last));
}

void callAttention(Call& c) {
  const std::string query = c.in("query"), key = c.has("key") ? c.in("key") : query,
                    value = c.has("value") ? c.in("value") : key;
  std::string mask;
  if (std::get<bool>(c.param("is_causal"))) {
    // True hides a position: all behind the own one.
    c.line(fmt::format("later = torch.ones({0}.size(1), {1}.size(1), dtype=torch.bool, device={0}.device).triu(1)",
                       query, key));
    mask = "attn_mask=later, is_causal=True, ";
  }
  const std::string call = fmt::format("{}({}, {}, {}, {}need_weights=False)", c.module(), query, key, value, mask);
  c.line(fmt::format("{}, _ = {}", c.out("y"), call));
}

// GRU and RNN: one state, layers first in PyTorch.
void callRecurrent(Call& c) {
  const std::string state = c.has("h_0") ? fmt::format(", {}.transpose(0, 1)", c.in("h_0")) : "";
  const std::string call = fmt::format("{}({}{})", c.module(), c.in("x"), state);
  const std::string y = c.out("y"), h = c.out("h_n");
  c.line(fmt::format("{}, {} = {}", y, h, call));
  if (h != "_") c.line(fmt::format("{0} = {0}.transpose(0, 1)", h));
}

void callBag(Call& c) {
  const std::string weights = c.has("per_sample_weights") ? ", per_sample_weights=" + c.in("per_sample_weights") : "";
  const std::string call = fmt::format("{}({}{})", c.module(), c.in("x"), weights);
  c.line(fmt::format("{} = {}", c.out("y"), call));
}

// PyTorch has "same" for stride 1 only.
bool fitsConvolution(const Attributes& params, const std::set<std::string>&) {
  const auto* word = std::get_if<std::string>(&params.at("padding"));
  if (!word || *word != "same") return true;
  const Attribute& stride = params.at("stride");
  if (const auto* one = std::get_if<int64_t>(&stride)) return *one == 1;
  const auto& all = std::get<std::vector<int64_t>>(stride);
  return std::all_of(all.begin(), all.end(), [](int64_t v) { return v == 1; });
}

// Poolings have no "same".
bool fitsPooling(const Attributes& params, const std::set<std::string>&) {
  return !std::holds_alternative<std::string>(params.at("padding"));
}

// A size that is kept is None there: written op by op.
bool fitsAdaptive(const Attributes& params, const std::set<std::string>&) {
  const auto sizes = numbers(params.at("output_size"));
  return !sizes || std::find(sizes->begin(), sizes->end(), -1) == sizes->end();
}

// Masks and weights are ports here and arguments there: written op by op.
bool fitsAttention(const Attributes& params, const std::set<std::string>& ports) {
  return !std::get<bool>(params.at("need_weights")) && !ports.contains("attn_mask") &&
         !ports.contains("key_padding_mask");
}

// Rows that say more than the layer itself.
std::vector<ModuleRow> special() {
  std::vector<ModuleRow> rows{
      {"dropout", 1},
      {"fractional_max_pool2d", 3, true},  // PyTorch has no ratio by default
      {"fractional_max_pool3d", 3, true},
      {"upsample", 2, true},  // nor a factor
      {"upsampling_bilinear2d", 2, true},
      {"upsampling_nearest2d", 2, true},
      {"embedding_bag", 2, false, "", {}, callBag},
      {"gru", 2, false, "batch_first=True", {}, callRecurrent},
      {"lstm", 2, false, "batch_first=True", {}, callLstm},
      {"multihead_attention",
       2,
       false,
       "batch_first=True",
       {"is_causal", "need_weights", "average_attn_weights"},
       callAttention,
       {{"kdim", "embed_dim"}, {"vdim", "embed_dim"}},
       fitsAttention},
      {"rnn", 2, false, "batch_first=True", {}, callRecurrent},
      {"softmax", 1, true},
      {"log_softmax", 1, true},
      {"softmin", 1, true},
  };
  for (const char* kind : {"avg", "max"})
    for (const int dims : {1, 2, 3}) {
      rows.push_back({fmt::format("adaptive_{}_pool{}d", kind, dims), 1, false, "", {}, nullptr, {}, fitsAdaptive});
      rows.push_back({fmt::format("{}_pool{}d", kind, dims), 1, false, "", {}, nullptr, {}, fitsPooling});
    }
  for (const char* layer : {"conv1d", "conv2d", "conv3d"})
    rows.push_back({layer, 3, false, "", {}, nullptr, {}, fitsConvolution});
  return rows;
}

// Layers that PyTorch's module of that name takes otherwise: lengths, masks, states in pairs, a function as parameter.
const std::set<std::string> kByOps{"adaptive_log_softmax",
                                   "cross_map_lrn2d",
                                   "ctc",
                                   "lstm_cell",
                                   "transformer",
                                   "transformer_decoder",
                                   "transformer_decoder_layer",
                                   "transformer_encoder",
                                   "transformer_encoder_layer",
                                   "triplet_margin_with_distance"};

const std::map<std::string, ModuleRow>& rows() {
  static const std::map<std::string, ModuleRow> kRows = [] {
    std::map<std::string, ModuleRow> all;
    for (ModuleRow& row : special()) all.emplace(row.layer, std::move(row));
    for (const layers::LayerSpec& layer : layers::registry())
      if (layer.torchName.rfind("nn.", 0) == 0 && !kByOps.contains(layer.id))
        all.emplace(layer.id, ModuleRow{layer.id, layer.torchNeeds});
    return all;
  }();
  return kRows;
}

// 3 for (3, 3) where the parameter says how many there are.
std::string listText(const std::vector<int64_t>& list, size_t length) {
  const bool alike = std::all_of(list.begin(), list.end(), [&](int64_t v) { return v == list.front(); });
  if (list.size() == 1 || (length > 0 && !list.empty() && alike)) return std::to_string(list.front());
  std::vector<std::string> items;
  for (const int64_t v : list) items.push_back(std::to_string(v));
  return fmt::format("({})", joined(items, ", "));
}

std::string valueText(const Attribute& value, const ParamSpec& spec) {
  struct Printer {
    const ParamSpec& spec;
    std::string operator()(None) const { return "None"; }
    std::string operator()(Auto) const { return "None"; }
    std::string operator()(bool v) const { return v ? "True" : "False"; }
    std::string operator()(int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return number(v); }
    std::string operator()(const std::string& v) const { return python::quoted(v); }
    std::string operator()(const Formula& v) const { return v.text; }
    std::string operator()(const std::vector<int64_t>& v) const {
      if (spec.kind == ParamKind::FloatList) return (*this)(std::vector<double>(v.begin(), v.end()));
      return listText(v, spec.length);
    }
    std::string operator()(const std::vector<double>& v) const {
      std::vector<std::string> items;
      for (const double d : v) items.push_back(number(d));
      // Weights of classes are a tensor, scales and ratios plain numbers.
      if (spec.name.find("weight") != std::string::npos) return fmt::format("torch.tensor([{}])", joined(items, ", "));
      return items.size() == 1 ? items[0] : fmt::format("({})", joined(items, ", "));
    }
  };
  return std::visit(Printer{spec}, value);
}

bool isDefault(const Attribute& value, const ParamSpec& spec) {
  if (spec.kind == ParamKind::FloatList && numbers(value)) return numbers(value) == numbers(spec.fallback);
  if (spec.kind == ParamKind::Float && numbers(value)) return numbers(value) == numbers(spec.fallback);
  return valueText(value, spec) == valueText(spec.fallback, spec);
}

}  // namespace

std::string number(double value) {
  if (std::isnan(value)) return "float(\"nan\")";
  if (std::isinf(value)) return value > 0 ? "float(\"inf\")" : "float(\"-inf\")";
  const std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

const ModuleRow* findRow(const std::string& layer) {
  const auto it = rows().find(layer);
  return it == rows().end() ? nullptr : &it->second;
}

Construction constructionOf(const layers::LayerSpec& layer, const ModuleRow& row, const Attributes& params) {
  Construction made{layer.torchName + "(", ")"};
  for (size_t i = 0; i < layer.params.size(); ++i) {
    const ParamSpec& spec = layer.params[i];
    const Attribute& value = params.at(spec.name);
    if (spec.name == "parametrization") {  // a function in PyTorch, which changes the module
      if (value == spec.fallback) continue;
      made.before = fmt::format("parametrizations.{}({}", std::get<std::string>(value), made.before);
      made.after += ")";
      continue;
    }
    if (std::find(row.inCall.begin(), row.inCall.end(), spec.name) != row.inCall.end()) continue;
    const auto same = row.sameAs.find(spec.name);
    const bool follows = same != row.sameAs.end() && params.at(same->second) == value;
    made.settings.push_back({spec.name, valueText(value, spec), row.byName || i >= row.needed,
                             follows || (i >= row.needed && isDefault(value, spec))});
  }
  if (*row.more) made.settings.push_back({"", row.more});
  return made;
}

std::string construction(const layers::LayerSpec& layer, const ModuleRow& row, const Attributes& params) {
  const Construction made = constructionOf(layer, row, params);
  std::vector<std::string> arguments;
  for (const Setting& s : made.settings)
    if (!s.isDefault) arguments.push_back((s.named ? s.param + "=" : "") + s.value);
  return made.before + joined(arguments, ", ") + made.after;
}

}  // namespace netwright::convert::pytorch
