// SPDX-License-Identifier: GPL-3.0-or-later
// A chart of curves over steps or time, made for live training: cheap to feed, readable while it moves, quick to look
// into.
#pragma once

#include <QString>
#include <QWidget>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "widgets/charts/chart_paint.h"
#include "widgets/charts/curve.h"

QT_BEGIN_NAMESPACE
class QHBoxLayout;
class QLabel;
class QMenu;
class QPainter;
class QScrollArea;
class QSlider;
class QTimer;
class QToolButton;
QT_END_NAMESPACE

namespace netwright::charts {

class ChartCanvas;
class LegendChip;

// Fed with plain columns on the GUI thread. append() only stores; one timer draws what has come, at most every 50 ms,
// and not while the chart is hidden. x must be finite; where it goes back, a new line begins. y may be NaN or infinite:
// the line has a gap there and a mark on the lower edge. No point is lost: every pixel column shows its exact extremes.
// Mouse: wheel zooms (Ctrl: x only, Shift: y only), drag zooms into the box, middle, right or Shift drag pans, double
// click or Home shows everything again, Backspace goes back to the window before.
class LineChart : public QWidget {
  Q_OBJECT

 public:
  static constexpr int kRefreshMs = 50;

  explicit LineChart(QWidget* parent = nullptr);
  ~LineChart() override;

  int addSeries(const SeriesStyle& style);  // returns the id: 0, 1, 2 ...
  int seriesCount() const { return static_cast<int>(curves_.size()); }
  void append(int id, std::span<const double> x, std::span<const double> y);
  void append(int id, double x, double y) { append(id, {&x, 1}, {&y, 1}); }
  void clearPoints();  // keeps the series
  void clear();        // removes them
  void setSeriesVisible(int id, bool visible);
  bool seriesVisible(int id) const;

  void setTitle(const QString& title);
  QString title() const;
  void setAxisTitles(const QString& x, const QString& y);
  void setEmptyText(const QString& text);
  void setControlsVisible(bool visible);  // the row with title and buttons
  void setLogY(bool log);
  bool logY() const;
  void setSmoothing(double weight);  // 0 (none) .. 0.99
  double smoothing() const { return smoothing_; }
  void setMarks(const std::vector<double>& x);  // faint lines across the plot: where epochs end
  void setBest(std::optional<double> x);        // a line of its own, marked "best": the best epoch so far
  std::optional<double> best() const;
  void setYLocked(bool locked);  // keeps the y range while points come

  void resetZoom();
  void zoomBack();
  void zoomTo(double x0, double x1, double y0, double y1);  // data units
  // Shows the read-out at x, for charts that are read together; none removes it.
  void setCrosshair(std::optional<double> x);
  Readout readout(double x) const;

  // The points of a curve as they are drawn now (decimated, smoothed); NaN marks a gap. For tests and thumbnails.
  std::vector<Point> points(int id) const;
  Window window() const;  // what the axes span; y as log10 on a logarithmic axis
  void flush();           // draws at once what has been appended
  int refreshCount() const { return refreshes_; }

  // All points, one row for each x, one column for each series; empty where a series has no point.
  QString csv() const;
  QImage image(const QSize& size, double scale = 2);
  bool savePng(const QString& path);
  bool saveSvg(const QString& path);

  ChartCanvas& canvas() { return *canvas_; }
  QSize sizeHint() const override { return {560, 320}; }
  QSize minimumSizeHint() const override { return {220, 150}; }

 Q_SIGNALS:
  void hovered(std::optional<double> x);
  void smoothingChanged(double weight);
  void seriesVisibilityChanged(int id, bool visible);

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildHeader();
  void fillMenu();
  void schedule();
  void refresh();
  void placeLegend();
  void updateControls();
  void paintExport(QPainter& painter, const QSize& size);
  void askAndSave(const QString& filter, bool (LineChart::*save)(const QString&));

  std::vector<std::unique_ptr<Curve>> curves_;
  std::vector<LegendChip*> chips_;
  ChartCanvas* canvas_;
  QWidget* header_;
  QLabel* title_;
  QLabel* smoothingLabel_;
  QSlider* smoothingSlider_;
  QToolButton *logButton_, *backButton_, *resetButton_, *moreButton_;
  QMenu* menu_;
  QScrollArea* legend_;
  QWidget* legendRow_;
  QTimer* timer_;
  QString xTitle_;
  double smoothing_ = 0;
  bool dirty_ = false;
  int refreshes_ = 0;
};

}  // namespace netwright::charts
