// SPDX-License-Identifier: GPL-3.0-or-later
// A window in a home folder of its own, driven by clicks and keys, the real engine behind it. Base of the window's
// tests.
#pragma once

#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QApplication>
#include <QMessageBox>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "tests/widgets/bridge/waiting.h"
#include "widgets/bridge/recent_projects.h"
#include "widgets/main_window.h"
#include "widgets/theme/theme.h"

namespace netwright {

class WindowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    useBuiltPrograms();
    home = qgetenv("HOME");
    qputenv("HOME", temporary.path().toLocal8Bit());
    qputenv("XDG_RUNTIME_DIR", temporary.path().toLocal8Bit());
    qputenv("XDG_STATE_HOME", (temporary.path() + "/state").toLocal8Bit());
    theme::Theme::apply(*qApp, theme::Mode::Light);
    for (const bridge::RecentProject& p : bridge::recentProjects()) bridge::forgetProject(p.folder);
    openWindow();
  }
  void TearDown() override {
    window.reset();
    qputenv("HOME", home);
    qunsetenv("XDG_STATE_HOME");
  }
  void openWindow() {
    window = std::make_unique<MainWindow>();
    window->resize(1280, 800);
    window->show();
    window->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
  }

  QWidget* find(const char* name) const { return window->findChild<QWidget*>(name); }
  bool appears(const char* name) {
    return eventually([&] { return find(name) && find(name)->isVisible() && find(name)->isEnabled(); });
  }
  void click(const char* name) {
    ASSERT_TRUE(appears(name)) << name;
    QTest::mouseClick(find(name), Qt::LeftButton);
  }
  void setEpochs(int64_t epochs) {
    run::RunConfig config = window->project().project().run;
    config.epochs = epochs;
    config.threads = 1;
    window->project().setRunConfig(config, "Epochs");
  }
  void fromTemplate(const char* card = "template-digits-linear") {
    click(card);
    ASSERT_TRUE(window->project().isOpen());
  }
  // Runs act() with the next message box answered by the button of this text.
  void answering(const QString& text, const std::function<void()>& act, bool& asked) {
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
      auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
      if (!box) return;
      for (QAbstractButton* b : box->buttons())
        if (b->text().remove('&') == text) {
          asked = true;
          timer.stop();
          QTest::mouseClick(b, Qt::LeftButton);
          return;
        }
    });
    timer.start(10);
    act();
  }

  QTemporaryDir temporary;
  QByteArray home;
  std::unique_ptr<MainWindow> window;
};

}  // namespace netwright
