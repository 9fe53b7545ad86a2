// SPDX-License-Identifier: GPL-3.0-or-later
// What each version brought, newest first.
#pragma once

#include <QDialog>

namespace netwright::panels {

class WhatsNewDialog : public QDialog {
  Q_OBJECT

 public:
  explicit WhatsNewDialog(QWidget* parent);
};

}  // namespace netwright::panels
