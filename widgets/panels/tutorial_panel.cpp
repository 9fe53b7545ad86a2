// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/tutorial_panel.h"

#include <QPainter>
#include <QProgressBar>
#include <QScrollArea>
#include <QVBoxLayout>

#include "widgets/panels/layout_memory.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kWidth = 292;
constexpr const char *kTutorial = "tutorial/current", *kStep = "tutorial/step", *kFinished = "tutorial/finished";

QLabel* markdown(const QString& text) {
  QLabel* made = wrapped(text);
  made->setTextFormat(Qt::MarkdownText);
  return made;
}

}  // namespace

TutorialPanel::TutorialPanel()
    : title_(wrapped({}, "heading")), summary_(wrapped({}, "muted")), bar_(new QProgressBar), rows_(new QVBoxLayout) {
  setObjectName("tutorial-panel");
  setAttribute(Qt::WA_StyledBackground);
  theme::setClass(*this, "panel");
  setFixedWidth(kWidth);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge, theme::kSpaceLarge);
  column->setSpacing(theme::kSpaceSmall);
  auto* head = new QHBoxLayout;
  head->addWidget(title_, 1);
  QToolButton* close = toolButton("close", tr("Leave the tutorial; Help brings it back"));
  close->setObjectName("close-tutorial");
  connect(close, &QToolButton::clicked, this, &TutorialPanel::stop);
  head->addWidget(close, 0, Qt::AlignTop);
  column->addLayout(head);
  column->addWidget(summary_);
  bar_->setTextVisible(false);
  bar_->setFixedHeight(6);
  column->addWidget(bar_);
  auto* inside = new QWidget;
  rows_->setContentsMargins(0, theme::kSpaceSmall, 0, 0);
  rows_->setSpacing(theme::kSpace);
  inside->setLayout(rows_);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(inside);
  column->addWidget(scroll, 1);
  hide();
}

void TutorialPanel::begin(const bridge::Tutorial& tutorial, int step) {
  tutorial_ = tutorial;
  step_ = step;
  title_->setText(tutorial.title);
  summary_->setText(tutorial.summary);
  rebuild();
  show();
}

void TutorialPanel::look(const bridge::TutorialFacts& facts) {
  if (isHidden() || isFinished()) return;
  const int before = step_;
  while (!isFinished() && bridge::isDone(tutorial_.steps[step_], facts)) ++step_;
  if (step_ == before) return;
  rebuild();
  if (!isFinished()) return;
  QSettings s = userSettings();
  QStringList all = s.value(kFinished).toStringList();
  if (!all.contains(tutorial_.id)) all << tutorial_.id;
  s.setValue(kFinished, all);
  Q_EMIT finished();
}

void TutorialPanel::stop() {
  hide();
  QSettings s = userSettings();
  s.remove(kTutorial);
  s.remove(kStep);
  Q_EMIT closed();
}

void TutorialPanel::rebuild() {
  while (QLayoutItem* item = rows_->takeAt(0)) {
    if (QWidget* row = item->widget()) {  // its button may be the one that was just pressed
      row->hide();                        // else the layout shows it later, as a window
      row->setParent(nullptr);
      row->deleteLater();
    }
    delete item;
  }
  bar_->setRange(0, static_cast<int>(tutorial_.steps.size()));
  bar_->setValue(step_);
  for (int i = 0; i < tutorial_.steps.size(); ++i) rows_->addWidget(row(i));
  if (isFinished()) rows_->addWidget(wrapped(tr("That was all. More tutorials are in the Help menu."), "success"));
  rows_->addStretch();
  QSettings s = userSettings();
  s.setValue(kTutorial, isFinished() ? QString() : tutorial_.id);
  s.setValue(kStep, step_);
}

QWidget* TutorialPanel::row(int index) {
  const bridge::TutorialStep& step = tutorial_.steps[index];
  const bool done = index < step_, current = index == step_;
  auto* made = new QWidget;
  auto* across = new QHBoxLayout(made);
  across->setContentsMargins(0, 0, 0, 0);
  across->setSpacing(theme::kSpaceSmall);
  across->addWidget(new IconLabel(done      ? "check"
                                  : current ? "chevron-right"
                                            : "dot",
                                  done      ? theme::IconRole::Success
                                  : current ? theme::IconRole::Accent
                                            : theme::IconRole::Muted,
                                  16),
                    0, Qt::AlignTop);
  auto* words = new QVBoxLayout;
  words->setSpacing(theme::kSpaceXs);
  QLabel* title = wrapped(step.title, current ? "strong" : "muted");
  title->setAccessibleName(done ? tr("%1, done").arg(step.title) : step.title);
  words->addWidget(title);
  across->addLayout(words, 1);
  if (!current) return made;
  words->addWidget(markdown(step.text));
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(theme::kSpaceSmall);
  if (!step.show.isEmpty()) {
    QPushButton* show = button(tr("Show me"), "eye");
    show->setObjectName("tutorial-show");
    connect(show, &QPushButton::clicked, this, [this, id = step.show] { Q_EMIT showRequested(id); });
    buttons->addWidget(show);
  }
  if (!step.change.isEmpty()) {
    QPushButton* change = button(tr("Do it for me"), "play");
    change->setObjectName("tutorial-do");
    connect(change, &QPushButton::clicked, this, [this, what = step.change] { Q_EMIT changeRequested(what); });
    buttons->addWidget(change);
  }
  buttons->addStretch();
  words->addLayout(buttons);
  return made;
}

TutorialPanel::Place TutorialPanel::remembered() {
  const QSettings s = userSettings();
  return {s.value(kTutorial).toString(), s.value(kStep).toInt()};
}

bool TutorialPanel::wasFinished(const QString& tutorial) {
  return userSettings().value(kFinished).toStringList().contains(tutorial);
}

}  // namespace netwright::panels
