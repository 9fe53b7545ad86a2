// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QCoreApplication>

#include "widgets/panels/page_action.h"
#include "widgets/panels/try_page.h"

namespace netwright::panels {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("panels::TryActions", text); }

}  // namespace

TryActions makeTryActions(QWidget& page) {
  const auto add = [&page](const char* id, const QString& text, const QString& tip, const char* icon,
                           const char* keys = "") { return addPageAction(page, id, text, tip, icon, keys); };
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
