// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/theme.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "widgets/theme/icon.h"
#include "widgets/theme/style_sheet.h"
#include "widgets/theme/system_mode.h"
#include "widgets/theme/typography.h"

namespace netwright::theme {
namespace {

void write(const QString& path, const QByteArray& text) {
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(text);
}

class ThemeTest : public ::testing::Test {
 protected:
  void SetUp() override { qputenv("NETWRIGHT_RESOURCES", NETWRIGHT_SOURCE_DIR "/resources"); }
};

TEST_F(ThemeTest, SwitchesLive) {
  Theme::apply(*qApp, Mode::Light);
  QSignalSpy changes(&Theme::instance(), &Theme::changed);
  EXPECT_EQ(qApp->palette().color(QPalette::Window), lightPalette().window);
  Theme::apply(*qApp, Mode::Dark);
  EXPECT_EQ(changes.count(), 1);
  EXPECT_TRUE(Theme::instance().isDark());
  EXPECT_EQ(qApp->palette().color(QPalette::Window), darkPalette().window);
  EXPECT_TRUE(qApp->styleSheet().contains(darkPalette().accent.name()));
}

TEST_F(ThemeTest, RemembersModeAndFontScale) {
  Theme::apply(*qApp, Mode::Dark);
  EXPECT_EQ(Theme::rememberedMode(), Mode::Dark);
  Theme::apply(*qApp, Mode::System);
  EXPECT_EQ(Theme::rememberedMode(), Mode::System);
  Theme::apply(*qApp, Mode::Light);
  EXPECT_EQ(Theme::rememberedMode(), Mode::Light);
}

TEST_F(ThemeTest, FontScaleReachesWidgetsAndIsBounded) {
  Theme::apply(*qApp, Mode::Light);
  Theme::instance().setFontScale(2);
  EXPECT_NEAR(qApp->font().pointSizeF(), 2 * pointSize(TextStyle::Body), 0.01);
  Theme::instance().setFontScale(9);
  EXPECT_EQ(Theme::instance().fontScale(), 2.5);
  Theme::instance().setFontScale(1);
  EXPECT_NEAR(qApp->font().pointSizeF(), pointSize(TextStyle::Body), 0.01);
}

TEST_F(ThemeTest, StyleSheetHasNoOpenPlaceholderAndItsImagesExist) {
  for (const Mode mode : {Mode::Light, Mode::Dark}) {
    Theme::apply(*qApp, mode);
    const QString sheet = qApp->styleSheet();
    EXPECT_FALSE(sheet.contains('@'));
    EXPECT_FALSE(sheet.contains('$'));
    EXPECT_EQ(sheet.count('{'), sheet.count('}'));
    auto images = QRegularExpression("url\\(([^)]*)\\)").globalMatch(sheet);
    ASSERT_TRUE(images.hasNext());
    while (images.hasNext()) {
      const QString file = images.next().captured(1);
      EXPECT_TRUE(QFile::exists(file)) << file.toStdString();
    }
  }
}

TEST_F(ThemeTest, ClassesChangeAWidgetsLook) {
  Theme::apply(*qApp, Mode::Light);
  QPushButton button("Train");
  button.resize(100, 32);
  button.show();
  const auto middleLeft = [&] { return button.grab().toImage().pixelColor(8, 16); };
  EXPECT_EQ(middleLeft().name(), lightPalette().raised.name());
  setClass(button, "primary");
  EXPECT_EQ(middleLeft().name(), lightPalette().accent.name());
  Theme::apply(*qApp, Mode::Dark);
  EXPECT_EQ(middleLeft().name(), darkPalette().accent.name());
}

TEST_F(ThemeTest, FocusChangesTheBorderButNotTheSize) {
  Theme::apply(*qApp, Mode::Dark);
  QPushButton button("Train");
  button.show();
  const QSize before = button.sizeHint();
  button.setFocus();
  QApplication::setActiveWindow(&button);
  EXPECT_TRUE(button.hasFocus());
  EXPECT_EQ(button.sizeHint(), before);
  const QImage picture = button.grab().toImage();
  EXPECT_EQ(picture.pixelColor(picture.width() / 2, 1).name(), darkPalette().focus.name());
}

TEST_F(ThemeTest, RowsOfAListFilledBeforeItIsShownHaveTheirPadding) {
  Theme::apply(*qApp, Mode::Dark);
  QListWidget list;
  list.addItems({"Conv2d", "Linear"});
  list.setCurrentRow(1);
  EXPECT_TRUE(list.visualItemRect(list.item(0)).isValid());
  list.show();
  QCoreApplication::processEvents();
  EXPECT_GE(list.visualItemRect(list.item(0)).height(), list.fontMetrics().height() + 10);
}

TEST_F(ThemeTest, IconsFollowThemeAndRatio) {
  Theme::apply(*qApp, Mode::Dark);
  const QIcon stop = icon("stop");
  const auto strongest = [](const QImage& image) {
    QColor best = Qt::transparent;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x)
        if (image.pixelColor(x, y).alpha() > best.alpha()) best = image.pixelColor(x, y);
    return best;
  };
  const QImage dark = stop.pixmap(QSize(16, 16), 2.0).toImage();
  EXPECT_EQ(dark.size(), QSize(32, 32));
  EXPECT_GT(strongest(dark).lightness(), 200);
  Theme::apply(*qApp, Mode::Light);
  EXPECT_LT(strongest(stop.pixmap(QSize(16, 16), 2.0).toImage()).lightness(), 60);
}

TEST_F(ThemeTest, EveryIconOfTheStudioExistsAndDraws) {
  for (const char* name :
       {"play",     "pause",       "stop",    "step",    "plus",  "trash",     "undo",  "redo",  "fit",    "zoom-in",
        "zoom-out", "search",      "export",  "folder",  "save",  "home",      "graph", "chart", "runs",   "settings",
        "sun",      "moon",        "check",   "warning", "error", "info",      "close", "copy",  "layers", "data",
        "more",     "arrow-right", "refresh", "lock",    "eye",   "netwright", "import"}) {
    const QImage image = iconPixmap(name, Qt::red, 24).toImage();
    int painted = 0;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) painted += image.pixelColor(x, y).alpha() > 128;
    EXPECT_GT(painted, 8) << name;
    EXPECT_LT(painted, 24 * 24) << name;
  }
}

TEST_F(ThemeTest, FiguresHaveEqualWidths) {
  const QFontMetricsF metrics(font(TextStyle::Figures));
  for (char digit = '1'; digit <= '9'; ++digit)
    EXPECT_NEAR(metrics.horizontalAdvance(QLatin1Char(digit)), metrics.horizontalAdvance('0'), 0.51) << digit;
}

TEST(SystemMode, FirstHintThatSaysSomethingDecides) {
  QTemporaryDir config;
  SystemHints hints{"", config.path(), QPalette(QColor("#202020"))};
  EXPECT_TRUE(prefersDark(hints));
  hints.palette = QPalette(QColor("#f0f0f0"));
  EXPECT_FALSE(prefersDark(hints));
  write(config.path() + "/kdeglobals", "[General]\nColorScheme=BreezeDark\n");
  EXPECT_TRUE(prefersDark(hints));
  ASSERT_TRUE(QDir(config.path()).mkdir("gtk-3.0"));
  write(config.path() + "/gtk-3.0/settings.ini", "[Settings]\ngtk-application-prefer-dark-theme=0\n");
  EXPECT_FALSE(prefersDark(hints));
  hints.gtkTheme = "Adwaita:dark";
  EXPECT_TRUE(prefersDark(hints));
}

}  // namespace
}  // namespace netwright::theme
