// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/synthetic.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <span>

#include "core/data/memory_dataset.h"
#include "core/data/params.h"
#include "core/data/random.h"

namespace netwright::data {
namespace {

constexpr double kPi = std::numbers::pi;

// Fills the features of a sample of the given class; or, for regression, the features and the target behind them.
using Formula =
    std::function<void(const Attributes& params, int64_t label, CounterRandom& random, std::span<float> values)>;

struct Shape {
  int64_t features = 2;
  int64_t classes = 2;  // 0: regression
};

std::vector<ColumnSpec> columnsOf(Shape shape) {
  ColumnSpec x{.name = "x", .shape = {shape.features}};
  for (int64_t i = 1; i <= shape.features; ++i) x.entries.push_back(shape.features == 1 ? "x" : fmt::format("x{}", i));
  if (shape.classes == 0) return {std::move(x), {.name = "y", .shape = {1}, .role = Role::Target}};
  ColumnSpec label{.name = "label", .dtype = DType::Int64, .role = Role::Target};
  for (int64_t i = 0; i < shape.classes; ++i) label.classes.push_back(std::to_string(i));
  return {std::move(x), std::move(label)};
}

SourceData generate(const Attributes& params, Shape shape, const Formula& formula) {
  const int64_t samples = whole(params, "samples");
  const auto seed = static_cast<uint64_t>(whole(params, "seed"));
  const auto features = static_cast<size_t>(shape.features);
  HostTensor x(DType::Float32, {samples, shape.features});
  HostTensor target =
      shape.classes > 0 ? HostTensor(DType::Int64, {samples}) : HostTensor(DType::Float32, {samples, 1});
  std::vector<float> values(features + 1);
  for (int64_t i = 0; i < samples; ++i) {
    const auto at = static_cast<size_t>(i);
    CounterRandom random(seed, Purpose::Data, at);
    const int64_t label = shape.classes > 0 ? i % shape.classes : 0;
    formula(params, label, random, values);
    std::copy_n(values.begin(), features, x.as<float>().begin() + static_cast<std::ptrdiff_t>(at * features));
    if (shape.classes > 0)
      target.as<int64_t>()[at] = label;
    else
      target.as<float>()[at] = values.back();
  }
  SourceData data;
  data.train = memoryDataset(columnsOf(shape), {std::move(x), std::move(target)});
  return data;
}

// A source of this formula; `shape` reads the sizes from the params.
SourceSpec formulaSource(std::string kind, std::string title, std::string doc, std::vector<ParamSpec> params,
                         const std::function<Shape(const Attributes&)>& shape, const Formula& formula) {
  SourceSpec spec;
  spec.kind = std::move(kind);
  spec.title = std::move(title);
  spec.doc = std::move(doc);
  spec.params = std::move(params);
  spec.params.insert(spec.params.begin(),
                     intParam("samples", 1000).min(2).max(10'000'000).withDoc("How many samples are made.").asMain());
  spec.params.push_back(intParam("seed", 0).min(0).withDoc("Chooses the random numbers."));
  spec.path = SourcePath::None;
  spec.open = [shape, formula](const SourceRequest& r) { return generate(r.params, shape(r.params), formula); };
  spec.describe = [shape](const SourceRequest& r) { return columnsOf(shape(r.params)); };
  return spec;
}

ParamSpec noiseParam(double fallback) {
  return floatParam("noise", fallback).min(0).withDoc("Standard deviation of what is added to each number.").asMain();
}

ParamSpec classesParam(int64_t fallback) {
  return intParam("classes", fallback).min(2).max(1000).withDoc("How many classes there are.").asMain();
}

Shape twoClasses(const Attributes&) { return {2, 2}; }

void spiral(const Attributes& params, int64_t label, CounterRandom& random, std::span<float> values) {
  const double radius = std::sqrt(random.uniform());  // so that arms are equally dense all along
  const double turn =
      2 * kPi *
      (number(params, "turns") * radius + static_cast<double>(label) / static_cast<double>(whole(params, "classes")));
  const double noise = number(params, "noise");
  values[0] = static_cast<float>(radius * std::cos(turn) + noise * random.normal());
  values[1] = static_cast<float>(radius * std::sin(turn) + noise * random.normal());
}

void moon(const Attributes& params, int64_t label, CounterRandom& random, std::span<float> values) {
  const double angle = kPi * random.uniform(), noise = number(params, "noise");
  const double x = label == 0 ? std::cos(angle) : 1 - std::cos(angle);
  const double y = label == 0 ? std::sin(angle) : 0.5 - std::sin(angle);
  values[0] = static_cast<float>(x + noise * random.normal());
  values[1] = static_cast<float>(y + noise * random.normal());
}

void circle(const Attributes& params, int64_t label, CounterRandom& random, std::span<float> values) {
  const double angle = 2 * kPi * random.uniform(), noise = number(params, "noise");
  const double radius = label == 0 ? 1 : number(params, "factor");
  values[0] = static_cast<float>(radius * std::cos(angle) + noise * random.normal());
  values[1] = static_cast<float>(radius * std::sin(angle) + noise * random.normal());
}

// Centres lie anywhere between -10 and 10, as a function of seed and class.
void blob(const Attributes& params, int64_t label, CounterRandom& random, std::span<float> values) {
  constexpr uint64_t kCentres = uint64_t{1} << 40;  // far above any sample's stream
  CounterRandom centre(static_cast<uint64_t>(whole(params, "seed")), Purpose::Data,
                       kCentres + static_cast<uint64_t>(label));
  for (float& value : values.first(static_cast<size_t>(whole(params, "features"))))
    value = static_cast<float>(20 * centre.uniform() - 10 + number(params, "noise") * random.normal());
}

void sine(const Attributes& params, int64_t, CounterRandom& random, std::span<float> values) {
  const double x = 2 * random.uniform() - 1;
  values[0] = static_cast<float>(x);
  values[1] =
      static_cast<float>(std::sin(kPi * number(params, "periods") * x) + number(params, "noise") * random.normal());
}

}  // namespace

SourceSpec blobsSource() {
  return formulaSource(
      "blobs", "Blobs", "Round clouds of points, one for each class.",
      {classesParam(3), intParam("features", 2).min(1).max(1000).withDoc("Numbers in a sample."), noiseParam(1.0)},
      [](const Attributes& p) { return Shape{whole(p, "features"), whole(p, "classes")}; }, blob);
}

SourceSpec spiralsSource() {
  return formulaSource(
      "spirals", "Spirals", "Points along arms wound into each other, one for each class: no straight line parts them.",
      {classesParam(2), floatParam("turns", 1.5).above(0).withDoc("How often an arm goes round."), noiseParam(0.02)},
      [](const Attributes& p) { return Shape{2, whole(p, "classes")}; }, spiral);
}

SourceSpec moonsSource() {
  return formulaSource("moons", "Two moons", "Two half circles that reach into each other.", {noiseParam(0.1)},
                       twoClasses, moon);
}

SourceSpec circlesSource() {
  return formulaSource(
      "circles", "Circles", "A small circle within a large one.",
      {floatParam("factor", 0.5).above(0).max(1).withDoc("Radius of the inner circle; the outer one has 1."),
       noiseParam(0.05)},
      twoClasses, circle);
}

SourceSpec sineSource() {
  return formulaSource(
      "sine", "Sine", "A wave with noise, for regression: y from x between -1 and 1.",
      {floatParam("periods", 2.0).above(0).withDoc("How many waves there are."), noiseParam(0.1)},
      [](const Attributes&) { return Shape{1, 0}; }, sine);
}

}  // namespace netwright::data
