// SPDX-License-Identifier: Apache-2.0
// How parameters may begin, as people choose it: those of torch.nn.init, with their names and defaults, and LSUV; the
// engine draws them (core/engine/beginnings). Torch-free; used by settings, forms, files and exports.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "core/base/param_spec.h"

namespace netwright::run {

struct Initialiser;
struct Regulariser;

struct InitialiserSpec {
  std::string id, title, torchName, doc;  // torchName: empty where PyTorch has no such function
  std::string source;                     // the paper
  std::vector<ParamSpec> params;
  // Dimensions that a parameter must have; those with others keep what their layers say.
  size_t lowest = 0, highest = std::numeric_limits<size_t>::max();

  bool fits(size_t dimensions) const { return dimensions >= lowest && dimensions <= highest; }
};
const std::vector<InitialiserSpec>& initialisers();
const InitialiserSpec* findInitialiser(const std::string& id);
// The parameters with defaults filled in.
Attributes completeParams(const Initialiser& initialiser);

// What an objective may add for its parameters.
struct RegulariserSpec {
  std::string id, title, doc, formula;
  std::string source;
};
const std::vector<RegulariserSpec>& regularisers();
const RegulariserSpec* findRegulariser(const std::string& id);

// As people type them: "orthogonal, kaiming_normal(mode=fan_out):conv*.weight" and "l2:1e-4, l1:*.bias:0.01"; the
// pattern of the parameters may be left out: it is *.weight then. Reading throws Error{Input} with the reason.
std::string initialisersText(const std::vector<Initialiser>& all);
std::vector<Initialiser> initialisersFromText(const std::string& text);
std::string regularisersText(const std::vector<Regulariser>& all);
std::vector<Regulariser> regularisersFromText(const std::string& text);

}  // namespace netwright::run
