// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/line_chart.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QScrollArea>
#include <QSlider>
#include <QTimer>
#include <QToolButton>
#include <algorithm>
#include <cassert>
#include <cmath>

#include "widgets/charts/chart_canvas.h"
#include "widgets/charts/flow_layout.h"
#include "widgets/charts/legend_chip.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::charts {
namespace {

constexpr int kSliderSteps = 99;        // 0.00 .. 0.99
constexpr int kLegendRows = 2;          // more scroll
constexpr int kHeightForTwoRows = 280;  // lower charts have one row
constexpr int kWidthForAllButtons = 300;
constexpr int kWidthForSmoothing = 460;  // narrower charts leave the slider out

QToolButton* toolButton(QWidget* parent, const QString& icon, const QString& tip) {
  auto* button = new QToolButton(parent);
  button->setIcon(theme::icon(icon, theme::IconRole::Muted));
  button->setIconSize({theme::kIconSize, theme::kIconSize});
  button->setToolTip(tip);
  button->setAccessibleName(tip);
  button->setAutoRaise(true);
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

}  // namespace

LineChart::LineChart(QWidget* parent)
    : QWidget(parent),
      canvas_(new ChartCanvas(curves_, this)),
      header_(new QWidget(this)),
      legend_(new QScrollArea(this)),
      legendRow_(new QWidget),
      timer_(new QTimer(this)) {
  buildHeader();
  legend_->setFrameShape(QFrame::NoFrame);
  legend_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  legend_->setWidgetResizable(true);
  legend_->setWidget(legendRow_);
  legend_->setVisible(false);
  new FlowLayout(legendRow_, theme::kSpaceXs + 2);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpace, theme::kSpaceSmall, theme::kSpace, theme::kSpaceSmall);
  column->setSpacing(theme::kSpaceXs);
  column->addWidget(header_);
  column->addWidget(legend_);
  column->addWidget(canvas_, 1);

  setEmptyText(tr("Losses appear here when training starts"));
  timer_->setSingleShot(true);
  timer_->setInterval(kRefreshMs);
  connect(timer_, &QTimer::timeout, this, &LineChart::refresh);
  connect(canvas_, &ChartCanvas::zoomChanged, this, &LineChart::updateControls);
  connect(canvas_, &ChartCanvas::hovered, this, &LineChart::hovered);
  connect(canvas_, &ChartCanvas::menuRequested, this, [this](const QPoint& at) { menu_->popup(at); });
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] {
    canvas_->refresh();
    placeLegend();
  });
  updateControls();
}

LineChart::~LineChart() = default;

void LineChart::setMarks(const std::vector<double>& x) {
  canvas_->setMarks(x);
  schedule();
}

void LineChart::setBest(std::optional<double> x) {
  if (x == canvas_->best()) return;
  canvas_->setBest(x);
  schedule();
}

std::optional<double> LineChart::best() const { return canvas_->best(); }

void LineChart::buildHeader() {
  title_ = new QLabel(header_);
  theme::setClass(*title_, "strong");
  title_->setMinimumWidth(20);
  smoothingLabel_ = new QLabel(header_);
  theme::setClass(*smoothingLabel_, "muted small");
  smoothingSlider_ = new QSlider(Qt::Horizontal, header_);
  smoothingSlider_->setRange(0, kSliderSteps);
  smoothingSlider_->setFixedWidth(90);
  smoothingSlider_->setAccessibleName(tr("Smoothing"));
  smoothingSlider_->setToolTip(tr("Exponential moving average; the measured values stay visible behind it"));
  logButton_ = new QToolButton(header_);
  logButton_->setText(tr("log"));
  logButton_->setCheckable(true);
  logButton_->setAutoRaise(true);
  logButton_->setFocusPolicy(Qt::TabFocus);
  logButton_->setToolTip(tr("Logarithmic y axis"));
  logButton_->setAccessibleName(tr("Logarithmic y axis"));
  backButton_ = toolButton(header_, "undo", tr("Back to the window before (Backspace)"));
  resetButton_ = toolButton(header_, "fit", tr("Show everything (double click)"));
  moreButton_ = toolButton(header_, "more", tr("Copy, save, lock"));
  menu_ = new QMenu(this);
  moreButton_->setMenu(menu_);
  moreButton_->setPopupMode(QToolButton::InstantPopup);
  fillMenu();

  auto* row = new QHBoxLayout(header_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  row->addWidget(title_, 1);
  row->addWidget(smoothingLabel_);
  row->addSpacing(theme::kSpaceXs);
  row->addWidget(smoothingSlider_);
  row->addSpacing(theme::kSpaceSmall);
  for (QToolButton* button : {logButton_, backButton_, resetButton_, moreButton_}) row->addWidget(button);

  connect(smoothingSlider_, &QSlider::valueChanged, this, [this](int value) { setSmoothing(value / 100.0); });
  connect(logButton_, &QToolButton::toggled, this, &LineChart::setLogY);
  connect(backButton_, &QToolButton::clicked, this, &LineChart::zoomBack);
  connect(resetButton_, &QToolButton::clicked, this, &LineChart::resetZoom);
}

void LineChart::fillMenu() {
  menu_->addAction(theme::icon("copy"), tr("Copy as CSV"), this, [this] { QApplication::clipboard()->setText(csv()); });
  menu_->addAction(theme::icon("export"), tr("Save as PNG…"), this,
                   [this] { askAndSave(tr("PNG picture (*.png)"), &LineChart::savePng); });
  menu_->addAction(theme::icon("export"), tr("Save as SVG…"), this,
                   [this] { askAndSave(tr("SVG drawing (*.svg)"), &LineChart::saveSvg); });
  menu_->addSeparator();
  QAction* lock = menu_->addAction(theme::icon("lock"), tr("Lock the y range"));
  lock->setCheckable(true);
  connect(lock, &QAction::toggled, this, &LineChart::setYLocked);
  connect(menu_, &QMenu::aboutToShow, lock, [this, lock] { lock->setChecked(canvas_->yLocked()); });
}

int LineChart::addSeries(const SeriesStyle& style) {
  const int id = seriesCount();
  curves_.push_back(std::make_unique<Curve>(style));
  curves_.back()->setSmoothing(smoothing_);
  auto* chip = new LegendChip(style, legendRow_);
  chips_.push_back(chip);
  legendRow_->layout()->addWidget(chip);
  connect(chip, &QAbstractButton::toggled, this, [this, id](bool visible) {
    curves_[static_cast<size_t>(id)]->setVisible(visible);
    schedule();
    Q_EMIT seriesVisibilityChanged(id, visible);
  });
  placeLegend();
  return id;
}

void LineChart::append(int id, std::span<const double> x, std::span<const double> y) {
  assert(id >= 0 && id < seriesCount() && x.size() == y.size());
  if (x.empty()) return;
  curves_[static_cast<size_t>(id)]->append(x, y);
  schedule();
}

void LineChart::clearPoints() {
  for (const auto& curve : curves_) curve->clear();
  canvas_->reset();
  schedule();
}

void LineChart::clear() {
  canvas_->removeCurves();
  for (LegendChip* chip : chips_) delete chip;
  chips_.clear();
  curves_.clear();
  placeLegend();
  schedule();
}

void LineChart::setSeriesVisible(int id, bool visible) { chips_.at(static_cast<size_t>(id))->setChecked(visible); }
bool LineChart::seriesVisible(int id) const { return curves_.at(static_cast<size_t>(id))->visible(); }

void LineChart::setTitle(const QString& title) {
  title_->setText(title);
  setAccessibleName(title);
  canvas_->setAccessibleName(title);
}

QString LineChart::title() const { return title_->text(); }

void LineChart::setAxisTitles(const QString& x, const QString& y) {
  xTitle_ = x;
  canvas_->setAxisTitles(x, y);
  schedule();
}

void LineChart::setEmptyText(const QString& text) {
  canvas_->setEmptyText(text);
  schedule();
}

void LineChart::setControlsVisible(bool visible) { header_->setVisible(visible); }

void LineChart::setLogY(bool log) {
  logButton_->setChecked(log);
  canvas_->setLogY(log);
}

bool LineChart::logY() const { return canvas_->logY(); }

void LineChart::setSmoothing(double weight) {
  weight = std::clamp(weight, 0.0, 0.99);
  if (weight == smoothing_) return;
  smoothing_ = weight;
  smoothingSlider_->setValue(static_cast<int>(std::lround(weight * 100)));
  dirty_ = true;  // the curves are smoothed when they are drawn next, once for many moves of the slider
  schedule();
  updateControls();
  Q_EMIT smoothingChanged(weight);
}

void LineChart::setYLocked(bool locked) {
  canvas_->setYLocked(locked);
  schedule();
}

void LineChart::resetZoom() { canvas_->reset(); }
void LineChart::zoomBack() { canvas_->back(); }

void LineChart::zoomTo(double x0, double x1, double y0, double y1) {
  flush();
  canvas_->zoomTo(logY() ? Window{x0, x1, std::log10(y0), std::log10(y1)} : Window{x0, x1, y0, y1});
}

void LineChart::setCrosshair(std::optional<double> x) { canvas_->setCrosshair(x); }
Readout LineChart::readout(double x) const { return canvas_->readout(x); }
std::vector<Point> LineChart::points(int id) const { return canvas_->drawn(id); }
Window LineChart::window() const { return canvas_->window(); }

void LineChart::schedule() {
  dirty_ = true;
  if (isVisible() && !timer_->isActive()) timer_->start();
}

void LineChart::flush() {
  if (dirty_) refresh();
}

void LineChart::refresh() {
  timer_->stop();
  dirty_ = false;
  ++refreshes_;
  for (const auto& curve : curves_) curve->setSmoothing(smoothing_);
  canvas_->setSmoothed(smoothing_ > 0);
  canvas_->refresh();
  for (size_t i = 0; i < curves_.size(); ++i)
    chips_[i]->setValue(curves_[i]->empty() ? QString() : shortNumber(curves_[i]->last().y));
  placeLegend();
}

void LineChart::placeLegend() {
  legend_->setVisible(!chips_.empty());
  if (chips_.empty()) return;
  const int row = chips_.front()->sizeHint().height();
  const int rows = this->height() < kHeightForTwoRows ? 1 : kLegendRows;
  const int most = rows * row + (rows - 1) * legendRow_->layout()->spacing();
  const int width = this->width() - 2 * theme::kSpace;
  const int height = std::min(most, std::max(row, legendRow_->layout()->heightForWidth(width)));
  if (legend_->maximumHeight() != height || legend_->minimumHeight() != height) legend_->setFixedHeight(height);
}

void LineChart::updateControls() {
  backButton_->setEnabled(canvas_->canGoBack());
  resetButton_->setEnabled(canvas_->zoomed());
  const bool narrow = width() < kWidthForAllButtons;  // there, what can do nothing makes way for the title
  backButton_->setVisible(!narrow || canvas_->canGoBack());
  resetButton_->setVisible(!narrow || canvas_->zoomed());
  logButton_->setChecked(canvas_->logY());
  smoothingLabel_->setText(smoothing_ > 0 ? tr("Smoothing %1").arg(smoothing_, 0, 'f', 2) : tr("Smoothing"));
}

void LineChart::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  flush();
}

void LineChart::hideEvent(QHideEvent* event) {
  timer_->stop();
  QWidget::hideEvent(event);
}

void LineChart::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const bool roomy = width() >= kWidthForSmoothing;
  smoothingLabel_->setVisible(roomy);
  smoothingSlider_->setVisible(roomy);
  placeLegend();
  updateControls();
}

void LineChart::askAndSave(const QString& filter, bool (LineChart::*save)(const QString&)) {
  const QString path = QFileDialog::getSaveFileName(this, tr("Save the chart"), title(), filter);
  if (path.isEmpty() || (this->*save)(path)) return;
  QMessageBox::warning(
      this, tr("Save the chart"),
      tr("The chart could not be written to %1. Choose a folder in which you may create files.").arg(path));
}

}  // namespace netwright::charts
