// SPDX-License-Identifier: Apache-2.0
#include "core/layers/expressions/conveniences.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/layers/expressions/compiler.h"

namespace netwright::layers::expressions {

using language::NodeIndex;
using Arguments = std::vector<language::Argument>;

const std::vector<Convenience>& conveniences() {
  static const std::vector<Convenience> kAll{
      {"bool", "bool()", "As True and False.", false, true},
      {"chunk", "chunk(self, chunks, dim=0)", "So many pieces, as equal as may be.", true, true},
      {"clone", "clone()", "The same values.", false, true},
      {"contiguous", "contiguous()", "The same values.", false, true},
      {"dim", "dim()", "The number of dimensions.", false, true},
      {"double", "double()", "As float64.", false, true},
      {"expand_as", "expand_as(self, other)", "Stretched to the sizes of another tensor.", false, true},
      {"float", "float()", "As float32.", false, true},
      {"int", "int()", "As int32.", false, true},
      {"interpolate", "interpolate(input, size=None, scale_factor=None, mode=\"nearest\", align_corners=None)",
       "Another size, (N, C, *), by the nearest values or by blending.", true, false, nullptr, true},
      {"len", "len(x)", "The size of the first dimension.", true, false},
      {"long", "long()", "As int64.", false, true},
      {"max", "max(a, b)", "The larger of two tensors; of one, its largest value.", true, true,
       [](size_t n, bool) { return n == 1; }},
      {"max_unpool1d", "max_unpool1d(input, indices, kernel_size, stride=None, padding=0)",
       "Puts what a max pooling kept back to where it was.", true, false, nullptr, true},
      {"max_unpool2d", "max_unpool2d(input, indices, kernel_size, stride=None, padding=0)",
       "Puts what a max pooling kept back to where it was.", true, false, nullptr, true},
      {"max_unpool3d", "max_unpool3d(input, indices, kernel_size, stride=None, padding=0)",
       "Puts what a max pooling kept back to where it was.", true, false, nullptr, true},
      {"min", "min(a, b)", "The smaller of two tensors; of one, its smallest value.", true, true,
       [](size_t n, bool) { return n == 1; }},
      {"numel", "numel()", "The number of values.", false, true},
      {"ones", "ones(size)", "A tensor of 1.", true, false},
      {"ones_like", "ones_like(self)", "1 for each value.", true, false},
      {"reshape_as", "reshape_as(self, other)", "In the sizes of another tensor.", false, true},
      {"size", "size(dim=None)", "All sizes, or that of one dimension.", false, true},
      {"split", "split(self, split_size, dim=0)", "Pieces of this size, or of those in a list.", true, true},
      {"squeeze", "squeeze(self)", "Without dimensions of size 1.", true, true, [](size_t n, bool) { return n == 1; }},
      {"sum", "sum(list)", "Of all tensors in a list.", true, false,
       [](size_t n, bool list) { return n == 1 && list; }},
      {"t", "t()", "A matrix, turned around.", false, true},
      {"unbind", "unbind(self, dim=0)", "A list of all entries along a dimension.", true, true},
      {"view", "view(self, shape)", "In other sizes.", false, true},
      {"view_as", "view_as(self, other)", "In the sizes of another tensor.", false, true},
      {"zeros", "zeros(size)", "A tensor of 0.", true, false},
      {"zeros_like", "zeros_like(self)", "0 for each value.", true, false}};
  return kAll;
}

const Convenience* findConvenience(std::string_view name) {
  for (const Convenience& c : conveniences())
    if (c.name == name) return &c;
  return nullptr;
}

std::optional<language::Value> Compiler::convenience(const std::string& name, const Arguments& arguments,
                                                     NodeIndex at) {
  const auto form = [&] { return fail(at, fmt::format("write {}", findConvenience(name)->signature)); };
  const auto number = [](int64_t value) { return Argument(Dim(value)); };
  if (name == "zeros" || name == "ones") {
    Arguments given{{"", {}, at}, {"", Item(name == "ones" ? 1.0 : 0.0), at}};
    std::vector<Item> sizes;
    for (const language::Argument& a : arguments)
      if (a.name.empty())
        sizes.push_back(a.value);
      else
        given.push_back(a);
    auto list =
        settle(at, language::listOf(sizes.size() == 1 && sizes[0].list() ? *sizes[0].list() : std::move(sizes)));
    if (!list) return std::nullopt;
    given[0].value = std::move(*list);
    return apply(*findFunction("full"), std::move(given), false, at);
  }
  if (name == "sum") {
    std::optional<Item> total;
    for (const Item& item : *arguments[0].value.list()) {
      total = !total                               ? std::optional(item)
              : entityOf(*total) || entityOf(item) ? operate("+", {*total, item}, at)
                                                   : settle(at, language::binary("+", *total, item));
      if (!total) return std::nullopt;
    }
    return total;
  }
  const Value* x = arguments.empty() ? nullptr : tensorOf(arguments[0].value);
  if (!x) return form();
  if (name == "interpolate") return interpolate(arguments, at);
  if (name.starts_with("max_unpool")) return unpool(name, arguments, at);
  if (name == "chunk" || name == "split" || name == "unbind") return pieces(name, arguments, at);
  if (name == "view") {
    if (arguments.size() < 2) return form();
    return apply(*findFunction("reshape"), arguments, true, at);
  }
  const bool pair = name == "view_as" || name == "reshape_as" || name == "expand_as";
  if (arguments.size() > (pair || name == "size" ? 2u : 1u)) return form();
  if (pair) {
    const Value* other = arguments.size() == 2 ? tensorOf(arguments[1].value) : nullptr;
    if (!other) return form();
    return run(name == "expand_as" ? "expand" : "reshape", {x->id, other->type().shape}, at);
  }
  if (name == "size" && arguments.size() == 2) {
    const auto* dim = arguments[1].value.as<int64_t>();
    const auto rank = static_cast<int64_t>(x->rank());
    if (!dim || *dim < -rank || *dim >= rank)
      return fail(arguments[1].at,
                  fmt::format("there is no such dimension; {} has {}", program::text(x->type().shape), rank));
    return sizeItem(x->dim(static_cast<int>(*dim)));
  }
  if (name == "size") return attribute(arguments[0].value, "shape", at);
  if (name == "dim") return Item(static_cast<int64_t>(x->rank()));
  if (name == "numel") return sizeItem(program::product(x->type().shape));
  if (name == "len") return x->rank() == 0 ? form() : std::optional(sizeItem(x->dim(0)));
  if (name == "contiguous" || name == "clone") return arguments[0].value;
  if (name == "t") return attribute(arguments[0].value, "T", at);
  if (name == "max" || name == "min") return run(name == "max" ? "amax" : "amin", {x->id, Shape{}}, at);
  if (name == "zeros_like" || name == "ones_like")
    return run("full_like", {x->id, name == "ones_like" ? Argument(1.0) : Argument(0.0)}, at);
  if (name == "squeeze") {
    std::optional<Item> result = arguments[0].value;
    for (int i = static_cast<int>(x->rank()) - 1; i >= 0 && result; --i)
      if (tensorOf(*result)->dim(i) == Dim(1)) result = run("squeeze.dim", {tensorOf(*result)->id, number(i)}, at);
    return result;
  }
  const DType dtype = name == "float"    ? DType::Float32
                      : name == "double" ? DType::Float64
                      : name == "int"    ? DType::Int32
                      : name == "long"   ? DType::Int64
                                         : DType::Bool;
  return run("to.dtype", {x->id, dtype}, at);
}

// chunk(x, 3), split(x, 2), split(x, [1, 3]), unbind(x): narrow and select along a dimension of a fixed size.
std::optional<language::Value> Compiler::pieces(const std::string& name, const Arguments& arguments, NodeIndex at) {
  const auto form = [&] { return fail(at, fmt::format("write {}", findConvenience(name)->signature)); };
  const Value x = *tensorOf(arguments[0].value);
  Item count, along(int64_t{0});
  const size_t dimPlace = name == "unbind" ? 1 : 2;
  for (size_t i = 1; i < arguments.size(); ++i) {
    const language::Argument& a = arguments[i];
    if (a.name == "dim" || (a.name.empty() && i == dimPlace))
      along = a.value;
    else if (i == 1 && name != "unbind" && (a.name.empty() || a.name == "chunks" || a.name == "split_size"))
      count = a.value;
    else
      return form();
  }
  const auto rank = static_cast<int64_t>(x.rank());
  const auto* dim = along.as<int64_t>();
  if (!dim || *dim < -rank || *dim >= rank)
    return fail(at, fmt::format("there is no such dimension; {} has {}", program::text(x.type().shape), rank));
  const auto size = x.dim(static_cast<int>(*dim)).constant();
  if (!size)
    return fail(at, fmt::format("a dimension whose size only a batch tells cannot be taken apart; {} has {}",
                                program::text(x.type().shape), x.dim(static_cast<int>(*dim)).text()));
  std::vector<int64_t> lengths;
  if (name == "unbind") {
    lengths.assign(static_cast<size_t>(std::min<int64_t>(*size, 1001)), 1);
  } else if (const auto* list = count.list(); list && name == "split") {
    int64_t total = 0;
    for (const Item& item : *list) {
      const auto* length = item.as<int64_t>();
      if (!length || *length < 0 || *length > *size)
        return fail(at, fmt::format("the pieces must be whole numbers from 0 to {}", *size));
      lengths.push_back(*length);
      total += *length;
      if (total > *size) break;
    }
    if (total != *size) return fail(at, fmt::format("the pieces come to {}, but there are {}", total, *size));
  } else {
    const auto* given = count.as<int64_t>();
    if (!given || *given < 1) return form();
    const int64_t length = name == "split" ? *given : std::max<int64_t>(1, (*size - 1) / *given + 1);
    for (int64_t at_ = 0; at_ < *size && lengths.size() <= 1000; at_ += std::min(length, *size - at_))
      lengths.push_back(std::min(length, *size - at_));
  }
  if (lengths.size() > 1000) return fail(at, "more than 1,000 pieces; use fewer");
  std::vector<Item> items;
  int64_t start = 0;
  for (const int64_t length : lengths) {
    const auto item = name == "unbind" ? run("select.int", {x.id, Dim(*dim), Dim(start)}, at)
                                       : run("narrow", {x.id, Dim(*dim), Dim(start), Dim(length)}, at);
    if (!item) return std::nullopt;
    items.push_back(*item);
    start += length;
  }
  return settle(at, language::listOf(std::move(items)));
}

}  // namespace netwright::layers::expressions
