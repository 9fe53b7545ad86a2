// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/problem_view.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>

#include "widgets/bridge/project_model.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::forms {
namespace {

theme::IconRole role(Severity severity) {
  return severity == Severity::Error     ? theme::IconRole::Error
         : severity == Severity::Warning ? theme::IconRole::Warning
                                         : theme::IconRole::Muted;
}

QString banner(Severity severity) {
  return severity == Severity::Error     ? "banner-error"
         : severity == Severity::Warning ? "banner-warning"
                                         : "banner-info";
}

QString severityName(Severity severity) {
  return severity == Severity::Error     ? ProblemView::tr("Error")
         : severity == Severity::Warning ? ProblemView::tr("Warning")
                                         : ProblemView::tr("Note");
}

// An icon that follows the theme, unlike a pixmap.
class IconLabel final : public QLabel {
 public:
  explicit IconLabel(Severity severity) : severity_(severity) {
    setFixedWidth(theme::kIconSize);
    setAlignment(Qt::AlignTop);
    setAccessibleName(severityName(severity));
    refresh();
    connect(&theme::Theme::instance(), &theme::Theme::changed, this, [this] { refresh(); });
  }

 private:
  void refresh() {
    setPixmap(theme::icon(problemIcon(severity_), role(severity_))
                  .pixmap(QSize(theme::kIconSize, theme::kIconSize), devicePixelRatioF()));
  }
  Severity severity_;
};

QLabel* textLabel(const QString& text, const QString& style) {
  auto* label = new QLabel(text);
  label->setTextFormat(Qt::PlainText);
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::NoTextInteraction);
  theme::setClass(*label, style);
  return label;
}

}  // namespace

QString problemIcon(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "info";
}

ProblemView::ProblemView(const Diagnostic& diagnostic, bridge::ProjectModel& model, ProblemLayout layout,
                         QWidget* parent)
    : QFrame(parent), diagnostic_(diagnostic), model_(model) {
  setFocusPolicy(layout == ProblemLayout::Row ? Qt::TabFocus : Qt::NoFocus);
  setAccessibleName(severityName(diagnostic.severity) + ": " + QString::fromStdString(diagnostic.text()));
  setToolTip(QString::fromStdString(diagnostic.code));
  if (layout == ProblemLayout::Card) theme::setClass(*this, banner(diagnostic.severity));
  auto* row = new QHBoxLayout(this);
  const int pad = layout == ProblemLayout::Card ? theme::kSpace - 2 : theme::kSpaceXs;
  row->setContentsMargins(theme::kSpace, pad, theme::kSpace, pad);
  row->setSpacing(theme::kSpaceSmall);
  auto* icon = new IconLabel(diagnostic.severity);
  row->addWidget(icon, 0, Qt::AlignTop);
  if (layout == ProblemLayout::Row) {
    setCursor(Qt::PointingHandCursor);
    row->addWidget(makeText(layout), 1);
    addFixes(*row, layout);
    return;
  }
  auto* column = new QVBoxLayout;
  column->setSpacing(theme::kSpaceSmall);
  column->addWidget(makeText(layout));
  addFixes(*column, layout);
  row->addLayout(column, 1);
}

QWidget* ProblemView::makeText(ProblemLayout layout) {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  column->addWidget(textLabel(QString::fromStdString(diagnostic_.text()), ""));
  if (!diagnostic_.chain.empty())
    column->addWidget(
        textLabel(QString::fromStdString(diagnostic_.chain), layout == ProblemLayout::Card ? "small" : "muted small"));
  return box;
}

void ProblemView::addFixes(QBoxLayout& box, ProblemLayout layout) {
  for (const Fix& fix : diagnostic_.fixes) {
    auto* button = new QPushButton(QString::fromStdString(fix.label));
    button->setCursor(Qt::ArrowCursor);
    // The view goes away with the problem, so the fix is copied and applied after the click is over.
    connect(
        button, &QPushButton::clicked, &model_, [model = &model_, fix] { model->applyFix(fix); }, Qt::QueuedConnection);
    box.addWidget(button, 0, layout == ProblemLayout::Card ? Qt::Alignment() : Qt::AlignVCenter);
  }
}

void ProblemView::mouseReleaseEvent(QMouseEvent*) { Q_EMIT clicked(); }

void ProblemView::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Space) return Q_EMIT clicked();
  QFrame::keyPressEvent(event);
}

}  // namespace netwright::forms
