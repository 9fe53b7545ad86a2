// SPDX-License-Identifier: Apache-2.0
// What a parameter is: name, kind, default, range, unit and words. Forms, files, CLI flags, help and checks are made
// from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/attribute.h"

namespace netwright {

// Int, Float, Bool, Choice (one of `choices`), Text; IntList accepts a single whole number too and, with `length`,
// expands it (kernel_size 3 means (3, 3)); Int and IntList with `choices` accept one of these words too; FloatList
// accepts whole numbers too; Inferred is a whole number that the wires tell: `auto` by default, or pinned.
enum class ParamKind { Int, Float, Bool, Choice, Text, IntList, FloatList, Inferred };

struct ParamSpec {
  std::string name;  // as in PyTorch
  ParamKind kind = ParamKind::Int;
  Attribute fallback;  // the default
  std::optional<double> minimum, maximum;
  bool minimumExclusive = false;
  bool nullable = false;  // None is legal
  size_t length = 0;      // IntList, FloatList: required length, 0 = any
  std::vector<std::string> choices;
  std::string unit;
  std::string doc;    // one sentence
  bool main = false;  // shown and editable in the node itself

  ParamSpec& min(double v) {
    minimum = v;
    return *this;
  }
  ParamSpec& above(double v) {
    minimum = v;
    minimumExclusive = true;
    return *this;
  }
  ParamSpec& max(double v) {
    maximum = v;
    return *this;
  }
  ParamSpec& orNone() {
    nullable = true;
    return *this;
  }
  ParamSpec& orWord(std::vector<std::string> words) {
    choices = std::move(words);
    return *this;
  }
  // The default is none.
  ParamSpec& noneByDefault() {
    nullable = true;
    fallback = None{};
    return *this;
  }
  ParamSpec& withUnit(std::string v) {
    unit = std::move(v);
    return *this;
  }
  ParamSpec& withDoc(std::string v) {
    doc = std::move(v);
    return *this;
  }
  ParamSpec& asMain() {
    main = true;
    return *this;
  }

  bool operator==(const ParamSpec&) const = default;

  // nullopt if legal, else what is wrong, as the end of a sentence: "must be at least 1 but is 0". A formula is legal:
  // what it comes to is checked when the network is built.
  std::optional<std::string> problem(const Attribute& value) const;
  // Reads what a person typed ("3", "3, 3", "auto", "true", "=channels * 4"); throws Error{Input} with the reason.
  Attribute parse(const std::string& text) const;
};

Attributes defaults(const std::vector<ParamSpec>& specs);

ParamSpec intParam(std::string name, int64_t fallback);
ParamSpec floatParam(std::string name, double fallback);
ParamSpec boolParam(std::string name, bool fallback);
ParamSpec textParam(std::string name, std::string fallback);
ParamSpec choiceParam(std::string name, std::vector<std::string> choices);  // the first is the default
ParamSpec intListParam(std::string name, std::vector<int64_t> fallback, size_t length = 0);
ParamSpec floatListParam(std::string name, std::vector<double> fallback);
ParamSpec inferredParam(std::string name);

}  // namespace netwright
