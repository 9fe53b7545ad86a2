// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/action_registry.h"

#include <QKeySequence>
#include <QMenu>
#include <QSet>
#include <QWidget>

namespace netwright::panels {
namespace {

// Keys of two pages never meet: only one page is visible.
bool meet(const ActionRegistry::Entry& a, const ActionRegistry::Entry& b) {
  return !a.page || !b.page || a.page == b.page;
}

QString cell(QString text) { return text.replace('|', "\\|").replace('\n', ' '); }

}  // namespace

QString plainText(const QAction& action) {
  QString text = action.text();
  text.replace("&&", QString(QChar(0))).remove('&').replace(QChar(0), '&');
  return text;
}

QString helpText(const QAction& action) {
  QString text = action.toolTip();
  for (const QKeySequence& k : action.shortcuts())
    for (const auto format : {QKeySequence::NativeText, QKeySequence::PortableText})
      if (const QString end = " (" + k.toString(format) + ')'; text.endsWith(end)) text.chop(end.size());
  return text.isEmpty() ? plainText(action) : text;
}

QString keysText(const QAction& action) {
  QStringList keys;
  for (const QKeySequence& k : action.shortcuts()) keys << k.toString(QKeySequence::PortableText);
  return keys.join(ActionRegistry::tr(" or "));
}

void ActionRegistry::add(const QString& context, const QList<QAction*>& actions, QWidget* page) {
  for (QAction* action : actions)
    if (action && !action->isSeparator() && !action->menu()) entries_.append({action, context, page});
}

QVector<ActionRegistry::Entry> ActionRegistry::entries() const {
  QVector<Entry> all;
  for (const Entry& e : entries_)
    if (e.action) all.append(e);
  return all;
}

QStringList ActionRegistry::problems() const {
  QStringList found;
  QSet<QString> ids;
  const QVector<Entry> all = entries();
  for (qsizetype i = 0; i < all.size(); ++i) {
    const QAction& a = *all[i].action;
    const QString id = a.objectName();
    if (id.isEmpty()) found << tr("'%1' in %2 has no id.").arg(plainText(a), all[i].context);
    if (!id.isEmpty() && ids.contains(id)) found << tr("Two actions have the id '%1'.").arg(id);
    ids.insert(id);
    if (plainText(a).isEmpty()) found << tr("'%1' has no text.").arg(id);
    if (helpText(a).isEmpty()) found << tr("'%1' has no help.").arg(id);
    for (qsizetype k = i + 1; k < all.size(); ++k)
      for (const QKeySequence& keys : a.shortcuts())
        if (meet(all[i], all[k]) && all[k].action->shortcuts().contains(keys))
          found << tr("%1 means '%2' and '%3'.").arg(keys.toString(), id, all[k].action->objectName());
  }
  return found;
}

QString ActionRegistry::markdown() const {
  QString text =
      "# Actions of the window\n\nMade from the program by `netwright --actions`; a test compares. All of them are in "
      "the command palette (Ctrl+K or Ctrl+Shift+P).\n";
  QStringList contexts;
  for (const Entry& e : entries())
    if (!contexts.contains(e.context)) contexts << e.context;
  for (const QString& context : contexts) {
    text += QString("\n## %1\n| action | keys | what it does | id |\n|---|---|---|---|\n").arg(context);
    for (const Entry& e : entries())
      if (e.context == context)
        text += QString("| %1 | %2 | %3 | `%4` |\n")
                    .arg(cell(plainText(*e.action)), cell(keysText(*e.action)), cell(helpText(*e.action)),
                         e.action->objectName());
  }
  return text;
}

}  // namespace netwright::panels
