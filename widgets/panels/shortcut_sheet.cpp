// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/shortcut_sheet.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "widgets/panels/action_registry.h"
#include "widgets/panels/fuzzy.h"
#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {

ShortcutSheet::ShortcutSheet(const ActionRegistry& registry, QWidget* parent)
    : QDialog(parent), field_(new QLineEdit), tree_(new QTreeWidget) {
  setObjectName("shortcut-sheet");
  setWindowTitle(tr("Keyboard shortcuts"));
  resize(640, 600);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceXl, theme::kSpaceLarge);
  column->setSpacing(theme::kSpace);
  column->addWidget(label(tr("Keyboard shortcuts"), "title"));
  field_->setPlaceholderText(tr("Search by action or key"));
  field_->setAccessibleName(tr("Search shortcuts"));
  field_->setClearButtonEnabled(true);
  field_->addAction(theme::icon("search", theme::IconRole::Muted), QLineEdit::LeadingPosition);
  column->addWidget(field_);
  tree_->setColumnCount(2);
  tree_->setHeaderHidden(true);
  tree_->setRootIsDecorated(false);
  tree_->setIndentation(theme::kSpace);
  tree_->setItemsExpandable(false);
  tree_->setSelectionMode(QAbstractItemView::NoSelection);
  tree_->setFocusPolicy(Qt::NoFocus);
  tree_->header()->setStretchLastSection(false);
  tree_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
  tree_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  tree_->setAccessibleName(tr("Shortcuts"));
  column->addWidget(tree_, 1);
  QTreeWidgetItem* group = nullptr;
  for (const ActionRegistry::Entry& e : registry.entries()) {
    const QString keys = keysText(*e.action);
    if (keys.isEmpty()) continue;
    if (!group || group->text(0) != e.context) {
      group = new QTreeWidgetItem(tree_, {e.context});
      group->setFont(0, theme::font(theme::TextStyle::Strong));
    }
    auto* item = new QTreeWidgetItem(group, {plainText(*e.action), keys});
    item->setToolTip(0, e.action->toolTip());
    item->setFont(1, theme::font(theme::TextStyle::Code));
  }
  tree_->expandAll();
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(label(tr("Ctrl+K finds every action by its name."), "muted"), 1);
  QPushButton* close = button(tr("Close"));
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  buttons->addWidget(close);
  column->addLayout(buttons);
  connect(field_, &QLineEdit::textChanged, this, &ShortcutSheet::filter);
  field_->setFocus();
}

void ShortcutSheet::filter(const QString& words) {
  for (int g = 0; g < tree_->topLevelItemCount(); ++g) {
    QTreeWidgetItem* group = tree_->topLevelItem(g);
    bool any = false;
    for (int i = 0; i < group->childCount(); ++i) {
      QTreeWidgetItem* item = group->child(i);
      const bool fits = item->text(1).contains(words.trimmed(), Qt::CaseInsensitive) ||
                        fuzzyScore(words, item->text(0) + ' ' + group->text(0)).has_value();
      item->setHidden(!fits);
      any |= fits;
    }
    group->setHidden(!any);
  }
}

int ShortcutSheet::shownKeys() const {
  int count = 0;
  for (int g = 0; g < tree_->topLevelItemCount(); ++g)
    for (int i = 0; i < tree_->topLevelItem(g)->childCount(); ++i)
      count += !tree_->topLevelItem(g)->child(i)->isHidden();
  return count;
}

}  // namespace netwright::panels
