// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/style_sheet.h"

#include <QHash>

#include "widgets/theme/typography.h"

namespace netwright::theme {
namespace {

constexpr const char* kSurfaces = R"(
QMainWindow, QDialog { background: @window; }
QMainWindow::separator { background: @subtleBorder; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @accent; }
QSplitter::handle { background: @subtleBorder; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: @accent; }
*[class~="panel"] { background: @panel; }
*[class~="raised"] { background: @raised; }
QFrame[class~="card"] { background: @raised; border: 1px solid @subtleBorder; border-radius: 10px; }
QFrame[class~="toolbar"] { background: @panel; border: none; border-bottom: 1px solid @subtleBorder; }
QFrame[class~="banner-info"] { background: @accentSoft; border: none; border-radius: 8px; }
QFrame[class~="banner-success"] { background: @successSoft; border: none; border-radius: 8px; }
QFrame[class~="banner-warning"] { background: @warningSoft; border: none; border-radius: 8px; }
QFrame[class~="banner-error"] { background: @errorSoft; border: none; border-radius: 8px; }
QGroupBox { background: transparent; border: 1px solid @subtleBorder; border-radius: 8px; margin-top: 22px; padding: 10px; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; padding: 0 2px 4px 2px; color: @muted; }
QGroupBox { font-weight: 600; }
QDockWidget { color: @muted; titlebar-close-icon: url(%close.svg); titlebar-normal-icon: none; }
QDockWidget::title { background: @panel; padding: 7px 12px; border-bottom: 1px solid @subtleBorder; text-align: left; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QStatusBar { background: @panel; color: @muted; border-top: 1px solid @subtleBorder; }
QStatusBar::item { border: none; }
QToolBar { background: @panel; border: none; border-bottom: 1px solid @subtleBorder; padding: 5px 8px; spacing: 2px; }
QToolBar::separator { background: @border; width: 1px; margin: 6px 6px; }
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 5px 8px; }
)";

constexpr const char* kLabels = R"(
QLabel { background: transparent; }
QLabel[class~="title"] { font-size: $titlept; font-weight: 600; }
QLabel[class~="heading"] { font-size: $headingpt; font-weight: 600; }
QLabel[class~="strong"] { font-weight: 600; }
QLabel[class~="muted"] { color: @muted; }
QLabel[class~="small"] { font-size: $smallpt; }
QLabel[class~="success"] { color: @success; }
QLabel[class~="warning"] { color: @warning; }
QLabel[class~="error"] { color: @error; }
QLabel[class~="code"] { font-family: "$code"; font-size: $codept; }
QLabel[class~="badge"] { background: @accentSoft; color: @accentInk; border-radius: 9px; padding: 1px 8px;
  font-size: $smallpt; font-weight: 600; }
QLabel[class~="badge"][class~="success"] { background: @successSoft; color: @success; }
QLabel[class~="badge"][class~="warning"] { background: @warningSoft; color: @warning; }
QLabel[class~="badge"][class~="error"] { background: @errorSoft; color: @error; }
QLabel[class~="badge"][class~="muted"] { background: @hover; color: @muted; }
QLabel:disabled { color: @disabled; }
)";

// A focused button has a border of 2 px where the others have 1 px, and one pixel less padding: nothing moves.
constexpr const char* kButtons = R"(
QPushButton { background: @raised; color: @text; border: 1px solid @border; border-radius: 6px; padding: 5px 13px;
  min-height: 18px; font-weight: 500; }
QPushButton:hover { background: @hover; }
QPushButton:pressed, QPushButton:checked { background: @pressed; }
QPushButton:focus { border: 2px solid @focus; padding: 4px 12px; }
QPushButton:disabled { background: transparent; color: @disabled; border-color: @subtleBorder; }
QPushButton::menu-indicator { image: url(%down.svg); width: 12px; height: 12px; subcontrol-position: right center; right: 8px; }
QPushButton[class~="primary"] { background: @accent; color: @accentText; border-color: @accent; }
QPushButton[class~="primary"]:hover { background: @accentHover; border-color: @accentHover; }
QPushButton[class~="primary"]:pressed { background: @accentPressed; border-color: @accentPressed; }
QPushButton[class~="danger"] { background: @danger; color: @accentText; border-color: @danger; }
QPushButton[class~="danger"]:hover, QPushButton[class~="danger"]:pressed { background: @dangerHover; border-color: @dangerHover; }
QPushButton[class~="primary"]:focus, QPushButton[class~="danger"]:focus { border: 2px solid @ring; }
QPushButton[class~="primary"]:disabled, QPushButton[class~="danger"]:disabled {
  background: @pressed; color: @disabled; border-color: @pressed; }
QPushButton[class~="flat"], QToolButton { background: transparent; border: 1px solid transparent; color: @text; }
QPushButton[class~="flat"]:hover, QToolButton:hover { background: @hover; }
QPushButton[class~="flat"]:pressed, QToolButton:pressed { background: @pressed; }
QPushButton[class~="flat"]:checked, QToolButton:checked { background: @accentSoft; color: @accentInk; }
QPushButton[class~="flat"]:focus { border: 2px solid @focus; }
QPushButton[class~="flat"]:disabled, QToolButton:disabled { background: transparent; color: @disabled; border-color: transparent; }
QPushButton[class~="icon"] { background: transparent; border: 1px solid transparent; padding: 5px; min-width: 18px; max-width: 18px; }
QPushButton[class~="icon"]:hover { background: @hover; }
QPushButton[class~="icon"]:pressed { background: @pressed; }
QPushButton[class~="icon"]:checked { background: @accentSoft; }
QPushButton[class~="icon"]:focus { border: 2px solid @focus; padding: 4px; }
QToolButton { border-radius: 6px; padding: 5px; }
QToolButton:focus { border: 2px solid @focus; padding: 4px; }
QToolButton::menu-indicator { image: none; }
QToolButton[popupMode="1"] { padding-right: 19px; }
QToolButton[popupMode="1"]:focus { padding-right: 18px; }
QToolButton::menu-button { border: none; background: transparent; border-top-right-radius: 6px; border-bottom-right-radius: 6px; width: 15px; }
QToolButton::menu-button:hover { background: @pressed; }
QToolButton::menu-arrow { image: url(%down.svg); width: 10px; height: 10px; }
QToolButton::menu-arrow:disabled { image: url(%down-off.svg); }
)";

constexpr const char* kInputs = R"(
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
  background: @field; color: @text; border: 1px solid @border; border-radius: 6px;
  selection-background-color: @accent; selection-color: @accentText; }
QLineEdit, QAbstractSpinBox, QComboBox { padding: 5px 8px; min-height: 18px; }
QPlainTextEdit, QTextEdit { padding: 4px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: @muted; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid @focus; padding: 4px 7px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @focus; padding: 3px; }
QLineEdit:read-only { background: @panel; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { background: @panel; color: @disabled; border-color: @subtleBorder; }
QComboBox[class~="muted"], QCheckBox[class~="muted"] { color: @muted; }
QLineEdit[class~="error"], QAbstractSpinBox[class~="error"], QComboBox[class~="error"] { border-color: @error; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; background: transparent; padding: 0; min-height: 0; }
QAbstractSpinBox { padding-right: 22px; }
QAbstractSpinBox:focus { padding-right: 21px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 20px; border: none;
  background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; border-top-right-radius: 4px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; border-bottom-right-radius: 4px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: @hover; }
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed { background: @pressed; }
QAbstractSpinBox::up-arrow { image: url(%up.svg); width: 11px; height: 11px; }
QAbstractSpinBox::down-arrow { image: url(%down.svg); width: 11px; height: 11px; }
QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::up-arrow:disabled { image: url(%up-off.svg); }
QAbstractSpinBox::down-arrow:off, QAbstractSpinBox::down-arrow:disabled { image: url(%down-off.svg); }
QComboBox { padding-right: 24px; }
QComboBox:focus { padding-right: 23px; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 24px; border: none; }
QComboBox::down-arrow { image: url(%down.svg); width: 13px; height: 13px; }
QComboBox::down-arrow:disabled { image: url(%down-off.svg); }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @border; border-radius: 0; padding: 4px; outline: none;
  selection-background-color: @hover; selection-color: @text; }
QComboBox QAbstractItemView::item { padding: 5px 6px; margin: 0; border-radius: 4px; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; padding: 2px; border: 1px solid transparent; border-radius: 4px; }
QCheckBox:focus, QRadioButton:focus { border-color: @focus; }
QCheckBox:disabled, QRadioButton:disabled { color: @disabled; }
QCheckBox::indicator, QRadioButton::indicator, QTreeView::indicator, QTableView::indicator, QListView::indicator {
  width: 14px; height: 14px; border: 1px solid @edge; background: @field; border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: @focus; }
QCheckBox::indicator:checked, QTreeView::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked {
  background: @accent; border-color: @accent; image: url(%check.svg); }
QCheckBox::indicator:indeterminate, QTreeView::indicator:indeterminate {
  background: @accent; border-color: @accent; image: url(%minus.svg); }
QRadioButton::indicator:checked { background: @accent; border-color: @accent; image: url(%dot.svg); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: @panel; border-color: @subtleBorder; }
QCheckBox::indicator:checked:disabled { background: @pressed; image: url(%check-off.svg); }
QRadioButton::indicator:checked:disabled { background: @pressed; image: url(%dot-off.svg); }
QSlider { background: transparent; min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @pressed; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: @accent; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: @knob;
  border: 1px solid @edge; }
QSlider::handle:horizontal:hover { border-color: @focus; }
QSlider::handle:horizontal:focus { border: 2px solid @focus; width: 12px; height: 12px; }
QSlider::sub-page:horizontal:disabled { background: @disabled; }
)";

constexpr const char* kViews = R"(
QAbstractItemView { background: @panel; alternate-background-color: @zebra; color: @text; border: 1px solid @subtleBorder;
  border-radius: 6px; outline: none; gridline-color: @subtleBorder; selection-background-color: @accentSoft; selection-color: @text; }
QAbstractItemView:focus { border-color: @focus; }
QListView::item, QTreeView::item { padding: 5px 6px; border: none; }
QListView::item { border-radius: 4px; margin: 1px 4px; }
QTableView::item { padding: 0 8px; border: none; }
QListView::item:hover, QTreeView::item:hover, QTableView::item:hover { background: @hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: @accentSoft; color: @text; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url(%right.svg); }
QTreeView::branch:has-children:open { image: url(%down.svg); }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: @panel; color: @muted; border: none; border-bottom: 1px solid @subtleBorder;
  padding: 6px 2px 6px 11px; font-size: $smallpt; font-weight: 600; }
QHeaderView::section:hover { color: @text; }
QHeaderView::up-arrow { image: url(%up.svg); width: 10px; height: 10px; }
QHeaderView::down-arrow { image: url(%down.svg); width: 10px; height: 10px; }
QTableCornerButton::section { background: @panel; border: none; border-bottom: 1px solid @subtleBorder; }
QTabWidget::pane { border: none; border-top: 1px solid @subtleBorder; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: @muted; padding: 8px 4px; margin: 0 10px; border: none;
  border-bottom: 2px solid transparent; font-weight: 500; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accentInk; }
QTabBar::tab:focus { color: @accentInk; }
QTabBar::tab:disabled { color: @disabled; }
QTabBar::close-button { image: url(%close.svg); }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; margin: 0; }
QScrollBar:horizontal { height: 10px; margin: 0; }
QScrollBar::handle { background: @thumb; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
QMenuBar { background: @panel; border-bottom: 1px solid @subtleBorder; padding: 2px 6px; }
QMenuBar::item { background: transparent; padding: 5px 9px; border-radius: 5px; }
QMenuBar::item:selected { background: @hover; }
QMenu { background: @raised; border: 1px solid @border; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 10px; border-radius: 4px; margin: 0 1px; }
QMenu::item:selected { background: @hover; color: @text; }
QMenu::item:disabled { color: @disabled; }
QMenu::separator { height: 1px; background: @subtleBorder; margin: 5px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::right-arrow { image: url(%right.svg); width: 12px; height: 12px; right: 6px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QMenu::indicator:checked { image: url(%check-menu.svg); }
QProgressBar { background: @pressed; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; color: transparent; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
)";

QString points(TextStyle style, double scale) { return QString::number(pointSize(style) * scale, 'f', 2) + "pt"; }

}  // namespace

QString fillTemplate(const QString& text, const Palette& palette) {
  QHash<QString, QString> colours;
  for (const auto& [name, colour] : namedColours(palette)) colours.insert(name, colour.name());
  // Mixtures that only controls need.
  colours.insert("edge", mix(palette.border, palette.muted, 0.55).name());
  colours.insert("thumb", mix(palette.panel, palette.muted, 0.45).name());
  colours.insert("knob", palette.dark ? QString("#e9eaee") : QString("#ffffff"));
  colours.insert("zebra", mix(palette.panel, palette.hover, 0.4).name());
  colours.insert("ring", (palette.dark ? QColor("#ffffff") : palette.text).name());

  QString filled;
  filled.reserve(text.size() + 512);
  for (qsizetype i = 0; i < text.size();) {
    if (text[i] != '@') {
      filled += text[i++];
      continue;
    }
    qsizetype end = i + 1;
    while (end < text.size() && text[end].isLetter()) ++end;
    const auto colour = colours.constFind(text.mid(i + 1, end - i - 1));
    Q_ASSERT_X(colour != colours.constEnd(), "fillTemplate", qPrintable(text.mid(i, end - i)));
    if (colour != colours.constEnd()) filled += *colour;
    i = end;
  }
  return filled;
}

QString styleSheet(const Palette& palette, double fontScale, const QString& imagePrefix) {
  QString sheet = fillTemplate(QString::fromLatin1(kSurfaces) + QLatin1String(kLabels) + QLatin1String(kButtons) +
                                   QLatin1String(kInputs) + QLatin1String(kViews),
                               palette);
  sheet.replace("url(%", "url(" + imagePrefix);
  sheet.replace("$titlept", points(TextStyle::Title, fontScale));
  sheet.replace("$headingpt", points(TextStyle::Heading, fontScale));
  sheet.replace("$smallpt", points(TextStyle::Small, fontScale));
  sheet.replace("$codept", points(TextStyle::Code, fontScale));
  sheet.replace("$code", font(TextStyle::Code, 1).family());
  return sheet;
}

}  // namespace netwright::theme
