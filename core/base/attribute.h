// SPDX-License-Identifier: Apache-2.0
// A parameter's value as the user sets it: what forms edit, files store and layers read.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace netwright {

struct None {  // PyTorch's None
  bool operator==(const None&) const = default;
};
struct Auto {  // "take it from the wire": inferred parameters
  bool operator==(const Auto&) const = default;
};

// Computed from the project's variables and a block's parameters when the network is built: "channels * 4"
// (core/language/scalar.h says what may stand there).
struct Formula {
  std::string text;
  bool operator==(const Formula&) const = default;
};

using Attribute =
    std::variant<None, Auto, bool, int64_t, double, std::string, std::vector<int64_t>, std::vector<double>, Formula>;
using Attributes = std::map<std::string, Attribute>;

// JSON: null, "auto", true, 3, 0.5, "text", [1, 2], [0.5, 1.0], {"formula": "channels * 4"}. The word "auto" is
// reserved and never a text value.
nlohmann::ordered_json toJson(const Attribute& value);
// Throws Error{Input} for what no attribute can hold (other objects, lists of texts), naming `what`.
Attribute attributeFromJson(const nlohmann::ordered_json& json, const std::string& what);
bool isAttribute(const nlohmann::ordered_json& json);  // whether attributeFromJson takes it
// A list of numbers, also from whole ones or a single one; nullopt for anything else.
std::optional<std::vector<double>> numbers(const Attribute& value);
// As a person writes it: "auto", "3", "0.5", "(3, 3)", "none", "=channels * 4".
std::string toText(const Attribute& value);

}  // namespace netwright
