// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/try_page.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QFrame>
#include <QHBoxLayout>
#include <QMap>
#include <QMimeData>
#include <QRandomGenerator>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/base/text.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/try_answer.h"
#include "widgets/panels/try_canvas.h"
#include "widgets/panels/try_form.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

enum Part { Nothing, Loading, Ready };     // of the page
enum Input { Sheet, Fields, SampleOnly };  // how the network is told
constexpr int kSeen = 112;

QPushButton* buttonFor(QAction* action) {
  QPushButton* made = button(action->text());
  made->setIcon(action->icon());
  made->setToolTip(action->toolTip());
  made->setObjectName("do-" + action->objectName());
  QObject::connect(made, &QPushButton::clicked, action, &QAction::trigger);
  return made;
}

QToolButton* toolFor(QAction* action) {
  QToolButton* made = toolButton({}, action->toolTip());
  made->setIcon(action->icon());
  made->setObjectName("do-" + action->objectName());
  QObject::connect(made, &QToolButton::clicked, action, &QAction::trigger);
  return made;
}

QFrame* panel(QVBoxLayout*& column) {
  QFrame* frame = card();
  column = new QVBoxLayout(frame);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge);
  column->setSpacing(theme::kSpace);
  return frame;
}

}  // namespace

TryPage::TryPage(bridge::ProjectModel* project, bridge::RunModel* run, QWidget* parent)
    : QWidget(parent),
      model_(project, run),
      actions_(makeTryActions(*this)),
      stack_(new QStackedWidget),
      problem_(new MessageBanner) {
  setAcceptDrops(true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceXl);
  column->setSpacing(theme::kSpace);
  column->addWidget(makeHead());
  column->addWidget(problem_);
  auto* nothing = new EmptyState("eye", tr("Train a network first"),
                                 tr("Then you can draw for it, show it samples or fill in its table, also while it "
                                    "trains."));
  QPushButton* train = nothing->addButton(tr("Go to Train"), "chart", "primary");
  train->setObjectName("try-train");
  connect(train, &QPushButton::clicked, this, &TryPage::trainRequested);
  stack_->addWidget(nothing);
  stack_->addWidget(
      new EmptyState("refresh", tr("Getting the network ready"), tr("Its data and its weights are being read.")));
  auto* ready = new QWidget;
  auto* row = new QHBoxLayout(ready);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpaceLarge);
  row->addWidget(makeInput(), 3);
  row->addWidget(makeAnswer(), 2);
  stack_->addWidget(ready);
  column->addWidget(stack_, 1);
  connectAll();
  showRuns();
  showNetwork();
}

QWidget* TryPage::makeHead() {
  auto* head = new QWidget;
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpaceSmall);
  row->addWidget(label(tr("Try it"), "title"));
  row->addStretch();
  state_ = label({}, "muted");
  state_->setObjectName("try-state");
  row->addWidget(state_);
  row->addSpacing(theme::kSpaceSmall);
  QLabel* name = label(tr("Run"));
  runs_ = new QComboBox;
  runs_->setObjectName("try-run");
  runs_->setAccessibleName(tr("Run whose network is asked"));
  runs_->setMinimumContentsLength(16);
  name->setBuddy(runs_);
  row->addWidget(name);
  row->addWidget(runs_);
  return head;
}

QWidget* TryPage::makeInput() {
  QVBoxLayout* column = nullptr;
  QFrame* frame = panel(column);
  auto* head = new QHBoxLayout;
  head->setSpacing(theme::kSpaceSmall);
  head->addWidget(title_ = label({}, "heading"), 1);
  undo_ = buttonFor(actions_.undo);
  undo_->setText(tr("Undo"));
  clear_ = buttonFor(actions_.clear);
  writeOn_ = buttonFor(actions_.writeOn);
  for (QPushButton* b : {writeOn_, undo_, clear_, buttonFor(actions_.open)}) head->addWidget(b);
  column->addLayout(head);
  form_ = new TryForm;
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  auto* fields = new QWidget;
  auto* top = new QVBoxLayout(fields);
  top->setContentsMargins(0, 0, theme::kSpaceSmall, 0);
  top->addWidget(form_);
  top->addStretch();
  scroll->setWidget(fields);
  input_ = new QStackedWidget;
  input_->addWidget(makeSheet());
  input_->addWidget(scroll);
  input_->addWidget(new EmptyState("data", tr("Choose a sample below"),
                                   tr("This network reads data that cannot be typed or drawn. Take a sample of the "
                                      "data set, or drop an array (.npy) of the source's own values.")));
  column->addWidget(input_, 1);
  column->addWidget(horizontalLine());
  column->addWidget(makeSamples());
  return frame;
}

QWidget* TryPage::makeSheet() {
  canvas_ = new TryCanvas;
  canvas_->setObjectName("try-canvas");
  auto* part = new QWidget;
  auto* row = new QHBoxLayout(part);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpaceLarge);
  row->addWidget(canvas_, 1);
  auto* side = new QVBoxLayout;
  side->setSpacing(theme::kSpaceSmall);
  side->addWidget(label(tr("The network sees"), "muted small"));
  seen_ = new QLabel;
  seen_->setFixedSize(kSeen, kSeen);
  seen_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  seen_->setAccessibleName(tr("What the network sees"));
  side->addWidget(seen_);
  drawing_ = new QWidget;
  auto* tools = new QVBoxLayout(drawing_);
  tools->setContentsMargins(0, theme::kSpace, 0, 0);
  tools->setSpacing(theme::kSpaceSmall);
  QLabel* brush = label(tr("Brush"), "muted small");
  brush_ = new QSlider(Qt::Horizontal);
  brush_->setObjectName("try-brush");
  brush_->setRange(2, 25);
  brush_->setValue(canvas_->brush());
  brush_->setFixedWidth(kSeen);
  brush_->setToolTip(tr("Width of the brush ([ and ] on the sheet)"));
  brush_->setAccessibleName(tr("Width of the brush"));
  brush->setBuddy(brush_);
  tools->addWidget(brush);
  tools->addWidget(brush_);
  tools->addSpacing(theme::kSpaceSmall);
  centred_ = new QCheckBox(tr("Centre and scale"));
  centred_->setObjectName("try-centred");
  centred_->setChecked(true);
  centred_->setToolTip(tr("As large as the pictures of the data set, with its weight in the middle"));
  tools->addWidget(centred_);
  side->addWidget(drawing_);
  side->addStretch();
  row->addLayout(side);
  return part;
}

QWidget* TryPage::makeSamples() {
  auto* part = new QWidget;
  auto* row = new QHBoxLayout(part);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpaceSmall);
  QLabel* name = label(tr("Sample"));
  split_ = new QComboBox;
  split_->setObjectName("try-split");
  split_->setAccessibleName(tr("Set of samples"));
  place_ = new QSpinBox;
  place_->setObjectName("try-sample");
  place_->setAccessibleName(tr("Number of the sample in its set"));
  place_->setKeyboardTracking(false);
  name->setBuddy(place_);
  row->addWidget(name);
  row->addWidget(split_);
  row->addWidget(place_);
  for (QAction* action : {actions_.previous, actions_.next, actions_.random}) row->addWidget(toolFor(action));
  sampleName_ = new ElidedLabel;
  theme::setClass(*sampleName_, "muted small");
  row->addWidget(sampleName_, 1);
  return part;
}

QWidget* TryPage::makeAnswer() {
  QVBoxLayout* column = nullptr;
  QFrame* frame = panel(column);
  answer_ = new TryAnswerView;
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(answer_);
  column->addWidget(scroll, 1);
  frame->setMinimumWidth(280);
  return frame;
}

void TryPage::connectAll() {
  connect(&model_, &bridge::TryModel::runsChanged, this, &TryPage::showRuns);
  connect(&model_, &bridge::TryModel::networkChanged, this, &TryPage::showNetwork);
  connect(&model_, &bridge::TryModel::answered, this, &TryPage::showAnswer);
  connect(&model_, &bridge::TryModel::failed, this, &TryPage::report);
  connect(runs_, &QComboBox::activated, this, [this] { model_.choose(runs_->currentData().toLongLong()); });
  connect(canvas_, &TryCanvas::changed, this, [this] {
    if (!showing_) truth_.clear(), sampleName_->setFullText({});
    ask();
  });
  connect(form_, &TryForm::changed, this, [this] {
    if (!showing_) truth_.clear(), sampleName_->setFullText({});
    ask();
  });
  connect(brush_, &QSlider::valueChanged, canvas_, &TryCanvas::setBrush);
  connect(centred_, &QCheckBox::toggled, canvas_, &TryCanvas::setCentred);
  connect(split_, &QComboBox::activated, this, [this] {
    const QSignalBlocker quiet(place_);
    place_->setRange(
        0, static_cast<int>(std::max<int64_t>(0, model_.network()->splitSize(split_->currentData().toString()) - 1)));
    showSample();
  });
  connect(place_, &QSpinBox::valueChanged, this, &TryPage::showSample);
  connect(actions_.next, &QAction::triggered, this, [this] { stepSample(1); });
  connect(actions_.previous, &QAction::triggered, this, [this] { stepSample(-1); });
  connect(actions_.random, &QAction::triggered, this, &TryPage::randomSample);
  connect(actions_.open, &QAction::triggered, this, &TryPage::chooseFile);
  connect(actions_.writeOn, &QAction::triggered, this, &TryPage::writeOn);
  connect(actions_.undo, &QAction::triggered, canvas_, &TryCanvas::undo);
  connect(actions_.redo, &QAction::triggered, canvas_, &TryCanvas::redo);
  connect(actions_.clear, &QAction::triggered, this, [this] {
    if (!model_.network()) return;
    if (input_->currentIndex() == Sheet) return canvas_->clear();
    if (input_->currentIndex() == Fields) form_->showValues(model_.network()->blank().values);
  });
}

void TryPage::showRuns() {
  const QSignalBlocker quiet(runs_);
  runs_->clear();
  for (const bridge::TryModel::Choice& c : model_.runs()) {
    runs_->addItem(c.live ? tr("%1 · going on").arg(c.name) : c.name, c.run);
    if (c.run == model_.chosen()) runs_->setCurrentIndex(runs_->count() - 1);
  }
  runs_->setEnabled(runs_->count() > 0);
  showState();
}

void TryPage::showNetwork() {
  const auto& network = model_.network();
  problem_->dismiss();
  toWrite_ = 0;
  sample_.clear();
  truth_.clear();
  sampleName_->setFullText({});
  showState();
  if (!network) return form_->setNetwork(nullptr);
  {
    const QSignalBlocker quietSplit(split_), quietPlace(place_);
    split_->clear();
    const QMap<QString, QString> titles{
        {"test", tr("test")}, {"validation", tr("validation")}, {"train", tr("training")}};
    for (const QString& split : network->splits()) split_->addItem(titles[split], split);
    place_->setRange(0,
                     static_cast<int>(std::max<int64_t>(0, network->splitSize(split_->currentData().toString()) - 1)));
    place_->setValue(0);
  }
  form_->setNetwork(network);
  if (network->picture()) {
    input_->setCurrentIndex(Sheet);
    canvas_->setPicture(*network->picture());
    title_->setText(canvas_->canDraw() ? tr("Draw, or take a sample") : tr("Take a sample, or drop a picture"));
    drawing_->setVisible(canvas_->canDraw());
    if (!canvas_->canDraw()) showSample();  // something to start from
  } else {
    input_->setCurrentIndex(network->fields().empty() ? SampleOnly : Fields);
    title_->setText(network->fields().empty() ? tr("Take a sample") : tr("Fill in, or take a sample"));
    showSample();  // something to start from
  }
  undo_->setVisible(input_->currentIndex() == Sheet);
  clear_->setVisible(input_->currentIndex() != SampleOnly);
  writeOn_->setVisible(form_->continues());
}

void TryPage::showState() {
  const bool any = !model_.runs().isEmpty();
  stack_->setCurrentIndex(!any ? Nothing : model_.isReady() ? Ready : Loading);
  for (QAction* action : actions_.all()) action->setEnabled(model_.isReady() && isVisible());
  actions_.undo->setEnabled(canvas_->canUndo());
  actions_.redo->setEnabled(canvas_->canRedo());
  undo_->setEnabled(canvas_->canUndo());
  if (!any)
    state_->clear();
  else if (!model_.isLive())
    state_->setText(tr("From its last checkpoint"));
  else if (model_.answer() && model_.answeredStep() > 0)
    state_->setText(tr("Live, after step %1").arg(QString::fromStdString(grouped(model_.answeredStep()))));
  else
    state_->setText(tr("Live, while it trains"));
}

void TryPage::showAnswer() {
  answer_->display(model_.answer());
  if (model_.answer()) problem_->dismiss();
  if (toWrite_ > 0 && model_.answer() && !model_.isBusy()) writeNext();
  showState();
}

QString TryPage::sampleText() const { return sampleName_->fullText(); }

void TryPage::stepSample(int by) { place_->setValue(place_->value() + by); }

void TryPage::randomSample() {
  const int value = QRandomGenerator::global()->bounded(place_->maximum() + 1);
  if (value == place_->value()) return showSample();
  place_->setValue(value);
}

void TryPage::showSample() {
  const auto& network = model_.network();
  if (!network || split_->count() == 0) return;
  try {
    const bridge::TryNetwork::Sample sample = network->sample(split_->currentData().toString(), place_->value());
    truth_ = sample.truth;
    sampleName_->setFullText(sample.name);
    showing_ = true;
    sample_ = sample.values;
    if (input_->currentIndex() == Sheet) canvas_->showValues(sample.values[network->picture()->column]);
    if (input_->currentIndex() == Fields) form_->showValues(sample.values);
    showing_ = false;
    if (input_->currentIndex() == SampleOnly) ask();
  } catch (const Error& e) {
    showing_ = false;
    report(bridge::messageOf(e));
  }
}

// Whatever is told now, to the network as it is now.
void TryPage::ask() {
  const auto& network = model_.network();
  if (!network) return;
  problem_->dismiss();
  answer_->setTruth(truth_);
  std::vector<HostTensor> values;
  if (input_->currentIndex() == Sheet) {
    const bridge::TryPicture& picture = *network->picture();
    seen_->setPixmap(QPixmap::fromImage(canvas_->seen().scaled(kSeen, kSeen, Qt::KeepAspectRatio)));
    showState();
    if (canvas_->isBlank()) return model_.forgetQuestion();
    values = network->blank().values;
    const data::ColumnSpec& column = network->columns()[picture.column];
    values[picture.column] = canvas_->values(column.dtype, column.shape);
  } else if (input_->currentIndex() == Fields) {
    if (form_->isUntold()) return model_.forgetQuestion();
    if (const QString wrong = form_->problem(); !wrong.isEmpty()) {
      model_.forgetQuestion();
      return report({wrong, {}, tr("Correct it, or leave it empty where the data may be missing.")});
    }
    values = form_->values();
  } else {
    values = sample_;
  }
  if (!values.empty()) model_.ask(std::move(values));
}

void TryPage::report(const bridge::Message& why) { problem_->showMessage(MessageBanner::Kind::Warning, why); }

void TryPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  model_.setActive(true);
  showState();
}

void TryPage::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  model_.setActive(false);
  showState();
}

void TryPage::dragEnterEvent(QDragEnterEvent* event) {
  const QList<QUrl> urls = event->mimeData()->urls();
  const QString file = urls.size() == 1 ? urls.front().toLocalFile() : QString();
  const QString suffix = QFileInfo(file).suffix().toLower();
  const bool known =
      QStringList{"png", "jpg", "jpeg", "bmp", "gif", "webp", "pgm", "ppm", "npy", "txt", "csv", "tsv", "wav"}.contains(
          suffix);
  if (known && model_.isReady()) event->acceptProposedAction();
}

void TryPage::dropEvent(QDropEvent* event) {
  openFile(event->mimeData()->urls().front().toLocalFile());
  event->acceptProposedAction();
}

}  // namespace netwright::panels
