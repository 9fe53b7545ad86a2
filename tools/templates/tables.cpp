// SPDX-License-Identifier: Apache-2.0
// Networks for tables and points.
#include "tools/templates/sketch.h"

namespace netwright::templates {
namespace {

using Ints = std::vector<int64_t>;
using Text = std::string;

int64_t i(int64_t value) { return value; }

data::TransformConfig fill() { return {"impute", {{"strategy", Text("median")}}, ""}; }
data::TransformConfig standardize(const Attributes& params = {}) { return {"standardize", params, ""}; }

Sketch diabetes() {
  Sketch s("diabetes", "Diabetes regression",
           "A number from a table: how far diabetes goes on in a year, from ten measurements. Features and target are "
           "standardised, so errors are in standard deviations.");
  s.project.data.source = "csv";
  s.project.data.path = "builtin:diabetes";
  s.project.data.params = {{"target", Text("progression")}};
  s.project.data.transforms = {standardize({{"columns", Text("all")}})};
  s.project.data.validation = 0.15;
  s.project.data.test = 0.2;
  s.node("input", "x", {{"shape", Ints{10}}})
      .node("linear", "fc1", {{"out_features", i(16)}})
      .node("relu", "relu1")
      .at(0, 1)
      .node("linear", "fc2", {{"out_features", i(1)}})
      .node("output", "estimate");
  s.note(
      "## A number, not a class\n"
      "**Regression**: the last layer has one output without activation, and the loss is the mean squared error. The "
      "data "
      "is small (442 patients) and noisy, so the network is small too; R² near 0.5 is as good as any method gets. "
      "Watch the "
      "validation loss: it rises when the network begins to learn patients by heart.\n\n"
      "Data: B. Efron et al., *Least angle regression*, Annals of Statistics 32, 2004.",
      196, 3);
  s.trains("mse", {"mae", "r2"}, 0.003, 40, 32);
  return s;
}

Sketch penguins() {
  Sketch s(
      "penguins", "Penguins",
      "The species of a penguin from a table with categories and missing values, which are filled in, one-hot encoded "
      "and standardised.");
  s.project.data.source = "csv";
  s.project.data.path = "builtin:penguins";
  s.project.data.params = {{"ignore", Text("year")}, {"target", Text("species")}};
  s.project.data.transforms = {fill(), standardize()};
  s.project.data.validation = 0.15;
  s.project.data.test = 0.2;
  s.project.data.split = data::SplitMode::Stratified;
  s.node("input", "x", {{"shape", Ints{10}}})
      .node("linear", "fc1", {{"out_features", i(32)}})
      .node("relu", "relu1")
      .at(0, 1)
      .node("linear", "fc2", {{"out_features", i(3)}})
      .node("output", "kind");
  s.note(
      "## A table\n"
      "Numbers are standardised, missing ones filled in with the median, and each category becomes one feature for "
      "each of "
      "its values (*one-hot*): ten numbers for each penguin. A hidden layer and a score for each species are enough. "
      "All that "
      "the steps learn comes from the training samples alone.\n\n"
      "Data: K. Gorman et al., *Ecological sexual dimorphism*, PLoS ONE 9, 2014.",
      196, 3);
  s.trains("cross_entropy", {"accuracy"}, 0.01, 30, 16);
  return s;
}

Sketch penguinsEmbedding() {
  Sketch s("penguins-embedding", "Penguins with embeddings",
           "A table whose categories are not spread into zeros and ones: each island and each sex has a vector that is "
           "learned, beside the numbers.");
  s.project.data.source = "csv";
  s.project.data.path = "builtin:penguins";
  s.project.data.params = {{"ignore", Text("year")}, {"target", Text("species")}, {"encode", Text("index")}};
  s.project.data.transforms = {fill(), standardize()};
  s.project.data.validation = 0.15;
  s.project.data.test = 0.2;
  s.project.data.split = data::SplitMode::Stratified;
  s.node("input", "x", {{"shape", Ints{4}}})
      .at(0, 1)
      .node("input", "island", {{"shape", Ints{}}, {"dtype", Text("int64")}})
      .node("embedding", "island_table", {{"num_embeddings", i(3)}, {"embedding_dim", i(2)}})
      .at(0, 2)
      .node("input", "sex", {{"shape", Ints{}}, {"dtype", Text("int64")}})
      .node("embedding", "sex_table", {{"num_embeddings", i(3)}, {"embedding_dim", i(2)}})
      .at(2, 1)
      .node("concat", "row", {{"dim", i(1)}}, {"x", "island_table", "sex_table"})
      .node("batch_norm1d", "norm")
      .at(2, 2)
      .node("linear", "fc1", {{"out_features", i(32)}}, {"norm"})
      .node("relu", "relu1")
      .at(2, 3)
      .node("linear", "fc2", {{"out_features", i(3)}}, {"relu1"})
      .node("output", "species");
  s.note(
      "## Categories as vectors\n"
      "Each category enters as a number, and an **Embedding** looks up a vector for it that is trained with the "
      "network: "
      "values that mean alike come to lie near each other. With two or three values one-hot features do as well; with "
      "hundreds (towns, products) embeddings are what works. Right of them all features stand in one row.\n\n"
      "C. Guo, F. Berkhahn: *Entity embeddings of categorical variables*, 2016, arXiv:1604.06737.",
      180);
  s.trains("cross_entropy", {"accuracy"}, 0.01, 20, 16);
  return s;
}

Sketch spirals() {
  Sketch s("spirals-mlp", "Spirals MLP",
           "Three spiral arms wound into each other: a small network learns to part what no straight line can.");
  s.project.data.source = "spirals";
  s.project.data.params = {{"classes", i(3)}, {"noise", 0.03}, {"samples", i(1500)}, {"turns", 1.0}};
  s.project.data.transforms = {standardize()};
  s.project.data.validation = 0.1;
  s.project.data.test = 0.2;
  s.project.data.split = data::SplitMode::Stratified;
  s.node("input", "x", {{"shape", Ints{2}}})
      .node("linear", "fc1", {{"out_features", i(64)}})
      .node("relu", "relu1")
      .at(0, 1)
      .node("linear", "fc2", {{"out_features", i(64)}})
      .node("relu", "relu2")
      .node("linear", "fc3", {{"out_features", i(3)}})
      .at(0, 2)
      .node("output", "arm");
  s.note(
      "## Why layers?\n"
      "One *Linear* layer can only draw straight lines between classes. A **multilayer perceptron** puts ReLU between "
      "two "
      "of them, which folds the plane, and again: after two folds a straight line parts what was wound up. Take out a "
      "ReLU "
      "and see what is left of the accuracy.\n\n"
      "D. Rumelhart, G. Hinton, R. Williams: *Learning representations by back-propagating errors*, Nature 323, 1986.",
      196, 3);
  s.trains("cross_entropy", {"accuracy"}, 0.01, 40, 32);
  return s;
}

}  // namespace

std::vector<Sketch> tables() { return {diabetes(), penguins(), penguinsEmbedding(), spirals()}; }

}  // namespace netwright::templates
