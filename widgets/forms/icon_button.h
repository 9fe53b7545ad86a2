// SPDX-License-Identifier: GPL-3.0-or-later
// A small button of a form's row that shows an icon only; its tip is its name for screen readers.
#pragma once

#include <QString>

QT_BEGIN_NAMESPACE
class QToolButton;
QT_END_NAMESPACE

namespace netwright::forms {

QToolButton* iconButton(const QString& icon, const QString& tip);

}  // namespace netwright::forms
