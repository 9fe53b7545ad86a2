// SPDX-License-Identifier: Apache-2.0
// Which layers are a module of torch.nn, and how it is made and called: those whose torchName says so, but for a few
// that PyTorch calls otherwise. A layer without a row is written op by op. Used by model_source.cpp and by whoever
// writes losses.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/layers/layer_spec.h"

namespace netwright::convert::pytorch {

// The line of forward() that calls a module, while it is written.
class Call {
 public:
  virtual ~Call() = default;
  virtual const std::string& module() const = 0;       // "self.lstm1"
  virtual bool has(const char* port) const = 0;        // the input has a wire
  virtual std::string in(const char* port) const = 0;  // the variable that holds the input
  // A variable for the output, "_" if nothing reads it. No input may be asked for after this.
  virtual std::string out(const char* port) = 0;
  virtual const Attribute& param(const char* name) const = 0;
  virtual void line(const std::string& text) = 0;
};

struct ModuleRow {
  std::string layer;                     // id in the registry; its torchName is the module
  size_t needed = 0;                     // leading parameters that are always given; the others where they differ
  bool byName = false;                   // all are given by name, else the needed ones by place
  const char* more = "";                 // further arguments
  std::vector<std::string> inCall = {};  // parameters that the call reads instead
  void (*call)(Call&) = nullptr;         // null: all inputs in, the outputs out
  std::map<std::string, std::string> sameAs = {};  // parameters left out where they equal another one
  // With these parameters and these ports wired; null: always.
  bool (*fits)(const Attributes& params, const std::set<std::string>& ports) = nullptr;
};
const ModuleRow* findRow(const std::string& layer);  // null: none

// An argument of a module's constructor.
struct Setting {
  std::string param;       // of the layer; empty: not one of its own
  std::string value;       // as Python prints it
  bool named = false;      // given by name
  bool isDefault = false;  // may be left out
};
struct Construction {
  std::string before, after;  // "nn.Conv2d(", ")"
  std::vector<Setting> settings = {};
};
// `params` is complete, with numbers instead of `auto`.
Construction constructionOf(const layers::LayerSpec& layer, const ModuleRow& row, const Attributes& params);
// "nn.Conv2d(1, 32, 3, padding=1)".
std::string construction(const layers::LayerSpec& layer, const ModuleRow& row, const Attributes& params);

std::string number(double value);  // as Python prints it: "0.5", "1.0", "1e-05"

}  // namespace netwright::convert::pytorch
