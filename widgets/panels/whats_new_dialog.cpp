// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/whats_new_dialog.h"

#include <QTextBrowser>
#include <QVBoxLayout>

#include "widgets/bridge/changelog.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"

namespace netwright::panels {

WhatsNewDialog::WhatsNewDialog(QWidget* parent) : QDialog(parent) {
  setObjectName("whats-new-dialog");
  setWindowTitle(tr("What is new"));
  resize(680, 560);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceLarge);
  column->setSpacing(theme::kSpace);
  column->addWidget(label(tr("What is new"), "title"));
  column->addWidget(label(tr("This is version %1.").arg(NETWRIGHT_VERSION), "muted"));
  auto* text = new QTextBrowser;
  text->setOpenExternalLinks(true);
  QString markdown;
  for (const bridge::Release& release : bridge::releasesOf(bridge::kChangelog)) {
    markdown += "### " + release.title + "\n\n";
    for (const QString& line : release.lines) markdown += "- " + line + '\n';
    markdown += '\n';
  }
  text->setMarkdown(markdown);
  column->addWidget(text, 1);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch();
  QPushButton* close = button(tr("Close"), {}, "primary");
  close->setDefault(true);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  buttons->addWidget(close);
  column->addLayout(buttons);
  bridge::markNewsSeen();
}

}  // namespace netwright::panels
