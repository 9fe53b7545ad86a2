// SPDX-License-Identifier: Apache-2.0
#include "core/program/catalogue.h"

#include <algorithm>
#include <cassert>

#include "core/program/shape_rules.h"

namespace netwright::program {

bool OpCall::knows(const char* name) const {
  return std::any_of(schema_.arguments.begin(), schema_.arguments.end(),
                     [&](const SchemaArgument& a) { return a.name == name; });
}

bool OpCall::has(const char* name) const { return std::holds_alternative<ValueId>(argument(name)); }

bool OpCall::given(const char* name) const { return !std::holds_alternative<None>(argument(name)); }

const TensorType& OpCall::tensor(const char* name) const {
  const ValueType& type = types_[schema_.index(name)];
  assert(type.isTensor() && "shape rules see known tensors only");
  return type.tensor();
}

const std::vector<TensorType>& OpCall::list(const char* name) const { return types_[schema_.index(name)].tensors; }

Shape OpCall::ints(const char* name) const {
  if (const auto* list = std::get_if<Shape>(&argument(name))) return *list;
  return {std::get<Dim>(argument(name))};
}

int64_t OpCall::integer(const char* name) const { return std::get<Dim>(argument(name)).constant().value(); }
double OpCall::number(const char* name) const {
  if (const auto* d = std::get_if<double>(&argument(name))) return *d;
  return static_cast<double>(integer(name));
}
bool OpCall::isWhole(const char* name) const { return std::holds_alternative<Dim>(argument(name)); }
bool OpCall::flag(const char* name) const { return std::get<bool>(argument(name)); }
std::string OpCall::text(const char* name) const { return std::get<std::string>(argument(name)); }

std::optional<DType> OpCall::dtype(const char* name) const {
  const auto* type = std::get_if<DType>(&argument(name));
  return type ? std::optional(*type) : std::nullopt;
}

void OpCall::fail(std::string code, std::map<std::string, std::string> args) {
  failureCode = std::move(code);
  failureArgs = std::move(args);
}

bool OpCall::requireEqual(const Dim& a, const Dim& b, std::string code, std::map<std::string, std::string> args) {
  const Answer answer = a.equals(b);
  if (answer == Answer::No) fail(std::move(code), std::move(args));
  if (answer == Answer::Unknown) guards.push_back({a, b, std::move(code), std::move(args)});
  return answer != Answer::No;
}

const std::map<std::string, OpInfo>& catalogue() {
  static const std::map<std::string, OpInfo> kCatalogue = [] {
    std::map<std::string, OpInfo> all;
    for (std::vector<OpInfo>& family : ops::builtinOps())
      for (OpInfo& info : family) {
        info.schema = parseSchema(info.schemaText);
        std::string id = info.id();
        [[maybe_unused]] const bool fresh = all.emplace(std::move(id), std::move(info)).second;
        assert(fresh && "two rows have one schema");
      }
    return all;
  }();
  return kCatalogue;
}

const OpInfo& opInfo(const std::string& id) {
  const auto it = catalogue().find(id);
  assert(it != catalogue().end() && "the catalogue has no such op");
  return it->second;
}

}  // namespace netwright::program
