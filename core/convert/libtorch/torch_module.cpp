// SPDX-License-Identifier: Apache-2.0
#include "core/convert/libtorch/torch_module.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/convert/cpp/words.h"
#include "core/convert/model_part.h"

namespace netwright::convert::libtorch {
namespace {

using program::Dim;
using program::Op;
using program::Program;
using program::Shape;

// An op's arguments as options of a module are written.
class Options {
 public:
  Options(const Program& program, const Op& op) : program_(program), op_(op) {}

  const Shape& shape(const char* name) const { return program_.tensorType(tensorArgument(op_, name)).shape; }
  bool has(const char* name) const { return static_cast<bool>(tensorArgument(op_, name)); }
  int64_t integer(const char* name) const { return std::get<Dim>(argument(op_, name)).constant().value(); }
  std::string real(const char* name) const { return cpp::real(std::get<double>(argument(op_, name))); }

  // One number where all are equal.
  static std::string sizes(std::vector<int64_t> list) {
    if (std::all_of(list.begin(), list.end(), [&](int64_t v) { return v == list[0]; })) return std::to_string(list[0]);
    std::vector<std::string> words;
    for (const int64_t v : list) words.push_back(std::to_string(v));
    return "{" + joined(words, ", ") + "}";
  }
  std::vector<int64_t> list(const char* name) const {
    return program::constants(std::get<Shape>(argument(op_, name))).value();
  }
  void sizesUnless(const char* name, int64_t usual) {
    const std::vector<int64_t> all = list(name);
    if (std::any_of(all.begin(), all.end(), [&](int64_t v) { return v != usual; }))
      text += fmt::format(".{}({})", name, sizes(all));
  }
  void without(const char* name) {
    if (!has(name)) text += fmt::format(".{}(false)", name);
  }
  std::string text;

 private:
  const Program& program_;
  const Op& op_;
};

TorchModule made(const std::string& type, const std::string& first, const Options& o) {
  TorchModule module;
  module.type = "torch::nn::" + type;
  module.construction = fmt::format("{0}({0}Options({1}){2})", module.type, first, o.text);
  module.input = "input";
  module.arguments = module.slots = {"weight", "bias"};
  return module;
}

TorchModule linear(const Program&, const Op&, Options& o) {
  o.without("bias");
  return made("Linear", fmt::format("{}, {}", o.shape("weight")[1].text(), o.shape("weight")[0].text()), o);
}

TorchModule convolution(const Program& program, const Op& op, Options& o) {
  const bool transposed = op.info->schema.name == "conv_transpose2d";
  const Shape weight = o.shape("weight"), out = program.tensorType(op.results[0]).shape;
  const std::vector<int64_t> kernel = program::constants(Shape(weight.begin() + 2, weight.end())).value();
  o.sizesUnless("stride", 1);
  o.sizesUnless("padding", 0);
  if (transposed) o.sizesUnless("output_padding", 0);
  o.sizesUnless("dilation", 1);
  if (o.integer("groups") != 1) o.text += fmt::format(".groups({})", o.integer("groups"));
  o.without("bias");
  const std::string type = transposed ? "ConvTranspose2d" : kernel.size() == 1 ? "Conv1d" : "Conv2d";
  return made(type, fmt::format("{}, {}, {}", o.shape("input")[1].text(), out[1].text(), Options::sizes(kernel)), o);
}

// Its running mean is written by the program: the plain average over all batches.
bool averagesAll(const Program& program, const Op& op) {
  return std::any_of(program.ops.begin(), program.ops.end(), [&](const Op& other) {
    return other.info->id() == "lerp_.Tensor" && other.args[0] == argument(op, "running_mean");
  });
}

TorchModule batchNorm(const Program& program, const Op& op, Options& o) {
  const size_t rank = o.shape("input").size();
  if (o.real("eps") != "1e-05") o.text += fmt::format(".eps({})", o.real("eps"));
  if (averagesAll(program, op))
    o.text += ".momentum(std::nullopt)";
  else if (o.real("momentum") != "0.1")
    o.text += fmt::format(".momentum({})", o.real("momentum"));
  if (!o.has("weight")) o.text += ".affine(false)";
  if (!o.has("running_mean")) o.text += ".track_running_stats(false)";
  TorchModule module = made(rank == 4 ? "BatchNorm2d" : "BatchNorm1d", o.shape("input")[1].text(), o);
  module.arguments = module.slots = {"weight", "bias", "running_mean", "running_var"};
  module.counts = o.has("running_mean");
  return module;
}

TorchModule layerNorm(const Program&, const Op&, Options& o) {
  std::vector<std::string> sizes;
  for (const int64_t v : o.list("normalized_shape")) sizes.push_back(std::to_string(v));
  if (o.real("eps") != "1e-05") o.text += fmt::format(".eps({})", o.real("eps"));
  return made("LayerNorm", "{" + joined(sizes, ", ") + "}", o);
}

TorchModule embedding(const Program&, const Op&, Options& o) {
  if (o.integer("padding_idx") >= 0) o.text += fmt::format(".padding_idx({})", o.integer("padding_idx"));
  TorchModule module =
      made("Embedding", fmt::format("{}, {}", o.shape("weight")[0].text(), o.shape("weight")[1].text()), o);
  module.input = "indices";
  module.arguments = module.slots = {"weight"};
  return module;
}

}  // namespace

std::optional<TorchModule> torchModule(const Program& program, const Op& op) {
  static const std::map<std::string, TorchModule (*)(const Program&, const Op&, Options&)> kModules{
      {"linear", linear},        {"conv1d", convolution},
      {"conv2d", convolution},   {"conv_transpose2d.input", convolution},
      {"batch_norm", batchNorm}, {"layer_norm", layerNorm},
      {"embedding", embedding}};
  const std::string id = op.info->id();
  const auto row = kModules.find(id);
  if (row == kModules.end()) return std::nullopt;
  Options options(program, op);
  if (id == "batch_norm") {
    const size_t rank = options.shape("input").size();
    if (op.mode != Mode::Follow || rank < 2 || rank > 4 || options.has("weight") != options.has("bias"))
      return std::nullopt;
  }
  if (id == "layer_norm" && (!options.has("weight") || !options.has("bias"))) return std::nullopt;
  return row->second(program, op, options);
}

}  // namespace netwright::convert::libtorch
