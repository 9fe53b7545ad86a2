// SPDX-License-Identifier: Apache-2.0
// nw_bench_charts: live charts with many points (P10, C1, C2, C3): CPU milliseconds, median and 95th percentile.
// Usage: nw_bench_charts. Offscreen.
#include <fmt/format.h>

#include <QApplication>
#include <QPixmap>
#include <cmath>
#include <random>
#include <vector>

#include "tests/bench/cpu_time.h"
#include "widgets/charts/line_chart.h"
#include "widgets/theme/theme.h"

using namespace netwright;
using bench::cpuMs;
using bench::measure;

namespace {

// A loss curve with noise, as it comes from a run.
struct Source {
  std::mt19937 random{1};
  std::normal_distribution<double> noise;
  double step = 0;
  std::vector<double> x, y;
  void next(size_t count) {
    x.clear();
    y.clear();
    for (size_t i = 0; i < count; ++i, ++step) {
      x.push_back(step);
      y.push_back(1 / (1 + step * 1e-5) + 0.05 * std::abs(noise(random)));
    }
  }
};

void draw(charts::LineChart& chart) {
  chart.flush();
  chart.grab();
}

void fill(charts::LineChart& chart, int series, size_t points, std::vector<Source>& sources) {
  for (int s = 0; s < series; ++s) {
    chart.addSeries({QString("series %1").arg(s), s, false});
    sources.emplace_back();
    sources.back().next(points);
    chart.append(s, sources.back().x, sources.back().y);
  }
}

// What a live run does 10 times a second: some points for each series, one refresh, one paint.
void live(const std::string& name, int series, size_t points) {
  charts::LineChart chart;
  chart.resize(1000, 500);
  chart.show();
  std::vector<Source> sources;
  fill(chart, series, points, sources);
  draw(chart);
  measure(name, 60, [&](int) {
    for (int s = 0; s < series; ++s) {
      sources[static_cast<size_t>(s)].next(100);
      chart.append(s, sources[static_cast<size_t>(s)].x, sources[static_cast<size_t>(s)].y);
    }
    draw(chart);
  });
}

void large() {
  constexpr size_t kPoints = 10'000'000;
  Source source;
  source.next(kPoints);
  charts::LineChart chart;
  chart.resize(1000, 500);
  chart.show();
  measure("C2 opening a series of 1e7 points (goal 1,000)", 1, [&](int) {
    chart.addSeries({"loss", 0, false});
    chart.append(0, source.x, source.y);
    draw(chart);
  });
  measure("C2 zooming and panning in it (goal 33)", 100, [&](int i) {
    const double width = kPoints / std::pow(1.15, i % 50), from = (kPoints - width) * (i % 7) / 7;
    chart.zoomTo(from, from + width, 0, 1.2);
    draw(chart);
  });
}

void rate() {
  charts::LineChart chart;
  chart.resize(1000, 500);
  chart.show();
  chart.addSeries({"loss", 0, false});
  Source source;
  constexpr int kBatches = 1000;
  const double start = cpuMs();
  for (int i = 0; i < kBatches; ++i) {
    source.next(1000);
    chart.append(0, source.x, source.y);
    if (i % 50 == 0) draw(chart);
  }
  const double seconds = (cpuMs() - start) / 1000;
  fmt::print("{:58} {:9.0f}\n", "C3 points taken in a second, one core (goal 100,000)", kBatches * 1000 / seconds);
}

}  // namespace

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication app(argc, argv);
  theme::Theme::apply(app, theme::Mode::Light);
  fmt::print("{:58} {:>9} {:>9}\n", "CPU milliseconds", "median", "p95");
  live("P10 update of a chart with 1e6 points (goal 8)", 1, 1'000'000);
  live("C1 refresh of 20 series of 1e6 points (goal 30)", 20, 1'000'000);
  large();
  rate();
}
