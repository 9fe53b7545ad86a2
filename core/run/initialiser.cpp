// SPDX-License-Identifier: Apache-2.0
#include "core/run/initialiser.h"

#include <algorithm>

#include "core/run/config.h"

namespace netwright::run {
namespace {

template <class Spec>
const Spec* find(const std::vector<Spec>& specs, const std::string& id) {
  const auto it = std::find_if(specs.begin(), specs.end(), [&](const Spec& s) { return s.id == id; });
  return it == specs.end() ? nullptr : &*it;
}

ParamSpec mean() { return floatParam("mean", 0).withDoc("Middle of the numbers."); }
ParamSpec deviation(double usual) { return floatParam("std", usual).min(0).withDoc("How far they spread."); }
ParamSpec gain() { return floatParam("gain", 1).withDoc("Factor for the function that follows: 1.414 for ReLU."); }

std::vector<ParamSpec> kaiming() {
  return {
      floatParam("a", 0).withDoc("Negative slope of the leaky ReLU that follows."),
      choiceParam("mode", {"fan_in", "fan_out"})
          .withDoc("Keep the size of values on the way forward (fan_in) or of gradients on the way back (fan_out)."),
      choiceParam("nonlinearity", {"leaky_relu", "relu", "tanh", "sigmoid", "selu", "linear"})
          .withDoc("The function that follows.")};
}

std::vector<InitialiserSpec> all() {
  const char* glorot = "Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward networks";
  const char* he = "He et al. 2015, arXiv:1502.01852";
  return {
      {"uniform",
       "Uniform",
       "nn.init.uniform_",
       "Evenly between two bounds.",
       "",
       {floatParam("a", 0).withDoc("Lower bound."), floatParam("b", 1).withDoc("Upper bound.")}},
      {"normal", "Normal", "nn.init.normal_", "Normally distributed.", "", {mean(), deviation(1)}},
      {"trunc_normal",
       "Truncated normal",
       "nn.init.trunc_normal_",
       "Normally distributed; what lies beyond the bounds is drawn again. The start of vision transformers.",
       "",
       {mean(), deviation(1), floatParam("a", -2).withDoc("Lower bound."), floatParam("b", 2).withDoc("Upper bound.")}},
      {"constant",
       "Constant",
       "nn.init.constant_",
       "One value everywhere.",
       "",
       {floatParam("val", 0).withDoc("The value.")}},
      {"ones", "Ones", "nn.init.ones_", "1 everywhere.", "", {}},
      {"zeros", "Zeros", "nn.init.zeros_", "0 everywhere: a branch that begins silent.", "", {}},
      {"eye",
       "Identity",
       "nn.init.eye_",
       "The identity matrix: a linear layer begins by passing its input on.",
       "",
       {},
       2,
       2},
      {"dirac",
       "Dirac",
       "nn.init.dirac_",
       "A convolution begins by passing its channels on.",
       "",
       {intParam("groups", 1).min(1).withDoc("Groups of the convolution.")},
       3,
       5},
      {"xavier_uniform",
       "Xavier uniform",
       "nn.init.xavier_uniform_",
       "Evenly, so that values and gradients keep their size behind tanh and the like.",
       glorot,
       {gain()},
       2},
      {"xavier_normal",
       "Xavier normal",
       "nn.init.xavier_normal_",
       "Normally, so that values and gradients keep their size behind tanh and the like.",
       glorot,
       {gain()},
       2},
      {"kaiming_uniform", "Kaiming uniform", "nn.init.kaiming_uniform_",
       "Evenly, so that values keep their size behind ReLU.", he, kaiming(), 2},
      {"kaiming_normal", "Kaiming normal", "nn.init.kaiming_normal_",
       "Normally, so that values keep their size behind ReLU.", he, kaiming(), 2},
      {"orthogonal",
       "Orthogonal",
       "nn.init.orthogonal_",
       "Rows at right angles: values keep their size through deep linear and recurrent networks.",
       "Saxe et al. 2013, arXiv:1312.6120",
       {gain()},
       2},
      {"sparse",
       "Sparse",
       "nn.init.sparse_",
       "Zeros, but for some normally distributed numbers in each column.",
       "Martens 2010, Deep learning via Hessian-free optimization",
       {floatParam("sparsity", 0.1).min(0).max(1).withDoc("Share of each column that is 0."), deviation(0.01)},
       2,
       2},
      {"lsuv",
       "LSUV",
       "",
       "Orthogonal, then scaled layer by layer until what each puts out for the first batch has variance 1.",
       "Mishkin and Matas 2015, arXiv:1511.06422",
       {floatParam("tolerance", 0.1).above(0).withDoc("How far the variance may stay from 1."),
        intParam("max_iter", 10).min(1).max(100).withDoc("Most corrections of a layer.")},
       2},
  };
}

}  // namespace

const std::vector<InitialiserSpec>& initialisers() {
  static const std::vector<InitialiserSpec> kAll = all();
  return kAll;
}

const InitialiserSpec* findInitialiser(const std::string& id) { return find(initialisers(), id); }

Attributes completeParams(const Initialiser& initialiser) {
  const InitialiserSpec* spec = findInitialiser(initialiser.kind);
  Attributes params = spec ? defaults(spec->params) : Attributes();
  for (const auto& [name, value] : initialiser.params) params[name] = value;
  return params;
}

}  // namespace netwright::run
