// SPDX-License-Identifier: Apache-2.0
#include "core/layers/expressions/binding.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "core/base/text.h"

namespace netwright::layers::expressions {
namespace {

using language::wholeOf;
using Item = language::Value;

constexpr int64_t kMost = std::numeric_limits<int32_t>::max();  // of any whole number: rules multiply a few of them

// A whole number or size; Fixed refuses sizes that only a batch tells.
enum class Sizes { Fixed, Symbolic };

class Binder {
 public:
  Binder(const Function& function, const program::OpInfo& op, const Given& given)
      : function_(function), op_(op), given_(given) {}

  std::variant<std::vector<Argument>, Mismatch> run() {
    if (!distribute()) return mismatch_;
    std::vector<Argument> args;
    for (const program::SchemaArgument& spec : op_.schema.arguments) {
      const auto found = values_.find(spec.name);
      if (found == values_.end()) {
        if (!spec.fallback)
          return fail(nullptr, fmt::format("'{}' is missing; write {}", spec.name, function_.signature()));
        args.push_back(*spec.fallback);
        continue;
      }
      std::optional<Argument> converted = convert(spec, *found->second);
      if (!converted) return mismatch_;
      if (std::find(op_.mutates.begin(), op_.mutates.end(), spec.name) != op_.mutates.end() &&
          !std::holds_alternative<None>(*converted))
        return fail(
            found->second,
            fmt::format("'{}' would be changed in its place, which an expression cannot do; give None", spec.name));
      ++mismatch_.bound;
      args.push_back(std::move(*converted));
    }
    return args;
  }

 private:
  Mismatch fail(const language::Argument* at, std::string why) {
    mismatch_.why = std::move(why);
    mismatch_.at = at ? at->at : language::kNoNode;
    return mismatch_;
  }

  const program::SchemaArgument* find(const std::string& name) const {
    for (const program::SchemaArgument& a : op_.schema.arguments)
      if (a.name == name || (name == "input" && a.name == "self") || (name == "training" && a.name == "train") ||
          (name == "input" && a.name == "indices"))
        return &a;
    return nullptr;
  }

  // Names of arguments that may be given by place.
  std::vector<std::string> places() const {
    if (!function_.places.empty()) return function_.places;
    std::vector<std::string> names;
    const std::string& text = op_.schemaText;
    const size_t star = text.find("*, ");  // what follows is given by name
    for (const program::SchemaArgument& a : op_.schema.arguments) {
      const size_t at = std::min(text.find(" " + a.name + ","),
                                 std::min(text.find(" " + a.name + "="), text.find(" " + a.name + ")")));
      if (star == text.npos || at < star) names.push_back(a.name);
    }
    return names;
  }

  bool isTensor(const Item& item) const {
    const auto* thing = item.as<language::Thing>();
    return thing && std::holds_alternative<Value>(given_.entities[thing->id]);
  }

  // Which argument of the schema each given one is.
  bool distribute() {
    const std::vector<std::string> order = places();
    size_t place = 0;
    const auto& all = given_.arguments;
    for (size_t i = 0; i < all.size(); ++i) {
      const language::Argument& a = all[i];
      if (a.name.empty()) {
        if (place >= order.size()) {
          fail(&a, fmt::format("'{}' takes {} by place, others by name: {}", function_.name,
                               order.size() == 1 ? "one argument" : fmt::format("{} arguments", order.size()),
                               function_.signature()));
          return false;
        }
        const program::SchemaArgument& spec = *find(order[place++]);
        if (gathers(spec, i)) {
          std::vector<Item> rest;
          for (; i < all.size() && all[i].name.empty(); ++i) rest.push_back(all[i].value);
          --i;
          language::Outcome list = language::listOf(std::move(rest));
          if (!list.value) return fail(&a, list.problem), false;
          gathered_ = {"", std::move(*list.value), a.at};
          values_[spec.name] = &gathered_;
        } else {
          values_[spec.name] = &a;
        }
        continue;
      }
      const program::SchemaArgument* spec = find(a.name);
      if (!spec) {
        std::vector<std::string> known;
        for (const program::SchemaArgument& s : op_.schema.arguments) known.push_back(s.name);
        fail(&a, fmt::format("'{}' has no argument '{}'; did you mean '{}'?", function_.name, a.name,
                             nearest(a.name, known)));
        return false;
      }
      if (values_.contains(spec->name)) return fail(&a, fmt::format("'{}' is given twice; delete one", a.name)), false;
      values_[spec->name] = &a;
    }
    return true;
  }

  // x.reshape(2, 3) for x.reshape((2, 3)), and einsum("...", a, b).
  bool gathers(const program::SchemaArgument& spec, size_t i) const {
    const Item& value = given_.arguments[i].value;
    if (value.list() || value.as<None>()) return false;
    if (spec.type == "Tensor[]") return function_.variadic;
    return given_.isMethod && (spec.type == "int[]" || spec.type == "SymInt[]");
  }

  std::string described(const Item& item) const {
    const auto* thing = item.as<language::Thing>();
    if (!thing) return item.as<std::string>() || wholeOf(item) ? language::shown(item) : language::typeName(item);
    const Entity& e = given_.entities[thing->id];
    if (const auto* size = std::get_if<Dim>(&e))
      return fmt::format("the size {}, which only a batch tells", size->text());
    if (std::holds_alternative<DType>(e)) return "a data type";
    if (std::holds_alternative<program::TrainingFlag>(e)) return "self.training";
    if (std::holds_alternative<Weight>(e))
      return "a weight without a name; give it one in a line of its own: w = param(...)";
    return std::holds_alternative<Start>(e) ? "a way to begin a weight" : "a tensor";
  }

  std::nullopt_t refuse(const program::SchemaArgument& spec, const language::Argument& a, const std::string& wanted) {
    fail(&a, fmt::format("'{}' of '{}' is {}, not {}", spec.name, function_.name, wanted, described(a.value)));
    return std::nullopt;
  }

  std::optional<Dim> size(const Item& item, Sizes sizes) const {
    if (item.as<bool>()) return std::nullopt;
    if (const auto whole = wholeOf(item))
      return *whole > kMost || *whole < -kMost ? std::nullopt : std::optional(Dim(*whole));
    const auto* thing = item.as<language::Thing>();
    const Dim* dim = thing ? std::get_if<Dim>(&given_.entities[thing->id]) : nullptr;
    return dim && sizes == Sizes::Symbolic ? std::optional(*dim) : std::nullopt;
  }
  static bool isTooLarge(const Item& item) {
    const auto whole = wholeOf(item);
    return whole && (*whole > kMost || *whole < -kMost);
  }

  std::optional<Argument> convert(const program::SchemaArgument& spec, const language::Argument& a) {
    std::string type = spec.type;
    if (a.value.as<None>()) {
      if (type.back() == '?') return Argument(None{});
      return refuse(spec, a, wanted(type));
    }
    if (type.back() == '?') type.pop_back();
    if (isTooLarge(a.value)) {
      fail(&a, fmt::format("{} is too large; whole numbers in calls lie between {} and {}", language::shown(a.value),
                           -kMost, kMost));
      return std::nullopt;
    }
    if (type == "Tensor") return tensor(spec, a);
    if (type == "Tensor[]") return tensors(spec, a);
    if (type.starts_with("int[") || type.starts_with("SymInt[")) return sizes(spec, a, type);
    if (type == "int" && spec.name == "reduction") return reduction(spec, a);
    if (type == "int" || type == "SymInt") {
      const auto dim = size(a.value, type == "int" ? Sizes::Fixed : Sizes::Symbolic);
      return dim ? std::optional(Argument(*dim)) : refuse(spec, a, wanted(type));
    }
    if (type == "bool") {
      if (const auto* flag = a.value.as<bool>()) return Argument(*flag);
      if (entityIs<program::TrainingFlag>(a.value)) return Argument(program::TrainingFlag{});
      return refuse(spec, a, wanted(type));
    }
    if (type == "float") {
      const auto real = a.value.as<bool>() ? std::nullopt : language::realOf(a.value);
      return real ? std::optional(Argument(*real)) : refuse(spec, a, wanted(type));
    }
    if (type == "Scalar") {
      if (const auto* flag = a.value.as<bool>()) return Argument(Dim(*flag ? 1 : 0));
      if (const auto* real = a.value.as<double>()) return Argument(*real);
      const auto whole = size(a.value, Sizes::Fixed);
      return whole ? std::optional(Argument(*whole)) : refuse(spec, a, wanted(type));
    }
    if (type == "str") {
      const auto* text = a.value.as<std::string>();
      return text ? std::optional(Argument(*text)) : refuse(spec, a, wanted(type));
    }
    if (type == "ScalarType") {
      const auto* thing = a.value.as<language::Thing>();
      const DType* dtype = thing ? std::get_if<DType>(&given_.entities[thing->id]) : nullptr;
      return dtype ? std::optional(Argument(*dtype)) : refuse(spec, a, wanted(type));
    }
    fail(&a, fmt::format("'{}' cannot be set here; it is chosen for the run", spec.name));
    return std::nullopt;
  }

  static std::string wanted(const std::string& type) {
    static const std::map<std::string, std::string> kWords{{"Tensor", "a tensor"},
                                                           {"Tensor[]", "a list of tensors"},
                                                           {"bool", "True or False"},
                                                           {"float", "a number"},
                                                           {"Scalar", "a number"},
                                                           {"str", "a text"},
                                                           {"ScalarType", "a data type, as torch.float32"},
                                                           {"int", "a whole number"},
                                                           {"SymInt", "a whole number"}};
    const std::string bare = type.back() == '?' ? type.substr(0, type.size() - 1) : type;
    const auto it = kWords.find(bare);
    return it == kWords.end() ? "a list of whole numbers" : it->second;
  }

  template <class T>
  bool entityIs(const Item& item) const {
    const auto* thing = item.as<language::Thing>();
    return thing && std::holds_alternative<T>(given_.entities[thing->id]);
  }

  std::optional<program::ValueId> tensorOf(const Item& item) const {
    if (isTensor(item)) return std::get<Value>(given_.entities[item.as<language::Thing>()->id]).id;
    if (given_.asTensor && (language::realOf(item))) return given_.asTensor(item).id;
    return std::nullopt;
  }

  std::optional<Argument> tensor(const program::SchemaArgument& spec, const language::Argument& a) {
    const auto id = tensorOf(a.value);
    return id ? std::optional(Argument(*id)) : refuse(spec, a, wanted(spec.type));
  }

  std::optional<Argument> tensors(const program::SchemaArgument& spec, const language::Argument& a) {
    if (!a.value.list()) return refuse(spec, a, wanted(spec.type));
    std::vector<program::ValueId> ids;
    for (const Item& item : *a.value.list()) {
      if (!isTensor(item)) return refuse(spec, {"", item, a.at}, "a list of tensors");
      ids.push_back(*tensorOf(item));
    }
    if (ids.empty()) {
      fail(&a, fmt::format("'{}' of '{}' needs one tensor at least", spec.name, function_.name));
      return std::nullopt;
    }
    return Argument(std::move(ids));
  }

  std::optional<Argument> sizes(const program::SchemaArgument& spec, const language::Argument& a,
                                const std::string& type) {
    const size_t open = type.find('[');
    const size_t length = type[open + 1] == ']' ? 0 : static_cast<size_t>(type[open + 1] - '0');
    const Sizes allowed = type.starts_with("Sym") ? Sizes::Symbolic : Sizes::Fixed;
    const std::vector<Item> single(std::max<size_t>(1, length), a.value);
    const bool alone = !a.value.list() && length > 0;
    if (!a.value.list() && !alone) return refuse(spec, a, "a list of whole numbers");
    Shape all;
    for (const Item& item : alone ? single : *a.value.list()) {
      const auto dim = size(item, allowed);
      if (!dim && isTooLarge(item)) {
        fail(&a, fmt::format("{} is too large; whole numbers in calls lie between {} and {}", language::shown(item),
                             -kMost, kMost));
        return std::nullopt;
      }
      if (!dim) return refuse(spec, {"", item, a.at}, "made of whole numbers");
      all.push_back(*dim);
    }
    return Argument(std::move(all));
  }

  std::optional<Argument> reduction(const program::SchemaArgument& spec, const language::Argument& a) {
    const auto* text = a.value.as<std::string>();
    for (const auto& [word, number] : {std::pair{"none", 0}, {"mean", 1}, {"sum", 2}})
      if (text && *text == word) return Argument(Dim(number));
    return refuse(spec, a, "\"none\", \"mean\" or \"sum\"");
  }

  const Function& function_;
  const program::OpInfo& op_;
  const Given& given_;
  std::map<std::string, const language::Argument*> values_;
  language::Argument gathered_;
  Mismatch mismatch_;
};

}  // namespace

std::variant<std::vector<Argument>, Mismatch> bind(const Function& function, const program::OpInfo& op,
                                                   const Given& given) {
  return Binder(function, op, given).run();
}

}  // namespace netwright::layers::expressions
