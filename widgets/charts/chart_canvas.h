// SPDX-License-Identifier: GPL-3.0-or-later
// The plot of a LineChart: draws curves through Qt Charts and turns mouse, wheel and keys into zooming, panning and
// reading.
#pragma once

#include <QChartView>
#include <QPixmap>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/charts/chart_paint.h"
#include "widgets/charts/curve.h"

QT_BEGIN_NAMESPACE
class QLineSeries;
class QValueAxis;
QT_END_NAMESPACE

namespace netwright::charts {

// Qt Charts recomputes every point of a series whenever an axis changes, cannot show gaps and breaks on a logarithm of
// zero. So its axes stay at 0..1, curves are decimated to the width of the plot and given in these units by replace(),
// and grid and numbers are painted here. The picture is cached: a moving cross-hair repaints no curve. The curves
// belong to the LineChart.
class ChartCanvas : public QChartView {
  Q_OBJECT

 public:
  using Curves = std::vector<std::unique_ptr<Curve>>;
  explicit ChartCanvas(const Curves& curves, QWidget* parent = nullptr);

  void setAxisTitles(const QString& x, const QString& y);
  void setEmptyText(const QString& text);
  void setLogY(bool log);
  bool logY() const { return logY_; }
  void setSmoothed(bool smoothed);  // draws the smoothed points, with the raw ones pale behind them
  void setMarks(const std::vector<double>& x) { marks_ = x; }  // drawn with the next refresh
  const std::vector<double>& marks() const { return marks_; }
  void setBest(std::optional<double> x) { best_ = x; }  // drawn with the next refresh
  std::optional<double> best() const { return best_; }
  void setYLocked(bool locked);
  bool yLocked() const { return yLocked_; }

  // Brings ranges, curves and frame up to date with the points. Not called while hidden, except for pictures.
  void refresh();
  void removeCurves();  // before the curves themselves go
  void paintPicture(QPainter& painter, const QSizeF& size);

  const Window& window() const { return frame_.window; }
  const Frame& frame() const { return frame_; }
  // Zooming keeps the former window for back(). reset() follows the points again.
  void zoomTo(const Window& window);
  void zoomAt(const QPointF& centre, double xFactor, double yFactor);
  void back();
  void reset();
  bool zoomed() const { return zoomed_; }
  bool canGoBack() const { return !history_.empty(); }

  void setCrosshair(std::optional<double> x);
  Readout readout(double x) const;
  // The points of a curve as they are drawn now, in data units; NaN marks a gap.
  std::vector<Point> drawn(int curve) const;

 Q_SIGNALS:
  void zoomChanged();
  void hovered(std::optional<double> x);
  void menuRequested(const QPoint& globalPosition);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  struct State {
    Window window;
    bool zoomed;
  };
  // A run of points without a gap is a line or, where it runs up and down in every pixel column, the band of its
  // extremes: one bar for each column, painted here. It looks the same and costs a fraction. Lines that are not in use
  // are kept, empty, for later.
  struct Pieces {
    std::vector<QLineSeries*> lines;
    QList<QRectF> bars;  // in the picture
  };
  struct Lines {
    Pieces raw, smoothed;
    std::vector<std::vector<Point>> drawn;
    std::vector<Point> lonely;  // points between two gaps, drawn as dots
    std::vector<double> gaps;   // x of values that have no place: NaN, infinite, on a logarithmic axis not positive
  };
  Window automaticWindow() const;
  bool anyPoints() const;
  double axisY(double y) const;
  void drawCurve(size_t index, int columns);
  void drawPieces(Pieces& pieces, const std::vector<std::vector<Point>>& parts, Lines& lines);
  bool isRestless(const std::vector<Point>& points) const;
  void drawLine(QLineSeries& line, const std::vector<Point>& points);
  void addBars(QList<QRectF>& bars, const std::vector<Point>& points) const;
  QLineSeries* newLine();
  QColor colourOf(const Curve& curve, bool pale) const;
  void styleLine(QLineSeries& line, const Curve& curve, bool pale) const;
  void paintBars(QPainter& painter) const;
  void paintMarks(QPainter& painter) const;
  void remember();
  QRectF band() const;  // empty while the mouse has hardly moved
  void invalidate();

  const Curves& curves_;
  QValueAxis *xAxis_, *yAxis_;
  std::vector<Lines> lines_;
  Frame frame_;
  std::vector<State> history_;
  QString xTitle_, yTitle_, emptyText_;
  bool logY_ = false, smoothed_ = false, yLocked_ = false, zoomed_ = false;
  std::optional<double> crosshair_;
  std::optional<QPointF> bandStart_, panStart_;
  QPointF bandEnd_;
  Window panWindow_;
  bool panned_ = false;
  std::vector<double> marks_;
  std::optional<double> best_;
  QPixmap cache_;
  bool cacheValid_ = false;
};

}  // namespace netwright::charts
