// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/export_dialog.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/base/text.h"
#include "core/convert/exporter.h"
#include "core/store/database.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/metric_text.h"
#include "widgets/bridge/recent_projects.h"
#include "widgets/panels/format_card.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/settings_form_parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kWidth = 900, kLabel = 56;
constexpr int kOptionsHeight = 140;  // more are scrolled: the dialog fits a screen of 800 lines

QHBoxLayout* field(const QString& title, QWidget* widget, QWidget* after = nullptr) {
  auto* row = new QHBoxLayout;
  row->setSpacing(theme::kSpaceSmall);
  QLabel* name = label(title);
  name->setFixedWidth(kLabel);
  name->setBuddy(widget);
  widget->setAccessibleName(title);
  row->addWidget(name);
  row->addWidget(widget, 1);
  if (after) row->addWidget(after);
  return row;
}

// With what the run is judged by, whatever that is.
QString runTitle(const store::RunSummary& run) {
  const QString name = QString::fromStdString(run.name);
  const store::MetricSummary* result = run.result();
  if (!result || !result->best()) return name;
  const QString key = QString::fromStdString(result->key);
  QString title = bridge::metricTitle(key, QString::fromStdString(result->context));
  title[0] = title[0].toLower();
  return QStringLiteral("%1  ·  %2 %3").arg(name, title, bridge::metricText(key, result->best()->value));
}

}  // namespace

ExportDialog::ExportDialog(const bridge::ProjectModel& model, const QString& run, QWidget* parent)
    : QDialog(parent),
      model_(model),
      job_(new bridge::ExportJob(this)),
      banner_(new MessageBanner),
      bar_(new QProgressBar) {
  setObjectName("export-dialog");
  setWindowTitle(tr("Export a trained network"));
  setFixedWidth(kWidth);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceLarge);
  column->setSpacing(theme::kSpaceLarge);
  auto* head = new QVBoxLayout;
  head->setSpacing(2);
  head->addWidget(label(tr("Take your network anywhere"), "title"));
  head->addWidget(label(tr("The file is read back and compared with the engine before you get it."), "muted"));
  column->addLayout(head);
  column->addWidget(makeFormats());
  column->addWidget(makeWhat());
  column->addWidget(makeOptions());
  column->addWidget(makeCheck());
  column->addWidget(banner_);
  column->addWidget(makeResult());
  bar_->setRange(0, 0);
  bar_->setTextVisible(false);
  bar_->hide();
  column->addWidget(bar_);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(theme::kSpaceSmall);
  buttons->addStretch();
  close_ = button(tr("Cancel"));
  export_ = button(tr("Export"), "export", "primary");
  export_->setObjectName("start-export");
  export_->setDefault(true);
  buttons->addWidget(close_);
  buttons->addWidget(export_);
  column->addLayout(buttons);
  connect(close_, &QPushButton::clicked, this, [this] { job_->isRunning() ? job_->cancel() : void(close()); });
  connect(export_, &QPushButton::clicked, this, &ExportDialog::start);
  connect(job_, &bridge::ExportJob::checked, this, &ExportDialog::showCheck);
  connect(job_, &bridge::ExportJob::refused, this, [this](const bridge::Message& m) {
    legal_ = false;
    checkIcon_->setIcon("error", theme::IconRole::Error);
    checkTitle_->setText(m.title);
    checkText_->setText((m.why + ' ' + m.next).trimmed());
    checkText_->setVisible(!checkText_->text().isEmpty());
    showRunning(false);
  });
  connect(job_, &bridge::ExportJob::finished, this, &ExportDialog::showOutcome);
  connect(job_, &bridge::ExportJob::failed, this, [this](const bridge::Message& m) {
    showRunning(false);
    banner_->showMessage(MessageBanner::Kind::Error, m);
    fitHeight();
  });
  formats_.front()->setChecked(true);
  chooseFormat();
  loadRuns(run);
  export_->setFocus();
}

QWidget* ExportDialog::makeFormats() {
  auto* row = new QWidget;
  constexpr int kColumns = 3;
  auto* inside = new QGridLayout(row);
  inside->setContentsMargins(0, 0, 0, 0);
  inside->setSpacing(theme::kSpace);
  int height = 0;
  for (const auto& exporter : convert::registry()) {
    auto* card = new FormatCard(*exporter);
    connect(card, &FormatCard::clicked, this, &ExportDialog::chooseFormat);
    inside->addWidget(card, static_cast<int>(formats_.size()) / kColumns, static_cast<int>(formats_.size()) % kColumns);
    formats_.append(card);
    height = std::max(height, card->sizeHint().height());
  }
  for (FormatCard* card : std::as_const(formats_)) card->setFixedHeight(height);
  return row;
}

QWidget* ExportDialog::makeWhat() {
  auto* part = new QWidget;
  auto* column = new QVBoxLayout(part);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kSpaceSmall);
  runs_ = new QComboBox;
  runs_->setObjectName("export-run-choice");
  column->addLayout(field(tr("Run"), runs_));
  path_ = new QLineEdit;
  path_->setObjectName("export-path");
  QPushButton* choose = button(tr("Browse…"), "folder");
  QHBoxLayout* place = field(tr("File"), path_, choose);
  pathTitle_ = qobject_cast<QLabel*>(place->itemAt(0)->widget());
  column->addLayout(place);
  connect(choose, &QPushButton::clicked, this, &ExportDialog::browse);
  path_->setToolTip(tr("Inside the project's folder unless it begins with / or ~"));
  connect(path_, &QLineEdit::textChanged, this, [this] { showRunning(job_->isRunning()); });
  connect(runs_, &QComboBox::activated, this, &ExportDialog::check);
  return part;
}

QWidget* ExportDialog::makeOptions() {
  fold_ = new FormFold("export-options", tr("Options"));
  rows_ = new SpecRows("export-");
  scroll_ = new QScrollArea;
  scroll_->setObjectName("export-options-scroll");
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setWidget(rows_);
  scroll_->viewport()->setAutoFillBackground(false);
  rows_->setAutoFillBackground(false);
  fold_->add(scroll_);
  connect(rows_, &SpecRows::edited, this, [this](const QString& name, const QString&, const Attribute& value) {
    options_[name.toStdString()] = value;
    fold_->setChanged(rows_->changedCount());
    check();
  });
  connect(fold_->toggle(), &QToolButton::toggled, this, [this] { fitHeight(); });
  return fold_;
}

// Choices that another format has too are kept.
void ExportDialog::showOptions() {
  const std::vector<ParamSpec> specs = project::exportOptions(format());
  Attributes values = defaults(specs);
  for (auto& [name, value] : values)
    if (const auto chosen = options_.find(name); chosen != options_.end()) value = chosen->second;
  options_ = values;
  rows_->display(QString::fromStdString(format().info().id), specs, values);
  fold_->setChanged(rows_->changedCount());
  fold_->setVisible(!specs.empty());
  scroll_->setFixedHeight(std::min(rows_->sizeHint().height() + theme::kSpaceXs, kOptionsHeight));
}

QWidget* ExportDialog::makeCheck() {
  auto* part = new QWidget;
  auto* row = new QHBoxLayout(part);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpaceSmall);
  checkIcon_ = new IconLabel("dot", theme::IconRole::Muted, 18);
  checkTitle_ = wrapped(tr("Checking the network…"));
  checkText_ = wrapped({}, "muted");
  checkText_->hide();
  checkText_->setObjectName("export-check");
  checkText_->setTextInteractionFlags(Qt::TextBrowserInteraction);
  connect(checkText_, &QLabel::linkActivated, this, [this](const QString& node) {
    close();
    Q_EMIT nodeRequested(NodeId{node.toLongLong()});
  });
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  words->addWidget(checkTitle_);
  words->addWidget(checkText_);
  row->addWidget(checkIcon_, 0, Qt::AlignTop);
  row->addLayout(words, 1);
  return part;
}

QWidget* ExportDialog::makeResult() {
  auto* frame = new QFrame;
  result_ = frame;
  auto* column = new QVBoxLayout(frame);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpace, theme::kSpaceLarge, theme::kSpace);
  column->setSpacing(theme::kSpaceSmall);
  const auto line = [&](IconLabel*& icon, QLabel*& text, const char* iconName, const QString& classes) {
    auto* row = new QHBoxLayout;
    row->setSpacing(theme::kSpaceSmall);
    icon = new IconLabel(iconName, theme::IconRole::Success, 18);
    text = wrapped({}, classes);
    row->addWidget(icon, 0, Qt::AlignTop);
    row->addWidget(text, 1);
    column->addLayout(row);
  };
  line(resultIcon_, resultTitle_, "check", "strong");
  resultFile_ = wrapped({}, "muted code");
  resultFile_->setContentsMargins(18 + theme::kSpaceSmall, 0, 0, 0);
  column->addWidget(resultFile_);
  line(proofIcon_, proof_, "check", {});
  proof_->setObjectName("export-proof");
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(18 + theme::kSpaceSmall, theme::kSpaceXs, 0, 0);
  buttons->setSpacing(theme::kSpaceSmall);
  copy_ = button(tr("Copy code that loads it"), "copy");
  copy_->setObjectName("copy-code");
  QPushButton* open = button(tr("Open folder"), "folder");
  buttons->addWidget(copy_);
  buttons->addWidget(open);
  buttons->addStretch();
  column->addLayout(buttons);
  connect(copy_, &QPushButton::clicked, this, &ExportDialog::copyCode);
  connect(open, &QPushButton::clicked, this, [this] {
    const QFileInfo made(QString::fromStdString(outcome_->output.string()));
    opensFolder(made.isDir() ? made.absoluteFilePath() : made.absolutePath());
  });
  frame->hide();
  return frame;
}

void ExportDialog::loadRuns(const QString& chosen) {
  bridge::inBackground(
      this,
      [file = project::databaseFile(model_.folder())] {
        std::vector<store::RunSummary> runs = store::Database(file).runs();
        return runs;
      },
      [this, chosen](const std::vector<store::RunSummary>& runs) {
        for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
          const QString id = QString::number(run->id.value);
          runs_->addItem(runTitle(*run), id);
          if (id == chosen || QString::fromStdString(run->name) == chosen) runs_->setCurrentIndex(runs_->count() - 1);
        }
        check();
      },
      [this](const bridge::Message& problem) { banner_->showMessage(MessageBanner::Kind::Error, problem); });
}

const convert::Exporter& ExportDialog::format() const {
  for (const FormatCard* card : formats_)
    if (card->isChecked()) return card->format();
  return formats_.front()->format();
}

project::ExportRequest ExportDialog::request() const {
  const QString run = runs_->currentData().toString();
  QString path = path_->text().trimmed();
  if (path.startsWith("~/")) path = QDir::homePath() + path.mid(1);
  if (QFileInfo(path).isRelative()) path = QString::fromStdString(model_.folder().string()) + '/' + path;
  return {model_.folder(), run.isEmpty() ? "latest" : run.toStdString(), &format(), path.toStdString(), options_};
}

// The end of the name follows the format: a file's extension, of a folder the format's id.
void ExportDialog::chooseFormat() {
  const convert::FormatInfo info = format().info();
  QString path = path_->text();
  if (path.isEmpty()) {
    path = QString::fromStdString(model_.project().name).simplified().toLower().replace(' ', '-');
    if (path.isEmpty()) path = "model";
  } else if (path.endsWith(ending_)) {
    path.chop(ending_.size());
  } else if (const qsizetype dot = path.lastIndexOf('.'); dot > path.lastIndexOf('/')) {
    path.truncate(dot);
  }
  ending_ = info.folder ? '-' + QString::fromStdString(info.id) : '.' + QString::fromStdString(info.extensions.front());
  path_->setText(path + ending_);
  pathTitle_->setText(info.folder ? tr("Folder") : tr("File"));
  path_->setAccessibleName(pathTitle_->text());
  showOptions();
  if (runs_->count() > 0) check();
}

void ExportDialog::browse() {
  const convert::FormatInfo info = format().info();
  const QString title = QString::fromStdString(info.title);
  const QString filter =
      info.folder ? QString() : QString("%1 (*.%2)").arg(title, QString::fromStdString(info.extensions.front()));
  const QString path = QFileDialog::getSaveFileName(this, tr("Export as %1").arg(title),
                                                    QString::fromStdString(request().output.string()), filter);
  if (!path.isEmpty()) path_->setText(placeText(path));
}

// Relative where it lies inside the project, as it is recorded.
QString ExportDialog::placeText(const QString& path) const {
  const QString folder = QDir(QString::fromStdString(model_.folder().string())).absolutePath() + '/';
  return path.startsWith(folder) ? path.mid(folder.size()) : bridge::shownPath(path);
}

void ExportDialog::check() {
  banner_->dismiss();
  result_->hide();
  outcome_.reset();
  legal_ = false;
  checkIcon_->parentWidget()->show();
  fold_->setVisible(!project::exportOptions(format()).empty());
  checkIcon_->setIcon("dot", theme::IconRole::Muted);
  checkTitle_->setText(tr("Checking the network…"));
  checkText_->hide();
  showRunning(false);
  job_->check(request());
}

void ExportDialog::showCheck(const Diagnostics& problems) {
  legal_ = !hasErrors(problems);
  const QString title = QString::fromStdString(format().info().title);
  checkIcon_->setIcon(legal_ ? "check" : "error", legal_ ? theme::IconRole::Success : theme::IconRole::Error);
  checkTitle_->setText(legal_ ? tr("Every layer of this network can be written as %1.").arg(title)
                              : tr("%1 cannot hold all of this network:").arg(title));
  QStringList lines;
  for (const Diagnostic& d : problems) {
    QString line = QStringLiteral("• ") + QString::fromStdString(d.text()).toHtmlEscaped();
    // The network may have changed since the run: only what is still there can be shown.
    if (!d.node.empty() && model_.root().find(d.node.front()))
      line += QString(" <a href=\"%1\">%2</a>").arg(d.node.front().value).arg(tr("Show it"));
    lines << line;
  }
  checkText_->setText(lines.join("<br>"));
  checkText_->setVisible(!lines.isEmpty());
  showRunning(false);
}

void ExportDialog::start() {
  banner_->dismiss();
  result_->hide();
  showRunning(true);
  job_->start(request());
}

void ExportDialog::showRunning(bool running) {
  bar_->setVisible(running);
  export_->setEnabled(!running && legal_ && !path_->text().trimmed().isEmpty());
  export_->setText(running ? tr("Exporting…") : outcome_ ? tr("Export again") : tr("Export"));
  close_->setText(outcome_ ? tr("Done") : tr("Cancel"));
  theme::setClass(*close_, outcome_ ? "primary" : "");
  theme::setClass(*export_, outcome_ ? "" : "primary");
  export_->setIcon(theme::icon("export", outcome_ ? theme::IconRole::Text : theme::IconRole::OnAccent));
  for (FormatCard* card : std::as_const(formats_)) card->setEnabled(!running);
  runs_->setEnabled(!running);
  path_->setEnabled(!running);
  fold_->setEnabled(!running);
  fitHeight();
}

// Lines of text come and go: the dialog is always as high as they need, and moves up where it would leave the screen.
void ExportDialog::fitHeight() {
  layout()->activate();
  setFixedHeight(layout()->totalHeightForWidth(kWidth));
  const QRect place = screen()->availableGeometry();
  if (isVisible() && frameGeometry().bottom() > place.bottom())
    move(x(), std::max(place.top(), place.bottom() - frameGeometry().height()));
}

void ExportDialog::showOutcome(const project::ExportOutcome& outcome) {
  outcome_ = outcome;
  showRunning(false);
  checkIcon_->parentWidget()->hide();
  fold_->hide();  // what was chosen has been used; there is the result to read
  const bool equal = outcome.comparison.equal;
  const QString size = QString::fromStdString(byteText(static_cast<double>(outcome.size)));
  theme::setClass(*result_, equal ? "banner-success" : "banner-error");
  resultTitle_->setText(tr("Wrote %1 of %2").arg(size, QString::fromStdString(outcome.run)));
  resultFile_->setText(bridge::shownPath(QString::fromStdString(outcome.output.string())));
  proofIcon_->setIcon(equal ? "check" : "error", equal ? theme::IconRole::Success : theme::IconRole::Error);
  QStringList words{QString::fromStdString(outcome.comparison.text())};
  for (const std::string& note : outcome.notes) words << QString::fromStdString(note);
  proof_->setText(words.join('\n'));
  copy_->setText(tr("Copy code that loads it"));
  result_->show();
  close_->setFocus();
  fitHeight();
  Q_EMIT exported(QString::fromStdString(outcome.output.string()));
}

void ExportDialog::copyCode() {
  QString code = QString::fromStdString(format().info().loadSnippet);
  code.replace("{file}", QFileInfo(QString::fromStdString(outcome_->output.string())).fileName());
  QApplication::clipboard()->setText(code);
  copy_->setText(tr("Copied"));
}

}  // namespace netwright::panels
