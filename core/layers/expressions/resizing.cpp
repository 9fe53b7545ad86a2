// SPDX-License-Identifier: Apache-2.0
// interpolate() and max_unpool: functions of torch.nn.functional that choose among several ops, or compute the sizes
// of their result.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/layers/expressions/compiler.h"
#include "core/layers/expressions/conveniences.h"

namespace netwright::layers::expressions {
namespace {

using language::NodeIndex;
using Arguments = std::vector<language::Argument>;

// The arguments behind the first `tensors`, by name; none where one is given twice or is unknown.
std::optional<std::map<std::string, language::Value>> named(const Arguments& arguments, size_t tensors,
                                                            const std::vector<std::string>& names) {
  std::map<std::string, language::Value> found;
  for (size_t i = tensors; i < arguments.size(); ++i) {
    const std::string name = !arguments[i].name.empty()   ? arguments[i].name
                             : i - tensors < names.size() ? names[i - tensors]
                                                          : "";
    if (std::find(names.begin(), names.end(), name) == names.end() || !found.emplace(name, arguments[i].value).second)
      return std::nullopt;
  }
  return found;
}

// One number, or one for each of `count` dimensions, all above or at `least`.
std::optional<std::vector<double>> numbersOf(const language::Value& value, size_t count, double least) {
  const auto number = [](const language::Value& v) -> std::optional<double> {
    if (const auto* whole = v.as<int64_t>()) return static_cast<double>(*whole);
    if (const auto* real = v.as<double>()) return *real;
    return std::nullopt;
  };
  std::vector<double> all;
  if (const auto* list = value.list()) {
    for (const language::Value& item : *list)
      if (const auto v = number(item))
        all.push_back(*v);
      else
        return std::nullopt;
  } else if (const auto v = number(value)) {
    all.assign(count, *v);
  }
  constexpr double kMost = 1e9;
  const auto fits = [&](double v) { return v >= least && v <= kMost; };
  if (all.size() != count || !std::all_of(all.begin(), all.end(), fits)) return std::nullopt;
  return all;
}

bool isNone(const std::map<std::string, language::Value>& given, const char* name) {
  const auto it = given.find(name);
  return it == given.end() || it->second.as<None>();
}

}  // namespace

// interpolate(input, size=None, scale_factor=None, mode="nearest", align_corners=None)
std::optional<language::Value> Compiler::interpolate(const Arguments& arguments, NodeIndex at) {
  const auto form = [&] { return fail(at, fmt::format("write {}", findConvenience("interpolate")->signature)); };
  const Value x = *tensorOf(arguments[0].value);
  const auto given = named(arguments, 1, {"size", "scale_factor", "mode", "align_corners"});
  if (!given) return form();
  if (x.rank() < 3 || x.rank() > 5)
    return fail(at, fmt::format("interpolate takes (N, C, *) with one to three sizes, but this is {}",
                                program::text(x.type().shape)));
  const size_t dims = x.rank() - 2;
  const std::array<std::string, 4> smooth{"", "linear", "bilinear", "trilinear"};
  std::string mode = "nearest";
  if (const auto it = given->find("mode"); it != given->end()) {
    const auto* text = it->second.as<std::string>();
    if (!text) return form();
    mode = *text;
  }
  if (mode != "nearest" && mode != smooth[dims] && !(mode == "bicubic" && dims == 2))
    return fail(at, fmt::format("mode must be \"nearest\" or \"{}\"{} for {}", smooth[dims],
                                dims == 2 ? " or \"bicubic\"" : "", program::text(x.type().shape)));
  if (isNone(*given, "size") == isNone(*given, "scale_factor")) return fail(at, "give either size or scale_factor");
  Shape size;
  std::vector<Argument> scales(dims, None{});
  const bool bySize = !isNone(*given, "size");
  const auto numbers = numbersOf(given->at(bySize ? "size" : "scale_factor"), dims, bySize ? 1 : 1e-6);
  if (!numbers)
    return fail(at, fmt::format("{} must be one positive number or {}, one for each size",
                                bySize ? "size" : "scale_factor", dims));
  for (size_t i = 0; i < dims; ++i) {
    const Dim from = x.dim(static_cast<int>(i) + 2);
    const double factor = (*numbers)[i];
    const bool whole = factor == std::floor(factor);
    if (bySize) {
      if (!whole) return fail(at, "size must be whole numbers");
      size.emplace_back(static_cast<int64_t>(factor));
      continue;
    }
    if (!whole && !from.constant())
      return fail(at, fmt::format("scale_factor must be a whole number where the size {} is not known", from.text()));
    size.push_back(whole ? from * Dim(static_cast<int64_t>(factor))
                         : Dim(static_cast<int64_t>(std::floor(static_cast<double>(*from.constant()) * factor))));
    scales[i] = factor;
  }
  std::vector<Argument> args{x.id, size};
  bool corners = false;
  if (!isNone(*given, "align_corners")) {
    const auto* flag = given->at("align_corners").as<bool>();
    if (!flag) return form();
    if (mode == "nearest") return fail(at, "align_corners must be None with the mode \"nearest\"");
    corners = *flag;
  }
  if (mode != "nearest") args.emplace_back(corners);
  args.insert(args.end(), scales.begin(), scales.end());
  const std::string op = fmt::format("upsample_{}{}d", mode, dims);
  return run(op.c_str(), std::move(args), at);
}

// max_unpool2d(input, indices, kernel_size, stride=None, padding=0, output_size=None)
std::optional<language::Value> Compiler::unpool(const std::string& name, const Arguments& arguments, NodeIndex at) {
  const auto form = [&] { return fail(at, fmt::format("write {}", findConvenience(name)->signature)); };
  const auto dims = static_cast<size_t>(name[name.size() - 2] - '0');
  const Value* indices = arguments.size() > 2 ? tensorOf(arguments[1].value) : nullptr;
  const auto given = named(arguments, 2, {"kernel_size", "stride", "padding", "output_size"});
  if (!indices || !given || isNone(*given, "kernel_size") || !isNone(*given, "output_size")) return form();
  Value x = *tensorOf(arguments[0].value), places = *indices;
  if (x.rank() != dims + 2 || places.rank() != dims + 2)
    return fail(
        at, fmt::format("{} takes (N, C, *) with {} sizes, but this is {}", name, dims, program::text(x.type().shape)));
  const auto kernel = numbersOf(given->at("kernel_size"), dims, 1);
  const auto stride = isNone(*given, "stride") ? kernel : numbersOf(given->at("stride"), dims, 1);
  const auto padding = isNone(*given, "padding") ? std::optional(std::vector<double>(dims, 0.0))
                                                 : numbersOf(given->at("padding"), dims, 0);
  if (!kernel || !stride || !padding) return form();
  const auto whole = [](double v) { return Dim(static_cast<int64_t>(v)); };
  Shape size, strides, paddings;
  for (size_t i = 0; i < dims; ++i) {
    strides.push_back(whole((*stride)[i]));
    paddings.push_back(whole((*padding)[i]));
    size.push_back((x.dim(static_cast<int>(i) + 2) - Dim(1)) * strides[i] + whole((*kernel)[i]) - Dim(2) * paddings[i]);
  }
  lowering_.guardIndex(places, program::product(size), 0, "NW-D012");
  if (dims == 3) return run("max_unpool3d", {x.id, places.id, size, strides, paddings}, at);
  if (dims == 2) return run("max_unpool2d", {x.id, places.id, size}, at);
  // A row of a picture, as PyTorch does it.
  std::array<Value, 2> rows{x, places};
  for (Value& v : rows) {
    const auto wide = run("unsqueeze", {v.id, Dim(3)}, at);
    if (!wide) return std::nullopt;
    v = *tensorOf(*wide);
  }
  const auto result = run("max_unpool2d", {rows[0].id, rows[1].id, Shape{size[0], Dim(1)}}, at);
  return result ? run("squeeze.dim", {tensorOf(*result)->id, Dim(3)}, at) : std::nullopt;
}

}  // namespace netwright::layers::expressions
