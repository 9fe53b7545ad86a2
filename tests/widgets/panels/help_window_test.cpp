// SPDX-License-Identifier: GPL-3.0-or-later
// The help pages in the window, driven by keys and clicks: F1, links, search, back and forward, the card of a layer.
#include "widgets/panels/help_window.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QTextBlock>
#include <QTextBrowser>
#include <QToolButton>

#include "core/layers/registry.h"
#include "tests/widgets/editor/editor_test.h"
#include "tests/widgets/window_test.h"
#include "widgets/editor/layer_card.h"
#include "widgets/editor/layer_list.h"
#include "widgets/editor/palette.h"
#include "widgets/forms/param_form.h"

namespace netwright {
namespace {

using panels::HelpWindow;

class HelpPages : public ::testing::Test {
 protected:
  void SetUp() override {
    theme::Theme::apply(*qApp, theme::Mode::Light);
    window.show();
    window.activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(&window));
  }
  QString text() const { return window.browser()->toPlainText(); }
  // Clicks the first link of that text where it is seen.
  void clickLink(const QString& words) {
    const QTextDocument* document = window.browser()->document();
    for (QTextBlock block = document->begin(); block.isValid(); block = block.next())
      for (auto it = block.begin(); !it.atEnd(); ++it) {
        if (!it.fragment().charFormat().isAnchor() || it.fragment().text() != words) continue;
        QTextCursor cursor(block);
        cursor.setPosition(it.fragment().position() + 1);
        window.browser()->setTextCursor(cursor);
        window.browser()->ensureCursorVisible();
        const QRect place = window.browser()->cursorRect(cursor);
        return QTest::mouseClick(window.browser()->viewport(), Qt::LeftButton, {}, place.center());
      }
    FAIL() << "no link says " << words.toStdString();
  }
  QString row(int index) const {
    int seen = 0;
    for (int i = 0; i < window.list()->count(); ++i)
      if ((window.list()->item(i)->flags() & Qt::ItemIsSelectable) && seen++ == index)
        return window.list()->item(i)->text();
    return {};
  }

  HelpWindow window{nullptr};
};

TEST_F(HelpPages, ShowsAPageWithTitleWordsAndTables) {
  window.showPage("layer/conv2d");
  EXPECT_EQ(window.windowTitle(), "Conv2d - Help");
  for (const char* part : {"Conv2d", "nn.Conv2d", "The workhorse for images", "switch bias off", "(N, 32, 30, 30)",
                           "kernel_size", "777,600 multiply-accumulates", "LeCun et al. 1989"})
    EXPECT_TRUE(text().contains(part)) << part;
}

TEST_F(HelpPages, LinksLeadOnAndTheWayBackIsKept) {
  window.showPage("layer/conv2d");
  clickLink("BatchNorm2d");
  EXPECT_EQ(window.current(), "layer/batch_norm2d");
  EXPECT_TRUE(text().startsWith("BatchNorm2d"));
  clickLink("GroupNorm");
  EXPECT_EQ(window.current(), "layer/group_norm");
  QTest::keyClick(&window, Qt::Key_Left, Qt::AltModifier);
  EXPECT_EQ(window.current(), "layer/batch_norm2d");
  QTest::mouseClick(window.findChild<QToolButton*>("help-back"), Qt::LeftButton);
  EXPECT_EQ(window.current(), "layer/conv2d");
  EXPECT_FALSE(window.findChild<QToolButton*>("help-back")->isEnabled());
  QTest::keyClick(&window, Qt::Key_Right, Qt::AltModifier);
  EXPECT_EQ(window.current(), "layer/batch_norm2d");
  clickLink("Conv2d");
  EXPECT_FALSE(window.findChild<QToolButton*>("help-forward")->isEnabled()) << "a new way forgets the old one";
}

TEST_F(HelpPages, TabAndEnterFollowALink) {
  window.showPage("layer/relu");
  window.browser()->setFocus();
  QTest::keyClick(window.browser(), Qt::Key_Tab);
  QTest::keyClick(window.browser(), Qt::Key_Return);
  EXPECT_EQ(window.current(), "layer/leaky_relu") << "the first link of the page";
}

TEST_F(HelpPages, TheFieldSearchesNamesAndWords) {
  QTest::keyClick(&window, Qt::Key_F, Qt::ControlModifier);
  EXPECT_TRUE(window.field()->hasFocus());
  QTest::keyClicks(window.field(), "nn.linear");
  EXPECT_EQ(row(0), "Linear");
  QTest::keyClick(window.field(), Qt::Key_Return);
  EXPECT_EQ(window.current(), "layer/linear");
  window.field()->clear();
  QTest::keyClicks(window.field(), "checkerboard");
  QTest::keyClick(window.field(), Qt::Key_Down);
  QTest::keyClick(window.field(), Qt::Key_Down);
  EXPECT_TRUE(text().contains("checkerboard")) << text().left(60).toStdString();
  window.field()->clear();
  QTest::keyClicks(window.field(), "zzzz");
  EXPECT_EQ(window.list()->count(), 1);
  EXPECT_EQ(window.list()->item(0)->text(), "Nothing speaks of that.");
}

TEST_F(HelpPages, AClickInTheListShowsThePage) {
  QTest::keyClicks(window.field(), "adamw");
  const QRect first = window.list()->visualItemRect(window.list()->item(0));
  QTest::mouseClick(window.list()->viewport(), Qt::LeftButton, {}, first.center());
  EXPECT_EQ(window.current(), "optimiser/adamw");
  EXPECT_TRUE(text().contains("weight_decay"));
}

TEST_F(HelpPages, AnUnknownNameIsAnswered) {
  window.showPage("layer/conv2");
  EXPECT_TRUE(text().contains("There is no help page 'conv2'. Did you mean Conv2d?")) << text().toStdString();
  clickLink("Conv2d");
  EXPECT_EQ(window.current(), "layer/conv2d");
}

TEST_F(HelpPages, EscapeClosesAndTheSizeIsKept) {
  window.resize(777, 555);
  QTest::keyClick(&window, Qt::Key_Escape);
  EXPECT_FALSE(window.isVisible());
  EXPECT_EQ(HelpWindow(nullptr).size(), QSize(777, 555));
}

TEST_F(HelpPages, FollowsTheLook) {
  window.showPage("layer/relu");
  const QString light = window.browser()->document()->defaultStyleSheet();
  theme::Theme::apply(*qApp, theme::Mode::Dark);
  EXPECT_NE(window.browser()->document()->defaultStyleSheet(), light);
  EXPECT_EQ(window.current(), "layer/relu");
  theme::Theme::apply(*qApp, theme::Mode::Light);
}

class HelpInWindow : public WindowTest {
 protected:
  void openDesign() {
    window->createProject("digits-cnn");
    ASSERT_TRUE(eventually([&] { return window->project().isOpen() && window->page() == MainWindow::Design; }));
    page = &window->designPage();
  }
  NodeId node(const char* name) const { return page->scene()->document().findByName(name)->id; }
  void pressF1(QWidget* focus) {
    window->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
    focus->setFocus();
    QTest::keyClick(focus, Qt::Key_F1);
  }
  editor::DesignPage* page = nullptr;
};

TEST_F(HelpInWindow, F1ShowsTheChosenLayersPage) {
  openDesign();
  page->showNode(node("conv1"));
  pressF1(page->view());
  ASSERT_TRUE(window->help());
  EXPECT_TRUE(window->help()->isVisible());
  EXPECT_EQ(window->help()->current(), "layer/conv2d");
  EXPECT_TRUE(window->help()->browser()->toPlainText().startsWith("Conv2d"));
  page->showNode(node("fc1"));
  pressF1(page->view());
  EXPECT_EQ(window->help()->current(), "layer/linear") << "one window for all";
  QPointer<HelpWindow> help = window->help();
  QTest::keyClick(help, Qt::Key_Escape);
  EXPECT_TRUE(eventually([&] { return help.isNull(); }));
}

TEST_F(HelpInWindow, WithoutALayerF1ShowsWhatThereIs) {
  pressF1(window.get());
  ASSERT_TRUE(window->help());
  EXPECT_EQ(window->help()->current(), "");
  EXPECT_TRUE(window->help()->browser()->toPlainText().contains("Layers: Convolution"));
}

TEST_F(HelpInWindow, TheButtonBesideTheTitleAsksForThePage) {
  openDesign();
  page->showNode(node("pool1"));
  QTest::mouseClick(page->form()->findChild<QToolButton*>("layer-help"), Qt::LeftButton);
  ASSERT_TRUE(window->help());
  EXPECT_EQ(window->help()->current(), "layer/max_pool2d");
}

TEST_F(HelpInWindow, F1InThePaletteAndInQuickAddExplainsTheChosenLayer) {
  openDesign();
  page->palette()->field()->setFocus();
  QTest::keyClicks(page->palette()->field(), "gelu");
  pressF1(page->palette()->field());
  ASSERT_TRUE(window->help());
  EXPECT_EQ(window->help()->current(), "layer/gelu");
  window->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
  QTest::keyClick(page->view(), Qt::Key_Space);
  ASSERT_TRUE(page->view()->quickAdd());
  QTest::keyClicks(page->view()->quickAdd()->field(), "dropout");
  QTest::keyClick(page->view()->quickAdd()->field(), Qt::Key_F1);
  EXPECT_EQ(window->help()->current(), "layer/dropout");
}

TEST_F(HelpInWindow, TheMenuHasIt) {
  auto* action = window->findChild<QAction*>("layer-help-page");
  ASSERT_TRUE(action);
  EXPECT_EQ(action->shortcut(), QKeySequence(Qt::Key_F1));
  action->trigger();
  EXPECT_TRUE(window->help());
}

}  // namespace

namespace editor {
namespace {

TEST_F(EditorTest, Card_ShowsWhatTheKeysOrThePointerAreOn) {
  Palette& palette = *page.palette();
  QTest::keyClicks(palette.field(), "pool");
  QTest::keyClick(palette.field(), Qt::Key_Down);
  const layers::LayerSpec* chosen = palette.list()->currentLayer();
  ASSERT_TRUE(chosen);
  EXPECT_TRUE(eventually([&] { return palette.card()->isVisible(); }));
  const auto shown = [&] { return palette.card()->findChild<QLabel*>()->text(); };
  EXPECT_TRUE(shown().contains(QString::fromStdString(chosen->torchName)));
  EXPECT_TRUE(shown().contains("(N, C, ")) << "its ports";
  EXPECT_FALSE(
      palette.card()->geometry().intersects(QRect(palette.list()->mapToGlobal(QPoint(0, 0)), palette.list()->size())))
      << "beside the list, not over it";
  palette.field()->clear();
  EXPECT_FALSE(palette.card()->isVisible());
  QListWidgetItem* relu = palette.list()->findItems("ReLU", Qt::MatchExactly).front();
  palette.list()->scrollToItem(relu);
  const QPoint at = palette.list()->visualItemRect(relu).center();
  QMouseEvent hover(QEvent::MouseMove, at, palette.list()->viewport()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
  QApplication::sendEvent(palette.list()->viewport(), &hover);
  EXPECT_TRUE(eventually([&] { return palette.card()->isVisible(); }));
  EXPECT_TRUE(shown().contains("nn.ReLU"));
  EXPECT_EQ(palette.helpTopic(), "relu");
  QEvent leave(QEvent::Leave);
  QApplication::sendEvent(palette.list()->viewport(), &leave);
  EXPECT_FALSE(palette.card()->isVisible());
}

TEST_F(EditorTest, Card_TellsEveryLayer) {
  for (const layers::LayerSpec& layer : layers::registry()) {
    const QString html = cardHtml(layer);
    EXPECT_TRUE(html.contains(QString::fromStdString(layer.title).toHtmlEscaped())) << layer.id;
    for (const layers::PortSpec& p : layer.inputs)
      EXPECT_TRUE(p.optional || html.contains("<code>" + QString::fromStdString(p.name) + "</code>"))
          << layer.id << " " << p.name;
  }
  EXPECT_TRUE(cardHtml(layers::registry().front(), "too <narrow>").contains("too &lt;narrow&gt;"));
}

}  // namespace
}  // namespace editor
}  // namespace netwright
