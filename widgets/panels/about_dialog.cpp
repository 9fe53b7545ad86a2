// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/about_dialog.h"

#include <QVBoxLayout>

#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"

namespace netwright::panels {

AboutDialog::AboutDialog(QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("About Netwright"));
  setFixedWidth(460);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceLarge);
  column->setSpacing(theme::kSpace);
  auto* head = new QHBoxLayout;
  head->setSpacing(theme::kSpaceLarge);
  head->addWidget(new IconLabel("netwright", theme::IconRole::Accent, 48));
  auto* name = new QVBoxLayout;
  name->setSpacing(0);
  name->addWidget(label(tr("Netwright"), "title"));
  name->addWidget(label(tr("Version %1").arg(NETWRIGHT_VERSION), "muted"));
  head->addLayout(name, 1);
  column->addLayout(head);
  column->addWidget(
      wrapped(tr("A studio for deep learning: draw a network, watch it learn, understand it, take it anywhere.")));
  column->addWidget(
      wrapped(tr("The window is free software under the GNU General Public License, version 3 or later. "
                 "The core, the command line tool and the engine are under the Apache License 2.0: what you export and "
                 "what you build on them is yours."),
              "muted"));
  column->addWidget(wrapped(
      tr("Made with Qt %1, Qt Charts, LibTorch and SQLite. It uses no network and sends nothing.").arg(qVersion()),
      "muted"));
  auto* buttons = new QHBoxLayout;
  buttons->addStretch();
  QPushButton* close = button(tr("Close"));
  close->setDefault(true);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  buttons->addWidget(close);
  column->addLayout(buttons);
}

}  // namespace netwright::panels
