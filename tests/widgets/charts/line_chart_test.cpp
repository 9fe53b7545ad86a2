// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/line_chart.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QFile>
#include <QLineSeries>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>
#include <QXmlStreamReader>
#include <cmath>
#include <random>

#include "widgets/charts/chart_canvas.h"
#include "widgets/charts/legend_chip.h"
#include "widgets/charts/sparkline.h"
#include "widgets/theme/theme.h"

namespace netwright::charts {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class LineChartTest : public ::testing::Test {
 protected:
  void SetUp() override {
    qputenv("NETWRIGHT_RESOURCES", NETWRIGHT_SOURCE_DIR "/resources");
    theme::Theme::apply(*qApp, theme::Mode::Dark);
    chart.resize(600, 400);
  }
  void show() {
    chart.show();
    QCoreApplication::processEvents();
  }
  int addLine(int count, double slope = 1) {
    const int id = chart.addSeries({QString("s%1").arg(chart.seriesCount()), chart.seriesCount(), false});
    for (int i = 0; i < count; ++i) chart.append(id, i, slope * i);
    return id;
  }
  QTimer& timer() { return *chart.findChild<QTimer*>(QString(), Qt::FindDirectChildrenOnly); }
  QWidget* plot() { return chart.canvas().viewport(); }
  QPoint at(double x, double y) {
    const Frame& frame = chart.canvas().frame();
    return {qRound(frame.toX(x)), qRound(frame.toY(y))};
  }
  void wheel(const QPoint& position, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWheelEvent event(position, plot()->mapToGlobal(QPointF(position)), {}, {0, 120}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(plot(), &event);
  }
  void drag(Qt::MouseButton button, const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {}) {
    const auto send = [&](QEvent::Type type, const QPoint& p, Qt::MouseButton which, Qt::MouseButtons held) {
      QMouseEvent event(type, p, plot()->mapToGlobal(QPointF(p)), which, held, modifiers);
      QCoreApplication::sendEvent(plot(), &event);
    };
    send(QEvent::MouseButtonPress, from, button, button);
    send(QEvent::MouseMove, (from + to) / 2, Qt::NoButton, button);
    send(QEvent::MouseMove, to, Qt::NoButton, button);
    send(QEvent::MouseButtonRelease, to, button, Qt::NoButton);
  }
  // The pieces of line that Qt Charts draws now.
  QList<QLineSeries*> lines() {
    QList<QLineSeries*> found;
    for (QAbstractSeries* series : chart.canvas().chart()->series())
      if (auto* line = qobject_cast<QLineSeries*>(series); line && line->count() > 0) found << line;
    return found;
  }
  LineChart chart;
};

TEST_F(LineChartTest, DrawsWhatWasAppended) {
  const int id = addLine(100);
  show();
  const auto points = chart.points(id);
  ASSERT_EQ(points.size(), 100u);
  EXPECT_EQ(points[99], (Point{99, 99}));
}

TEST_F(LineChartTest, ManyPointsAreDecimatedToThePlot) {
  const int id = chart.addSeries({"loss", 0, false});
  std::vector<double> x(200000), y(200000);
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<double>(i);
    y[i] = i == 123456 ? 50 : std::sin(static_cast<double>(i));
  }
  chart.append(id, x, y);
  show();
  const auto points = chart.points(id);
  EXPECT_LT(points.size(), 2600u);
  EXPECT_NE(std::find(points.begin(), points.end(), Point{123456, 50}), points.end());
}

// Spikes everywhere, steep parts too: each column of pixels reaches from the least to the greatest of its points, and
// to the column before.
TEST_F(LineChartTest, EachColumnOfPixelsHasItsExactExtremes) {
  chart.addSeries({"loss", 0, false});
  std::mt19937 random(3);
  std::vector<double> x(200000), y(200000);
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<double>(i);
    y[i] = 3 * std::sin(x[i] / 9000) + std::normal_distribution<double>(0, random() % 1000 ? 0.05 : 1)(random);
  }
  chart.append(0, x, y);
  show();
  ASSERT_TRUE(lines().isEmpty());
  const Frame& frame = chart.canvas().frame();
  const QImage picture = plot()->grab().toImage();
  const QColor colour = theme::darkPalette().series[0];
  const int columns = static_cast<int>(frame.plot.width());
  ASSERT_EQ(columns, frame.plot.width());
  std::vector<Range> extremes(static_cast<size_t>(columns));
  for (size_t i = 0; i < x.size(); ++i) {
    const double column = std::floor((x[i] - frame.window.x0) / frame.window.width() * columns);
    extremes[std::min(static_cast<size_t>(column), extremes.size() - 1)].include({y[i], y[i]});
  }
  for (size_t c = 1; c < extremes.size(); ++c) {
    Range wanted = extremes[c];
    wanted.min = std::min(wanted.min, extremes[c - 1].max);
    wanted.max = std::max(wanted.max, extremes[c - 1].min);
    int top = picture.height(), bottom = -1;
    const int px = static_cast<int>(frame.plot.left()) + static_cast<int>(c);
    for (int py = 0; py < picture.height(); ++py)
      if (picture.pixelColor(px, py) == colour) {
        top = std::min(top, py);
        bottom = py;
      }
    ASSERT_NEAR(top, frame.toY(wanted.max) - 0.7, 1.01) << c;
    ASSERT_NEAR(bottom + 1, frame.toY(wanted.min) + 0.7, 1.01) << c;
  }
}

TEST_F(LineChartTest, RestlessCurvesAreDrawnAsTheBandOfTheirExtremes) {
  const int id = chart.addSeries({"loss", 0, false});
  std::vector<double> x(100000), y(100000);
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<double>(i);
    y[i] = i % 2 ? 1 : -1;
  }
  chart.append(id, x, y);
  show();
  EXPECT_TRUE(lines().isEmpty());
  const QImage picture = plot()->grab().toImage();
  const QColor colour = theme::darkPalette().series[0];
  const QRectF area = chart.canvas().frame().plot;
  const Frame& frame = chart.canvas().frame();
  for (int px = qCeil(area.left()) + 3; px < area.right() - 3; px += 10)
    for (const double value : {-0.98, 0.0, 0.98})
      EXPECT_EQ(picture.pixelColor(px, qRound(frame.toY(value))), colour) << px << " " << value;
  EXPECT_NE(picture.pixelColor(qRound(area.center().x()), qRound(frame.toY(1.05))), colour);
}

TEST_F(LineChartTest, NewPointsAreDrawnTogetherByOneTimer) {
  const int id = addLine(10);
  show();
  const int before = chart.refreshCount();
  for (int i = 10; i < 500; ++i) chart.append(id, i, i);
  EXPECT_EQ(chart.refreshCount(), before);
  EXPECT_TRUE(timer().isActive());
  EXPECT_EQ(timer().interval(), LineChart::kRefreshMs);
  chart.flush();
  EXPECT_EQ(chart.refreshCount(), before + 1);
  EXPECT_FALSE(timer().isActive());
  EXPECT_EQ(chart.points(id).back(), (Point{499, 499}));
  chart.flush();
  EXPECT_EQ(chart.refreshCount(), before + 1);
}

TEST_F(LineChartTest, HiddenChartsDoNothingUntilShown) {
  const int id = addLine(10);
  EXPECT_FALSE(timer().isActive());
  EXPECT_EQ(chart.refreshCount(), 0);
  show();
  chart.hide();
  const int before = chart.refreshCount();
  chart.append(id, 10, 10);
  EXPECT_FALSE(timer().isActive());
  EXPECT_EQ(chart.refreshCount(), before);
  show();
  EXPECT_EQ(chart.points(id).size(), 11u);
}

TEST_F(LineChartTest, AutomaticRangeHasAMarginAndFollows) {
  const int id = addLine(11, 10);
  show();
  EXPECT_EQ(chart.window(), (Window{0, 10, -5, 105}));
  chart.append(id, 20, 200);
  chart.flush();
  EXPECT_EQ(chart.window(), (Window{0, 20, -10, 210}));
}

TEST_F(LineChartTest, ConstantSeriesGetRoom) {
  const int id = chart.addSeries({"c", 0, false});
  chart.append(id, 1, 5);
  show();
  EXPECT_EQ(chart.window(), (Window{0.5, 1.5, 4.5, 5.5}));
}

TEST_F(LineChartTest, LockedRangeStaysWhilePointsCome) {
  const int id = addLine(11, 10);
  show();
  chart.setYLocked(true);
  chart.append(id, 20, 5000);
  chart.flush();
  EXPECT_EQ(chart.window(), (Window{0, 20, -5, 105}));
  chart.setYLocked(false);
  chart.flush();
  EXPECT_GT(chart.window().y1, 5000);
}

TEST_F(LineChartTest, WheelZoomsAboutTheCursorAndBackUndoesIt) {
  addLine(101);
  show();
  const Window all = chart.window();
  const double x = chart.canvas().frame().fromX(at(25, 50).x());
  wheel(at(25, 50));
  EXPECT_NEAR(chart.window().width(), all.width() * 0.8, 1e-9);
  EXPECT_NEAR(chart.window().height(), all.height() * 0.8, 1e-9);
  EXPECT_NEAR(chart.canvas().frame().fromX(at(25, 50).x()), x, 0.5);
  wheel(at(25, 50), Qt::ControlModifier);
  EXPECT_NEAR(chart.window().height(), all.height() * 0.8, 1e-9);
  EXPECT_NEAR(chart.window().width(), all.width() * 0.64, 1e-9);
  QTest::keyClick(&chart.canvas(), Qt::Key_Backspace);
  chart.zoomBack();
  EXPECT_EQ(chart.window(), all);
  EXPECT_FALSE(chart.canvas().zoomed());
}

TEST_F(LineChartTest, DraggingABoxZoomsIntoItAndDoubleClickResets) {
  addLine(101);
  show();
  const Window all = chart.window();
  drag(Qt::LeftButton, at(20, 80), at(60, 30));
  EXPECT_NEAR(chart.window().x0, 20, 0.3);
  EXPECT_NEAR(chart.window().x1, 60, 0.3);
  EXPECT_NEAR(chart.window().y0, 30, 0.6);
  EXPECT_NEAR(chart.window().y1, 80, 0.6);
  QTest::mouseDClick(plot(), Qt::LeftButton, {}, at(40, 50));
  EXPECT_EQ(chart.window(), all);
}

TEST_F(LineChartTest, AThinBoxZoomsAlongOneAxis) {
  addLine(101);
  show();
  const Window all = chart.window();
  const QPoint from = at(20, 50);
  drag(Qt::LeftButton, from, {at(60, 50).x(), from.y() + 3});
  EXPECT_NEAR(chart.window().x0, 20, 0.3);
  EXPECT_NEAR(chart.window().y0, all.y0, 1e-9);
  EXPECT_NEAR(chart.window().y1, all.y1, 1e-9);
}

TEST_F(LineChartTest, MiddleAndShiftDragPan) {
  addLine(101);
  show();
  const Window all = chart.window();
  drag(Qt::MiddleButton, at(50, 50), at(60, 50));
  EXPECT_NEAR(chart.window().x0, all.x0 - 10, 0.3);
  EXPECT_NEAR(chart.window().width(), all.width(), 1e-9);
  chart.zoomBack();
  EXPECT_EQ(chart.window(), all);
  drag(Qt::LeftButton, at(50, 50), at(50, 40), Qt::ShiftModifier);
  EXPECT_NEAR(chart.window().y0, all.y0 + 10, 0.6);
}

TEST_F(LineChartTest, ZoomStaysWhilePointsComeAndResetFollowsAgain) {
  const int id = addLine(101);
  show();
  chart.zoomTo(10, 20, 5, 25);
  chart.append(id, 1000, 1000);
  chart.flush();
  EXPECT_EQ(chart.window(), (Window{10, 20, 5, 25}));
  chart.resetZoom();
  EXPECT_EQ(chart.window().x1, 1000);
}

TEST_F(LineChartTest, LogAxisKeepsPointsAndLeavesOutWhatHasNoLogarithm) {
  const int id = chart.addSeries({"loss", 0, false});
  for (const double y : {0.001, 10.0, 0.0, -3.0, 1.0})
    chart.append(id, static_cast<double>(chart.points(id).size()), y);
  show();
  chart.setLogY(true);
  EXPECT_NEAR(chart.window().y0, -3 - 0.2, 1e-9);
  EXPECT_NEAR(chart.window().y1, 1 + 0.2, 1e-9);
  EXPECT_EQ(chart.points(id).size(), 5u);
  for (QLineSeries* line : lines())
    for (const QPointF& point : line->points()) EXPECT_TRUE(std::isfinite(point.y()));
}

TEST_F(LineChartTest, GapsSplitTheLine) {
  const int id = chart.addSeries({"loss", 0, false});
  int x = 0;
  for (const double y : {1.0, 2.0, kNaN, 3.0, 4.0, 5.0}) chart.append(id, x++, y);
  show();
  EXPECT_TRUE(std::isnan(chart.points(id)[2].y));
  QList<int> pieces;
  for (QLineSeries* line : lines()) pieces << line->count();
  EXPECT_EQ(pieces, (QList<int>{2, 3}));
}

TEST_F(LineChartTest, ARestartBeginsANewLine) {
  const int id = addLine(5);
  chart.append(id, 2, 20);
  chart.append(id, 3, 30);
  show();
  const auto points = chart.points(id);
  ASSERT_EQ(points.size(), 8u);
  EXPECT_TRUE(std::isnan(points[5].y));
  EXPECT_EQ(chart.readout(3).rows.at(0).value, "30");
}

TEST_F(LineChartTest, SmoothingDrawsTheAverageAndKeepsTheRawPale) {
  const int id = chart.addSeries({"loss", 0, false});
  for (int i = 0; i < 50; ++i) chart.append(id, i, i % 2);
  chart.setSmoothing(0.9);
  show();
  EXPECT_NEAR(chart.points(id).back().y, 0.5, 0.1);
  int pale = 0, strong = 0;
  for (QLineSeries* line : lines()) (line->pen().color().alphaF() < 0.3f ? pale : strong)++;
  EXPECT_EQ(pale, 1);
  EXPECT_EQ(strong, 1);
  const Readout readout = chart.readout(49);
  EXPECT_EQ(readout.rows.at(0).raw, "1");
  chart.append(id, 50, 0);
  chart.setSmoothing(0);
  chart.flush();
  EXPECT_EQ(chart.points(id).back(), (Point{50, 0}));
}

TEST_F(LineChartTest, ReadoutSnapsToAPointAndSortsByHeight) {
  addLine(11, 1);
  addLine(11, 3);
  chart.setAxisTitles("Step", "loss");
  show();
  const Readout readout = chart.readout(4.4);
  EXPECT_EQ(readout.x, 4);
  EXPECT_EQ(readout.heading, "Step 4");
  ASSERT_EQ(readout.rows.size(), 2u);
  EXPECT_EQ(readout.rows[0].name, "s1");
  EXPECT_EQ(readout.rows[0].value, "12");
  EXPECT_EQ(readout.rows[1].value, "4");
}

TEST_F(LineChartTest, HoverIsReportedForLinkedCharts) {
  addLine(101);
  show();
  QSignalSpy hovers(&chart, &LineChart::hovered);
  QTest::mouseMove(plot(), at(50, 50));
  ASSERT_GE(hovers.count(), 1);
  EXPECT_NEAR(hovers.last()[0].value<std::optional<double>>().value(), 50, 0.5);
}

TEST_F(LineChartTest, ACrosshairRepaintsNoCurve) {
  addLine(101);
  show();
  const int before = chart.refreshCount();
  chart.setCrosshair(50);
  const QImage with = plot()->grab().toImage();
  chart.setCrosshair(std::nullopt);
  EXPECT_NE(with, plot()->grab().toImage());
  EXPECT_EQ(chart.refreshCount(), before);
}

TEST_F(LineChartTest, ChipsToggleCurvesAndShowTheLastValue) {
  const int id = addLine(11);
  addLine(11, 100);
  show();
  const auto chips = chart.findChildren<LegendChip*>();
  ASSERT_EQ(chips.size(), 2);
  EXPECT_EQ(chips[0]->value(), "10");
  QSignalSpy changes(&chart, &LineChart::seriesVisibilityChanged);
  QTest::mouseClick(chips[1], Qt::LeftButton);
  chart.flush();
  EXPECT_EQ(changes.count(), 1);
  EXPECT_FALSE(chart.seriesVisible(1));
  EXPECT_TRUE(chart.points(1).empty());
  EXPECT_EQ(chart.points(id).size(), 11u);
  EXPECT_LT(chart.window().y1, 11);
}

TEST_F(LineChartTest, CsvHoldsEveryPointExactly) {
  chart.setAxisTitles("step", "loss");
  const int a = chart.addSeries({"train, raw", 0, false}), b = chart.addSeries({"val", 1, false});
  chart.append(a, 0, 0.1);
  chart.append(a, 1, kNaN);
  chart.append(b, 1, 1e-20);
  chart.append(b, 2, 3);
  EXPECT_EQ(chart.csv().toStdString(), "step,\"train, raw\",val\n0,0.1,\n1,nan,1e-20\n2,,3\n");
}

TEST_F(LineChartTest, PicturesAreWritten) {
  addLine(50);
  chart.setTitle("Loss");
  QTemporaryDir folder;
  ASSERT_TRUE(chart.savePng(folder.filePath("a.png")));
  EXPECT_EQ(QImage(folder.filePath("a.png")).size(), QSize(1200, 800));
  ASSERT_TRUE(chart.saveSvg(folder.filePath("a.svg")));
  QFile file(folder.filePath("a.svg"));
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  QXmlStreamReader reader(&file);
  while (!reader.atEnd()) reader.readNext();
  EXPECT_FALSE(reader.hasError());
}

TEST_F(LineChartTest, ClearRemovesCurvesAndClearPointsKeepsThem) {
  const int id = addLine(10);
  show();
  chart.clearPoints();
  chart.flush();
  EXPECT_EQ(chart.seriesCount(), 1);
  EXPECT_TRUE(chart.points(id).empty());
  chart.append(id, 0, 1);
  chart.clear();
  chart.flush();
  EXPECT_EQ(chart.seriesCount(), 0);
  EXPECT_TRUE(chart.canvas().chart()->series().isEmpty());
  EXPECT_TRUE(chart.findChildren<LegendChip*>().isEmpty());
  EXPECT_EQ(addLine(3), 0);
}

TEST_F(LineChartTest, EmptyChartsSayWhatWillBeHere) {
  show();
  const QImage first = plot()->grab().toImage();
  chart.setEmptyText("Nothing was measured");
  chart.flush();
  EXPECT_NE(first, plot()->grab().toImage());
}

TEST_F(LineChartTest, FollowsTheTheme) {
  addLine(10);
  show();
  const auto colour = [&] { return lines().at(0)->pen().color(); };
  EXPECT_EQ(colour(), theme::darkPalette().series[0]);
  theme::Theme::apply(*qApp, theme::Mode::Light);
  EXPECT_EQ(colour(), theme::lightPalette().series[0]);
}

TEST(Sparkline, PaintsInsideItsRectangleAndNothingWithoutValues) {
  QImage image(60, 20, QImage::Format_ARGB32);
  image.fill(Qt::white);
  const QImage blank = image;
  QPainter painter(&image);
  paintSparkline(painter, {10, 2, 40, 16}, std::vector<double>{kNaN}, Qt::blue);
  EXPECT_EQ(image, blank);
  paintSparkline(painter, {10, 2, 40, 16}, std::vector<double>{3, 2, kNaN, 1, 0.5}, Qt::blue);
  painter.end();
  EXPECT_NE(image, blank);
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 60; ++x)
      if (image.pixelColor(x, y) != Qt::white) {
        EXPECT_TRUE(QRect(10, 2, 40, 16).contains(x, y)) << x << "," << y;
      }
}

}  // namespace
}  // namespace netwright::charts
