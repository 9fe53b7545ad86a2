// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/screenshot_tour.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollArea>
#include <QTableView>
#include <QTimer>

#include "widgets/charts/line_chart.h"
#include "widgets/panels/help_window.h"
#include "widgets/panels/template_card.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kPollMs = 100, kSettleMs = 700, kPatienceMs = 240000;

void sendMouse(QWidget& target, QEvent::Type type) {
  const QPointF at = QRectF(target.rect()).center();
  const Qt::MouseButtons held = type == QEvent::MouseButtonPress ? Qt::LeftButton : Qt::NoButton;
  QMouseEvent event(type, at, target.mapToGlobal(at), Qt::LeftButton, held, Qt::NoModifier);
  QCoreApplication::sendEvent(&target, &event);
}

size_t pointsIn(const QMainWindow& window, const char* chart) {
  auto* found = window.findChild<charts::LineChart*>(chart);
  if (!found || found->seriesCount() == 0) return 0;
  found->flush();
  return found->points(0).size();
}

}  // namespace

ScreenshotTour::ScreenshotTour(QMainWindow& window, const QString& folder)
    : QObject(&window), window_(window), folder_(folder) {
  plan();
}

void ScreenshotTour::plan() {
  const auto always = [] { return true; };
  const auto visible = [this](const QString& name) {
    return [this, name] {
      const auto* widget = window_.findChild<QWidget*>(name);
      return widget && widget->isVisible() && widget->isEnabled();
    };
  };
  const auto finished = visible("export-run");
  const auto step = [this](const QString& name, std::function<bool()> ready, std::function<void()> act) {
    steps_.push_back({name, std::move(ready), std::move(act)});
  };
  step("cards", visible("template-digits-cnn"), [] {});
  step("home", always, [this] { shoot("home"); });
  step("create", always, [this] { click("template-digits-mlp"); });
  step("design", visible("train"), [] {});
  step("design is drawn", always, [this] { shoot("design"); });
  step("help on layers", always, [this] { trigger("layer-help-page"); });
  step("a page of it", visible("help-window"), [this] { window_.findChild<HelpWindow*>()->showPage("layer/conv2d"); });
  step("help", always, [this] { shoot("help"); });
  step("close it", always, [this] { window_.findChild<HelpWindow*>()->close(); });
  step("to train", always, [this] { trigger("page-train"); });
  step("ready", always, [this] { shoot("train-ready"); });
  step("unfold the groups", always, [this] { click("toggle-groups"); });
  step("add a group", visible("add-group"), [this] { click("add-group"); });
  step("see them", visible("group-0"), [this] { scrollTo("add-group"); });
  step("settings", always, [this] { shoot("train-settings"); });
  step("take it back", always, [this] { trigger("undo"); });
  step("fold", always, [this] { click("toggle-groups"); });
  step("back to the top", always, [this] { scrollTo("setting-epochs"); });
  step("start", visible("start-training"), [this] { click("start-training"); });
  step("training", [this] { return pointsIn(window_, "metric-chart") >= 2; }, [this] { shoot("train-running"); });
  step("finished", finished, [this] { shoot("train-finished"); });
  step("to predictions", always, [this] { trigger("train.show-predictions"); });
  step("predictions", always, [this] { shoot("train-predictions"); });
  step("to the matrix", always, [this] { trigger("train.show-matrix"); });
  step("confusion", always, [this] { shoot("train-confusion"); });
  step("back to curves", always, [this] { trigger("train.show-curves"); });
  step("to try it", always, [this] { trigger("page-try"); });
  step("next sample", visible("try-canvas"), [this] { trigger("try.next"); });
  step("asked", always, [this] { shoot("try"); });
  step("back to train", always, [this] { trigger("page-train"); });
  step("second run", visible("start-training"), [this] { click("start-training"); });
  step("started anew", [this] { return pointsIn(window_, "metric-chart") == 0; }, [] {});
  step("going", [this] { return pointsIn(window_, "metric-chart") >= 2; }, [this] { trigger("stop"); });
  step("stopped", finished, [this] { trigger("page-runs"); });
  step(
      "compare", [this] { return pointsIn(window_, "runs-loss-chart") >= 1; },
      [this] { window_.findChild<QTableView*>()->selectAll(); });
  step(
      "runs", [this] { return window_.findChild<charts::LineChart*>("runs-loss-chart")->seriesCount() >= 4; },
      [this] { shoot("runs"); });
  step("export", always, [this] { trigger("export"); });
  step("checked", visible("start-export"), [this] { shoot("export"); });
  step("unfold the options", always, [this] { click("toggle-export-options"); });
  step("options", always, [this] { shoot("export-options"); });
  step("fold them", always, [this] { click("toggle-export-options"); });
  step("write", visible("start-export"), [this] { click("start-export"); });
  step("proved", visible("copy-code"), [this] { shoot("export-done"); });
}

void ScreenshotTour::run() { QTimer::singleShot(kSettleMs, this, &ScreenshotTour::next); }

void ScreenshotTour::next() {
  if (at_ >= steps_.size()) return qApp->exit(0);
  Step& step = steps_[at_];
  if (!step.ready()) {
    waited_ += kPollMs;
    if (waited_ > kPatienceMs) {
      qWarning("The screenshot tour waited in vain for the step '%s'.", qPrintable(step.name));
      return qApp->exit(1);
    }
    QTimer::singleShot(kPollMs, this, &ScreenshotTour::next);
    return;
  }
  waited_ = 0;
  ++at_;
  QTimer::singleShot(kSettleMs, this, [this, act = step.act] {
    act();
    next();
  });
}

void ScreenshotTour::click(const QString& objectName) {
  auto* target = window_.findChild<QWidget*>(objectName);
  if (!target) return;
  sendMouse(*target, QEvent::MouseButtonPress);
  sendMouse(*target, QEvent::MouseButtonRelease);
}

void ScreenshotTour::scrollTo(const QString& objectName) {
  auto* target = window_.findChild<QWidget*>(objectName);
  for (QWidget* w = target; w; w = w->parentWidget())
    if (auto* area = qobject_cast<QScrollArea*>(w)) return area->ensureWidgetVisible(target, 0, 120);
}

void ScreenshotTour::trigger(const QString& action) {
  if (auto* found = window_.findChild<QAction*>(action)) found->trigger();
}

void ScreenshotTour::shoot(const QString& name) {
  for (const auto& [mode, suffix] : {std::pair(theme::Mode::Light, "light"), std::pair(theme::Mode::Dark, "dark")}) {
    theme::Theme::apply(*qApp, mode);
    for (int i = 0; i < 3; ++i) QCoreApplication::processEvents();
    for (charts::LineChart* chart : window_.findChildren<charts::LineChart*>()) chart->flush();
    QPixmap picture = window_.grab();
    if (auto* dialog = window_.findChild<QDialog*>(); dialog && dialog->isVisible()) {
      QPainter painter(&picture);
      painter.fillRect(picture.rect(), QColor(0, 0, 0, 90));
      const QPoint at((window_.width() - dialog->width()) / 2, (window_.height() - dialog->height()) / 2);
      painter.drawPixmap(at, dialog->grab());
      painter.setPen(theme::palette().border);
      painter.drawRect(QRect(at, dialog->size()).adjusted(-1, -1, 0, 0));
    }
    picture.save(QDir(folder_).filePath(QString("%1-%2.png").arg(name, suffix)));
  }
}

void startScreenshotTour(QMainWindow& window, const QString& folder) {
  QDir().mkpath(folder);
  (new ScreenshotTour(window, folder))->run();
}

}  // namespace netwright::panels
