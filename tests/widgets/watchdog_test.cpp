// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window keeps its events waiting while a run goes on. The goal is 100 ms; the number is reported, and
// only a hang fails, because the machine that tests may be busy with other things.
#include <gtest/gtest.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "tests/widgets/bridge/waiting.h"
#include "widgets/main_window.h"
#include "widgets/panels/train_page.h"
#include "widgets/panels/train_page_views.h"

namespace netwright {
namespace {

constexpr int kTickMs = 5, kTicksEach = 30;
constexpr qint64 kHangMs = 10000;

// The longest time between two ticks of a timer in the GUI thread.
class Watchdog {
 public:
  Watchdog() {
    QObject::connect(&timer_, &QTimer::timeout, [this] {
      longest_ = std::max(longest_, since_.restart());
      ++ticks_;
    });
    since_.start();
    timer_.start(kTickMs);
  }
  qint64 longest() const { return longest_; }
  int ticks() const { return ticks_; }

 private:
  QTimer timer_;
  QElapsedTimer since_;
  qint64 longest_ = 0;
  int ticks_ = 0;
};

TEST(Watchdog, TheWindowStaysAwakeWhileARunGoesOnAndItsPagesAreVisited) {
  useBuiltPrograms();
  QTemporaryDir temporary;
  const QByteArray home = qgetenv("HOME");
  qputenv("HOME", temporary.path().toLocal8Bit());
  qputenv("XDG_RUNTIME_DIR", temporary.path().toLocal8Bit());
  {
    MainWindow window;
    window.resize(1280, 800);
    window.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
    window.createProject("digits-linear");
    run::RunConfig config = window.project().project().run;
    config.epochs = 100000;
    config.threads = 1;
    window.project().setRunConfig(config, "Many epochs");
    window.startTraining();
    ASSERT_TRUE(eventually([&] { return window.run().progress().step > 0; }));
    const Watchdog dog;
    int visits = 0;
    ASSERT_TRUE(eventually([&] {
      constexpr MainWindow::Page kPages[] = {MainWindow::Train, MainWindow::Design, MainWindow::Try, MainWindow::Runs};
      if (dog.ticks() > kTicksEach * (visits + 1)) window.showPage(kPages[visits++ % 4]);
      return visits == 10;
    }));
    window.run().stop();
    ASSERT_TRUE(eventually([&] { return window.run().state() == bridge::RunModel::State::Stopped; }));
    ::testing::Test::RecordProperty("longest_wait_ms", static_cast<int>(dog.longest()));
    std::printf("[ measured ] longest wait of the GUI thread in a run: %lld ms in %d ticks\n",
                static_cast<long long>(dog.longest()), dog.ticks());
    EXPECT_LT(dog.longest(), kHangMs) << "the window hung";
  }
  qputenv("HOME", home);
}

}  // namespace
}  // namespace netwright
