// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QCoreApplication>

#include "widgets/panels/try_page.h"
#include "widgets/theme/icon.h"

namespace netwright::panels {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("panels::TryActions", text); }

}  // namespace

TryActions makeTryActions(QWidget& page) {
  const auto add = [&page](const char* id, const QString& text, const QString& tip, const char* icon,
                           const char* keys = "") {
    auto* action = new QAction(theme::icon(icon, theme::IconRole::Muted), text, &page);
    action->setObjectName(id);
    const QKeySequence sequence{QString(keys)};
    action->setShortcut(sequence);
    action->setToolTip(sequence.isEmpty() ? tip : tip + " (" + sequence.toString(QKeySequence::NativeText) + ')');
    page.addAction(action);
    return action;
  };
  TryActions a;
  a.clear = add("try.clear", tr("Clear"), tr("An empty sheet, or empty fields"), "trash", "Ctrl+Backspace");
  a.undo = add("try.undo", tr("Take a stroke back"), tr("On the sheet: the last stroke, sample or file"), "undo",
               "Alt+Backspace");
  a.redo = add("try.redo", tr("Redo a stroke"), tr("On the sheet: what was taken back"), "redo", "Alt+Shift+Backspace");
  a.open = add("try.open", tr("Open a file…"), tr("A picture, an array (.npy), or numbers in a text file"), "folder",
               "Ctrl+Shift+O");
  a.random = add("try.random", tr("Any sample"), tr("A sample by chance"), "refresh", "Ctrl+R");
  a.next = add("try.next", tr("Next sample"), tr("The next sample of the set"), "arrow-right", "Alt+Right");
  a.previous = add("try.previous", tr("Sample before"), tr("The sample before in the set"), "arrow-left", "Alt+Left");
  return a;
}

}  // namespace netwright::panels
