// SPDX-License-Identifier: Apache-2.0
// Functions and methods: those of the catalogue by its schemas, and a few that PyTorch has beside its ops.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/language/functions.h"
#include "core/layers/expressions/compiler.h"
#include "core/layers/expressions/conveniences.h"
#include "core/layers/expressions/weights.h"

namespace netwright::layers::expressions {

using language::NodeIndex;
using Arguments = std::vector<language::Argument>;

namespace {

// Functions in which a number may stand for a tensor, as in PyTorch.
bool takesNumbers(const std::string& name) {
  static constexpr std::array<std::string_view, 6> kNames{"where", "fmod", "remainder", "div", "pow", "xlogy"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// Functions that look at a list and not into its items.
bool isAboutItems(const std::string& name) {
  static constexpr std::array<std::string_view, 6> kNames{"len", "list", "tuple", "enumerate", "zip", "reversed"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

}  // namespace

std::vector<std::string> Compiler::functionNames() const {
  std::vector<std::string> names = Interpreter::functionNames();
  for (const Function& f : functions()) names.push_back(f.name);
  for (const Convenience& c : conveniences()) names.push_back(c.name);
  names.push_back("param");
  return names;
}

std::optional<language::Value> Compiler::callFunction(const std::string& spelled, const Arguments& arguments,
                                                      NodeIndex at) {
  const Path path = pathOf(spelled);
  const NodeIndex name = node(at).children[0];
  if (path.module.empty() && path.name == "param") return makeWeight(arguments, at);
  if (path.module.empty() && isStart(path.name) && path.name != "zeros" && path.name != "ones")
    return makeStart(path.name, arguments, at);
  const bool plain = path.module.empty() && language::findFunction(path.name);
  const bool byItems = plain && isAboutItems(path.name) && !arguments.empty() && arguments[0].value.list();
  if (byItems || (plain && !holdsThing(arguments))) {
    if (language::findFunction("math." + path.name)) edit(name, "math." + path.name);
    return Interpreter::callFunction(spelled, arguments, at);
  }
  const Convenience* own = findConvenience(path.name);
  if (own && own->isFunction && path.module != (own->inF ? "torch." : "F."))
    if (!own->fits || own->fits(arguments.size(), !arguments.empty() && arguments[0].value.list())) {
      if (path.module.empty() && path.name != "len" && path.name != "sum")
        edit(name, (own->inF ? "F." : "torch.") + path.name);
      return convenience(path.name, arguments, at);
    }
  const Function* function = findFunction(path.name);
  if (!function) {
    if (plain)
      return fail(at, fmt::format("'{}' does not take tensors here; write {}", path.name,
                                  language::findFunction(path.name)->signature));
    return fail(name, unknown("function", path.module + path.name, functionNames()));
  }
  const bool wrong = (path.module == "torch." && !function->inTorch) || (path.module == "F." && !function->inF);
  if (wrong || (!function->inTorch && !function->inF))
    return fail(name, function->inTorch || function->inF
                          ? fmt::format("'{}' is not in {}; write {}{}", path.name,
                                        path.module.substr(0, path.module.size() - 1), function->module(), path.name)
                          : fmt::format("'{}' is a method of tensors; write x.{}", path.name, function->signature()));
  if (path.module.empty()) edit(name, function->module() + path.name);
  if (arguments.size() == 2 && (path.name == "max" || path.name == "min") && tensorOf(arguments[0].value) &&
      tensorOf(arguments[1].value))
    return run(path.name == "max" ? "maximum" : "minimum",
               {tensorOf(arguments[0].value)->id, tensorOf(arguments[1].value)->id}, at);
  return apply(*function, arguments, false, at);
}

std::optional<language::Value> Compiler::callMethod(const Item& object, const std::string& name, const Arguments& given,
                                                    NodeIndex at) {
  const NodeIndex place = node(at).children[0];
  if (!tensorOf(object)) {
    if (object.list() && (name == "append" || name == "extend"))
      return fail(place, "a list cannot be changed; make a new one: a = a + [b]");
    return fail(place, fmt::format("{} has no method '{}'", describe(object), name));
  }
  Arguments arguments{{"", object, node(place).children[0]}};
  arguments.insert(arguments.end(), given.begin(), given.end());
  if (const Convenience* own = findConvenience(name); own && own->isMethod)
    if (!own->fits || own->fits(arguments.size(), false)) return convenience(name, arguments, at);
  const Function* function = findFunction(name);
  if (function && function->isMethod) return apply(*function, std::move(arguments), true, at);
  if (function)
    return fail(place, fmt::format("'{}' is no method of tensors; write {}{}", name, function->module(),
                                   function->signature()));
  if (name == "item" || name == "tolist" || name == "numpy")
    return fail(place, fmt::format("what '{}' gives is only known while it is computed; go on with tensors", name));
  std::vector<std::string> methods;
  for (const Function& f : functions())
    if (f.isMethod) methods.push_back(f.name);
  for (const Convenience& c : conveniences())
    if (c.isMethod) methods.push_back(c.name);
  if (name.ends_with("_") && findFunction(name.substr(0, name.size() - 1)))
    return fail(place, fmt::format("'{}' would change a tensor in its place; write x = x.{}(...)", name,
                                   name.substr(0, name.size() - 1)));
  return fail(place, unknown("method", name, methods));
}

std::optional<language::Value> Compiler::attribute(const Item& object, const std::string& name, NodeIndex at) {
  const Value* tensor = tensorOf(object);
  if (!tensor) {
    const auto* list = object.list();
    const bool pair = list && list->size() == 2 && tensorOf((*list)[0]) && tensorOf((*list)[1]);
    if (pair && (name == "values" || name == "indices")) return (*list)[name == "indices"];
    return fail(at, fmt::format("{} has no attribute '{}'", describe(object), name));
  }
  const int64_t rank = static_cast<int64_t>(tensor->rank());
  if (name == "shape") {
    std::vector<Item> sizes;
    for (const Dim& size : tensor->type().shape) sizes.push_back(sizeItem(size));
    return settle(at, language::listOf(std::move(sizes)));
  }
  if (name == "ndim") return Item(rank);
  if (name == "dtype") return thing(tensor->type().dtype);
  if (name == "T" || name == "mT") {
    if (rank == 2 || (name == "mT" && rank > 2)) return run("transpose.int", {tensor->id, Dim(-2), Dim(-1)}, at);
    return fail(at, fmt::format("'{}' turns a tensor of {}2 dimensions around, but this one has {}; use permute", name,
                                name == "T" ? "" : "at least ", rank));
  }
  return fail(at, unknown("attribute", name, {"shape", "ndim", "dtype", "T", "mT"}));
}

// The overload whose arguments fit; numbers stand for tensors only where no other fits.
std::optional<language::Value> Compiler::apply(const Function& function, Arguments arguments, bool isMethod,
                                               NodeIndex at) {
  Mismatch best;
  for (const bool lenient : {false, true}) {
    if (lenient && !takesNumbers(function.name)) break;
    for (const program::OpInfo* op : function.overloads) {
      Given given{entities_, arguments, isMethod, nullptr};
      if (lenient) given.asTensor = [&](const Item& number) { return numberTensor(number, at); };
      auto bound = bind(function, *op, given);
      if (auto* args = std::get_if<std::vector<Argument>>(&bound)) {
        auto result = run(*op, std::move(*args), at);
        return result && function.onlyFirst && result->list() ? result->list()->front() : result;
      }
      Mismatch& mismatch = std::get<Mismatch>(bound);
      if (best.why.empty() || (!lenient && mismatch.bound > best.bound)) best = std::move(mismatch);
    }
  }
  return fail(best.at == language::kNoNode ? at : best.at, std::move(best.why));
}

// --- weights
std::optional<language::Value> Compiler::makeStart(const std::string& name, const Arguments& arguments, NodeIndex at) {
  const StartSpec* spec = &startSpec(name);
  Start start{name, spec->defaults};
  size_t place = 0, needed = 0;  // of those that are required, how many are given
  for (const language::Argument& a : arguments) {
    const auto value = language::realOf(a.value);
    if (!value) return fail(a.at, fmt::format("'{}' takes numbers: {}", name, spec->signature));
    size_t i = place++;
    if (!a.name.empty()) {
      const std::vector<std::string> known = numberNames(*spec);
      i = static_cast<size_t>(std::find(known.begin(), known.end(), a.name) - known.begin());
    }
    if (i >= start.numbers.size()) return fail(a.at, fmt::format("too much is given; write {}", spec->signature));
    start.numbers[i] = *value;
    if (i < spec->required) ++needed;
  }
  if (needed < spec->required) return fail(at, fmt::format("the number is missing; write {}(0.5)", name));
  return thing(start);
}

std::optional<language::Value> Compiler::makeWeight(const Arguments& arguments, NodeIndex at) {
  constexpr const char* kForm = "write w = param(out, in_, init=xavier)";
  Weight weight;
  const auto size = [&](const Item& item, NodeIndex place) {
    const auto* number = item.as<int64_t>();
    if (number && *number >= 1 && *number <= kMaxElements) {
      weight.shape.emplace_back(*number);
      return true;
    }
    fail(place, number ? fmt::format("a size of a weight is at least 1 and at most {}, but {} is given",
                                     grouped(kMaxElements), *number)
                       : fmt::format("a size of a weight is a fixed whole number, not {}; {}", describe(item), kForm));
    return false;
  };
  for (const language::Argument& a : arguments) {
    if (a.name == "init") {
      const Entity* entity = entityOf(a.value);
      const auto* text = a.value.as<std::string>();
      if (entity && std::holds_alternative<Start>(*entity)) {
        weight.start = std::get<Start>(*entity);
      } else if (text && isStart(*text)) {
        weight.start = {*text, {}};
      } else if (const auto number = language::realOf(a.value)) {
        weight.start = {"constant", {*number}};
      } else {
        std::vector<std::string> known;
        for (const StartSpec& s : starts()) known.push_back(s.name);
        return fail(a.at, fmt::format("'init' is one of {}, or a number", joined(known, ", ")));
      }
      const StartSpec& spec = startSpec(weight.start.name);
      if (weight.start.numbers.size() < spec.required)
        return fail(a.at, fmt::format("the number is missing; write init={}(0.5)", spec.name));
      if (weight.start.numbers.empty()) weight.start.numbers = spec.defaults;
    } else if (!a.name.empty()) {
      return fail(a.at, fmt::format("'param' has no argument '{}'; {}", a.name, kForm));
    } else if (const auto* list = a.value.list()) {
      for (const Item& item : *list)
        if (!size(item, a.at)) return std::nullopt;
    } else if (!size(a.value, a.at)) {
      return std::nullopt;
    }
  }
  if (weight.shape.empty()) return fail(at, fmt::format("the sizes of the weight are missing; {}", kForm));
  if (program::product(weight.shape).constant().value() > kMaxElements)
    return fail(at, fmt::format("a weight of {} would have more than {} numbers", program::text(weight.shape),
                                grouped(kMaxElements)));
  return thing(std::move(weight));
}

std::optional<language::Value> Compiler::nameWeight(const std::string& slot, const Weight& weight, NodeIndex target) {
  if (!slots_.insert(slot).second)
    return fail(
        target,
        fmt::format("the weight '{}' is made twice; make a list of weights: {}s = [param(...) for i in range(n)]", slot,
                    slot));
  std::vector<int64_t> sizes = *program::constants(weight.shape);
  Initialiser initialiser;
  if (weight.start.name.empty()) {  // as Linear begins its weight
    int64_t fanIn = 1;
    for (size_t i = 1; i < sizes.size(); ++i) fanIn *= sizes[i];
    initialiser = sizes.size() > 1 ? init::kaimingUniform(fanIn) : init::zeros();
  } else {
    auto made = initialiserOf(weight.start, sizes);
    if (const auto* why = std::get_if<std::string>(&made)) return fail(target, *why);
    initialiser = std::get<Initialiser>(std::move(made));
  }
  return thing(lowering_.parameter(slot.c_str(), weight.shape, initialiser));
}

}  // namespace netwright::layers::expressions
