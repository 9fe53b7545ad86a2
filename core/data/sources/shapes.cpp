// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/shapes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/data/params.h"
#include "core/data/random.h"

namespace netwright::data {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr std::array kNames{"circle", "square", "triangle", "cross", "ring", "star", "half circle", "frame"};
using Colour = std::array<double, 3>;

// On the inner side of at least `needed` of `count` lines around the origin, each `reach` away from it.
bool isWithin(double u, double v, int count, double reach, int needed) {
  int within = 0;
  for (int k = 0; k < count; ++k) {
    const double angle = 2 * kPi * k / count;
    within += u * std::cos(angle) + v * std::sin(angle) <= reach;
  }
  return within >= needed;
}

// Whether the shape of a class covers a point; its corners lie at most 1 away from its centre, the origin.
bool covers(int64_t kind, double u, double v) {
  const double squared = u * u + v * v;
  if (squared > 1) return false;
  switch (kind) {
    case 0:
      return true;
    case 1:
      return isWithin(u, v, 4, 0.7, 4);
    case 2:
      return isWithin(u, v, 3, 0.5, 3);
    case 3:
      return std::min(std::abs(u), std::abs(v)) <= 0.3;
    case 4:
      return squared >= 0.4;
    case 5:
      return isWithin(u, v, 5, 0.309, 4);
    case 6:
      return v >= 0;
    default:
      return isWithin(u, v, 4, 0.7, 4) && !isWithin(u, v, 4, 0.4, 4);
  }
}

struct Shape {
  int64_t kind = 0;
  double x = 0, y = 0, radius = 0;  // in shares of the picture
  double cosine = 1, sine = 0;      // how it is turned
  Colour colour{};

  bool isAt(double px, double py) const {
    const double dx = (px - x) / radius, dy = (py - y) / radius;
    return covers(kind, dx * cosine + dy * sine, dy * cosine - dx * sine);
  }
};

// A background that changes from one colour to another, with waves over all, and shapes; later ones lie above.
struct Picture {
  Colour from{}, to{};
  double wavesX = 0, wavesY = 0, phase = 0;
  std::vector<Shape> shapes;
};

// Either bright on dark or dark on bright, so that a shape is always seen.
Colour colourOf(CounterRandom& random, bool bright) {
  Colour colour;
  for (double& c : colour) c = bright ? 0.6 + 0.4 * random.uniform() : 0.4 * random.uniform();
  return colour;
}

Picture imagine(const Attributes& params, int64_t sample) {
  CounterRandom random(static_cast<uint64_t>(whole(params, "seed")), Purpose::Data, static_cast<uint64_t>(sample));
  const int64_t classes = whole(params, "classes");
  const bool masks = text(params, "target") == "mask", bright = random.uniform() < 0.5;
  Picture picture;
  picture.from = colourOf(random, !bright);
  picture.to = colourOf(random, !bright);
  picture.wavesX = 40 * random.uniform();
  picture.wavesY = 40 * random.uniform();
  picture.phase = 2 * kPi * random.uniform();
  const uint64_t count = masks ? 1 + random.below(3) : 1;
  for (uint64_t i = 0; i < count; ++i) {
    Shape shape;
    shape.kind = masks ? static_cast<int64_t>(random.below(static_cast<uint64_t>(classes))) : sample % classes;
    shape.radius = masks ? 0.14 + 0.14 * random.uniform() : 0.2 + 0.2 * random.uniform();
    shape.x = shape.radius + (1 - 2 * shape.radius) * random.uniform();
    shape.y = shape.radius + (1 - 2 * shape.radius) * random.uniform();
    const double angle = 2 * kPi * random.uniform();
    shape.cosine = std::cos(angle);
    shape.sine = std::sin(angle);
    shape.colour = colourOf(random, bright);
    picture.shapes.push_back(shape);
  }
  return picture;
}

struct Canvas {
  int64_t size;
  double texture;
  std::span<uint8_t> image;  // (3, size, size)
  std::span<int64_t> mask;   // (size, size), or empty
};

void paint(const Picture& picture, const Canvas& canvas) {
  const auto area = static_cast<size_t>(canvas.size * canvas.size);
  size_t at = 0;
  for (int64_t row = 0; row < canvas.size; ++row)
    for (int64_t column = 0; column < canvas.size; ++column, ++at) {
      const double x = (static_cast<double>(column) + 0.5) / static_cast<double>(canvas.size),
                   y = (static_cast<double>(row) + 0.5) / static_cast<double>(canvas.size);
      const auto above = std::find_if(picture.shapes.rbegin(), picture.shapes.rend(),
                                      [&](const Shape& shape) { return shape.isAt(x, y); });
      const bool covered = above != picture.shapes.rend();
      const double wave = canvas.texture * std::sin(picture.wavesX * x + picture.wavesY * y + picture.phase);
      for (size_t c = 0; c < 3; ++c) {
        const double colour = covered ? above->colour[c] : picture.from[c] + (picture.to[c] - picture.from[c]) * y;
        canvas.image[c * area + at] = static_cast<uint8_t>(std::floor(255 * std::clamp(colour + wave, 0.0, 1.0) + 0.5));
      }
      if (!canvas.mask.empty()) canvas.mask[at] = covered ? 1 + above->kind : 0;
    }
}

std::vector<ColumnSpec> columnsOf(const Attributes& params) {
  const int64_t size = whole(params, "size");
  const std::vector<std::string> kinds(kNames.begin(), kNames.begin() + whole(params, "classes"));
  ColumnSpec image{.name = "image", .dtype = DType::UInt8, .shape = {3, size, size}};
  ColumnSpec target{.name = "label", .dtype = DType::Int64, .role = Role::Target, .classes = kinds};
  if (text(params, "target") == "mask") {
    target.name = "mask";
    target.shape = {size, size};
    target.classes.insert(target.classes.begin(), "background");
  }
  return {std::move(image), std::move(target)};
}

class Shapes final : public Dataset {
 public:
  explicit Shapes(Attributes params) : params_(std::move(params)), columns_(columnsOf(params_)) {}
  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  int64_t size() const override { return whole(params_, "samples"); }

  void read(std::span<const int64_t> samples, Batch& out) const override {
    shapeBatch(columns_, samples, out);
    const int64_t side = whole(params_, "size");
    const auto area = static_cast<size_t>(side * side);
    const auto images = out.columns[0].tensor.as<uint8_t>();
    const auto targets = out.columns[1].tensor.as<int64_t>();
    const bool masks = text(params_, "target") == "mask";
    for (size_t i = 0; i < samples.size(); ++i) {
      const Picture picture = imagine(params_, samples[i]);
      if (!masks) targets[i] = picture.shapes.front().kind;
      paint(picture, {side, number(params_, "texture"), images.subspan(3 * area * i, 3 * area),
                      masks ? targets.subspan(area * i, area) : std::span<int64_t>{}});
    }
  }

 private:
  Attributes params_;
  std::vector<ColumnSpec> columns_;
};

}  // namespace

SourceSpec shapesSource() {
  SourceSpec spec;
  spec.kind = "shapes";
  spec.title = "Coloured shapes";
  spec.doc = "Pictures of circles, squares, triangles and so on: to name the shape, or to find its pixels.";
  spec.params = {
      intParam("samples", 1000).min(2).max(10'000'000).withDoc("How many pictures are made.").asMain(),
      intParam("size", 64).min(8).max(1024).withUnit("px").withDoc("Height and width of a picture.").asMain(),
      intParam("classes", static_cast<int64_t>(kNames.size()))
          .min(2)
          .max(static_cast<double>(kNames.size()))
          .withDoc("How many kinds of shapes there are.")
          .asMain(),
      choiceParam("target", {"class", "mask"})
          .withDoc("class: name the one shape of a picture; mask: tell for each pixel which shape is there, or none.")
          .asMain(),
      floatParam("texture", 0.1).min(0).max(1).withDoc("Strength of the waves that lie over a picture."),
      intParam("seed", 0).min(0).withDoc("Chooses the random numbers."),
  };
  spec.path = SourcePath::None;
  spec.open = [](const SourceRequest& r) {
    SourceData data;
    data.train = std::make_shared<Shapes>(r.params);
    return data;
  };
  spec.describe = [](const SourceRequest& r) { return columnsOf(r.params); };
  return spec;
}

}  // namespace netwright::data
