// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/layout_memory.h"

#include <QHeaderView>
#include <QSplitter>

namespace netwright::panels {
namespace {

constexpr const char* kInitial = "netwright-initial-layout";

template <class Widget>
QString keyOf(const Widget& widget) {
  return "layout/" + widget.objectName();
}

template <class Widget>
void restore(Widget& widget) {
  if (widget.objectName().isEmpty()) return;
  widget.setProperty(kInitial, widget.saveState());
  const QByteArray state = userSettings().value(keyOf(widget)).toByteArray();
  if (!state.isEmpty()) widget.restoreState(state);
}

template <class Widget>
void keep(const Widget& widget) {
  userSettings().setValue(keyOf(widget), widget.saveState());
}

template <class Widget>
void reset(QWidget& root) {
  for (Widget* widget : root.findChildren<Widget*>())
    if (const QByteArray initial = widget->property(kInitial).toByteArray(); !initial.isEmpty()) {
      userSettings().remove(keyOf(*widget));
      widget->restoreState(initial);
    }
}

}  // namespace

QSettings userSettings() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "netwright", "netwright"); }

void rememberLayout(QWidget& root) {
  for (QSplitter* splitter : root.findChildren<QSplitter*>()) {
    restore(*splitter);
    if (!splitter->objectName().isEmpty())
      QObject::connect(splitter, &QSplitter::splitterMoved, splitter, [splitter] { keep(*splitter); });
  }
  for (QHeaderView* header : root.findChildren<QHeaderView*>()) {
    restore(*header);
    if (header->objectName().isEmpty()) continue;

    QObject::connect(header, &QHeaderView::sortIndicatorChanged, header, [header] { keep(*header); });
    QObject::connect(header, &QHeaderView::sectionMoved, header, [header] { keep(*header); });
    QObject::connect(header, &QHeaderView::sectionResized, header, [header](int section) {
      if (header->sectionResizeMode(section) == QHeaderView::Interactive && header->isVisible()) keep(*header);
    });
  }
}

void resetLayout(QWidget& root) {
  reset<QSplitter>(root);
  reset<QHeaderView>(root);
}

}  // namespace netwright::panels
