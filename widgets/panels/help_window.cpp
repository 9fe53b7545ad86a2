// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/help_window.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "core/help/html.h"
#include "widgets/panels/layout_memory.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/style_sheet.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {
namespace {

constexpr int kKeyRole = Qt::UserRole;
constexpr const char* kSize = "help/size";
constexpr const char* kScheme = "help:";
constexpr QSize kFirstSize{940, 680};
constexpr int kListWidth = 250;

QString text(const std::string& s) { return QString::fromStdString(s); }

// Qt's rich text knows no variables: the theme's colours are put into the sheet.
QString sheet() {
  return theme::fillTemplate(
      "h1 { font-size: 20pt; font-weight: 600; margin-bottom: 0; } h2 { font-size: 11pt; font-weight: 600; "
      "margin-top: 18px; margin-bottom: 4px; } p { margin-top: 4px; margin-bottom: 6px; line-height: 130%; } "
      "a { color: @accentInk; text-decoration: none; } .side { color: @muted; } .summary { font-size: 12pt; } "
      ".formula, code { font-family: monospace; } "
      "th { color: @muted; font-weight: normal; padding-right: 14px; } td { padding-right: 14px; } li { margin-bottom: "
      "3px; }",
      theme::palette());
}

QString headingOf(const help::Entry& e) {
  return text(help::plural(e.kind)) + (e.group.empty() ? QString() : ": " + text(e.group));
}

std::string hrefOf(const help::Entry& entry) { return kScheme + entry.key(); }

// All pages, by kind and group.
QString startHtml() {
  QString html = "<h1>" + HelpWindow::tr("Help") + "</h1><p class='summary'>" +
                 HelpWindow::tr(
                     "Choose a page, or type what you look for: a name here, in PyTorch or in Keras, or a word "
                     "such as downsample.") +
                 "</p>";
  QString before;
  for (const help::Entry& e : help::entries()) {
    const QString heading = headingOf(e);
    html +=
        heading == before ? ", " : (before.isEmpty() ? "" : "</p>") + ("<h2>" + heading.toHtmlEscaped() + "</h2><p>");
    before = heading;
    html += "<a href='" + text(hrefOf(e)) + "'>" + text(e.title).toHtmlEscaped() + "</a>";
  }
  return html + "</p>";
}

QString unknownHtml(const QString& key) {
  const std::string id = key.section('/', -1).toStdString(), nearest = help::nearestName(id);
  QString html = "<h1>" + HelpWindow::tr("No such page") + "</h1><p>" +
                 HelpWindow::tr("There is no help page '%1'.").arg(text(id).toHtmlEscaped());
  for (const help::Entry* e : help::named(nearest))
    return html + ' ' +
           HelpWindow::tr("Did you mean %1?").arg("<a href='" + text(hrefOf(*e)) + "'>" + text(e->title) + "</a>") +
           "</p>";
  return html + "</p>";
}

}  // namespace

HelpWindow::HelpWindow(QWidget* parent)
    : QDialog(parent, Qt::Window),
      back_(toolButton("arrow-left", tr("Back (Alt+Left)"))),
      forward_(toolButton("arrow-right", tr("Forward (Alt+Right)"))),
      field_(new QLineEdit),
      list_(new QListWidget),
      browser_(new QTextBrowser) {
  setObjectName("help-window");
  setWindowTitle(tr("Help"));
  resize(userSettings().value(kSize, kFirstSize).toSize());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpace, theme::kSpace, theme::kSpace, theme::kSpace);
  column->setSpacing(theme::kSpaceSmall);
  buildRow(*column);
  list_->setAccessibleName(tr("Pages"));
  list_->setUniformItemSizes(false);
  browser_->setAccessibleName(tr("Help page"));
  browser_->setOpenLinks(false);
  browser_->document()->setDocumentMargin(theme::kSpaceLarge);
  auto* sides = new QSplitter;
  sides->setObjectName("help-sides");
  sides->addWidget(list_);
  sides->addWidget(browser_);
  sides->setChildrenCollapsible(false);
  sides->setStretchFactor(1, 1);
  sides->setSizes({kListWidth, kFirstSize.width() - kListWidth});
  column->addWidget(sides, 1);
  rememberLayout(*this);

  connect(field_, &QLineEdit::textChanged, this, &HelpWindow::search);
  connect(list_, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item && item->data(kKeyRole).isValid() && item->data(kKeyRole).toString() != current())
      showPage(item->data(kKeyRole).toString());
  });
  connect(browser_, &QTextBrowser::anchorClicked, this,
          [this](const QUrl& url) { showPage(url.toString().mid(static_cast<int>(qstrlen(kScheme)))); });
  connect(&theme::Theme::instance(), &theme::Theme::changed, this, &HelpWindow::render);
  const auto key = [this](const QKeySequence& keys, auto slot) {
    connect(new QShortcut(keys, this), &QShortcut::activated, this, slot);
  };
  key(QKeySequence("Alt+Left"), [this] { go(-1); });
  key(QKeySequence("Alt+Right"), [this] { go(1); });
  key(QKeySequence("Ctrl+F"), [this] {
    field_->setFocus();
    field_->selectAll();
  });
  field_->installEventFilter(this);
  search({});
  render();
}

void HelpWindow::buildRow(QVBoxLayout& column) {
  auto* row = new QHBoxLayout;
  back_->setObjectName("help-back");
  forward_->setObjectName("help-forward");
  connect(back_, &QToolButton::clicked, this, [this] { go(-1); });
  connect(forward_, &QToolButton::clicked, this, [this] { go(1); });
  field_->setObjectName("help-search");
  field_->setPlaceholderText(tr("Search: conv2d, nn.Linear, downsample…"));
  field_->setAccessibleName(tr("Search the help"));
  field_->setClearButtonEnabled(true);
  field_->addAction(theme::icon("search", theme::IconRole::Muted), QLineEdit::LeadingPosition);
  row->addWidget(back_);
  row->addWidget(forward_);
  row->addWidget(field_, 1);
  column.addLayout(row);
}

void HelpWindow::addEntries(const std::vector<const help::Entry*>& entries, bool headings) {
  QString before;
  for (const help::Entry* e : entries) {
    if (const QString heading = headingOf(*e); headings && heading != before) {
      auto* item = new QListWidgetItem(before = heading, list_);
      item->setFlags(Qt::NoItemFlags);
      item->setFont(theme::font(theme::TextStyle::Strong));
    }
    auto* item = new QListWidgetItem(text(e->title), list_);
    item->setData(kKeyRole, text(e->key()));
    item->setToolTip(text(help::plainText(e->summary, e->kind)));
    if (!headings && e->kind != help::Kind::Layer)
      item->setText(item->text() + "  (" + text(help::word(e->kind)) + ")");
  }
}

void HelpWindow::search(const QString& words) {
  const QSignalBlocker quiet(list_);  // what is shown stays until somebody chooses
  list_->clear();
  std::vector<const help::Entry*> all;
  if (const std::string wanted = words.trimmed().toStdString(); !wanted.empty())
    all = help::search(wanted);
  else
    for (const help::Entry& e : help::entries()) all.push_back(&e);
  addEntries(all, words.trimmed().isEmpty());
  if (all.empty()) {
    auto* item = new QListWidgetItem(tr("Nothing speaks of that."), list_);
    item->setFlags(Qt::NoItemFlags);
  }
  markInList();
}

void HelpWindow::markInList() {
  const QSignalBlocker quiet(list_);
  list_->setCurrentItem(nullptr);
  for (int row = 0; row < list_->count(); ++row)
    if (list_->item(row)->data(kKeyRole).isValid() && list_->item(row)->data(kKeyRole).toString() == current()) {
      list_->setCurrentRow(row);
      list_->scrollToItem(list_->item(row));
    }
}

void HelpWindow::showPage(const QString& key) {
  if (at_ < 0 || key != current()) {
    visited_ = visited_.mid(0, at_ + 1);
    visited_ << key;
    ++at_;
  }
  render();
}

void HelpWindow::go(int step) {
  if (at_ + step < 0 || at_ + step >= visited_.size()) return;
  at_ += step;
  render();
}

void HelpWindow::render() {
  const QString key = current();
  browser_->document()->setDefaultStyleSheet(sheet());
  browser_->document()->setDefaultFont(theme::font(theme::TextStyle::Body));
  if (const help::Entry* entry = help::findEntry(key.toStdString())) {
    browser_->setHtml(text(help::bodyHtml(help::pageOf(*entry), hrefOf)));
    setWindowTitle(tr("%1 - Help").arg(text(entry->title)));
  } else {
    browser_->setHtml(key.isEmpty() ? startHtml() : unknownHtml(key));
    setWindowTitle(tr("Help"));
  }
  back_->setEnabled(at_ > 0);
  forward_->setEnabled(at_ + 1 < visited_.size());
  markInList();
}

// From the field the arrows choose in the list, and Enter goes to the first of it.
bool HelpWindow::eventFilter(QObject* watched, QEvent* event) {
  if (watched != field_ || event->type() != QEvent::KeyPress) return QDialog::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
  if (!enter && key != Qt::Key_Down && key != Qt::Key_Up) return false;
  const int step = key == Qt::Key_Up ? -1 : 1;
  for (int row = enter ? 0 : list_->currentRow() + step; row >= 0 && row < list_->count(); row += step)
    if (list_->item(row)->flags() & Qt::ItemIsSelectable) {
      list_->setCurrentRow(row);
      break;
    }
  if (enter) browser_->setFocus();
  return true;
}

void HelpWindow::done(int result) {
  userSettings().setValue(kSize, size());
  QDialog::done(result);
}

}  // namespace netwright::panels
