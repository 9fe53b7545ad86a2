// SPDX-License-Identifier: GPL-3.0-or-later
// What this program is, its version and its licences.
#pragma once

#include <QDialog>

namespace netwright::panels {

class AboutDialog : public QDialog {
  Q_OBJECT

 public:
  explicit AboutDialog(QWidget* parent = nullptr);
};

}  // namespace netwright::panels
