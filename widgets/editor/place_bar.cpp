// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/place_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "widgets/bridge/project_model.h"
#include "widgets/forms/bodies_form.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {

PlaceBar::PlaceBar(bridge::ProjectModel* model, QWidget* parent)
    : QFrame(parent), model_(model), row_(new QHBoxLayout(this)) {
  setObjectName("place-bar");
  setAccessibleName(tr("Where the canvas is"));
  theme::setClass(*this, "panel");
  row_->setContentsMargins(theme::kSpaceSmall, theme::kSpaceXs, theme::kSpaceSmall, theme::kSpaceXs);
  row_->setSpacing(theme::kSpaceXs);
  connect(model_, &bridge::ProjectModel::placeChanged, this, &PlaceBar::refresh);
  connect(model_, &bridge::ProjectModel::projectChanged, this, &PlaceBar::refresh);
  connect(model_, &bridge::ProjectModel::documentChanged, this, [this](const graph::Change& change) {
    if (change.blocks || change.meaning) refresh();
  });
  refresh();
}

void PlaceBar::refresh() {
  while (QLayoutItem* item = row_->takeAt(0)) {
    if (item->widget()) item->widget()->hide(), item->widget()->deleteLater();
    delete item;
  }
  const graph::View view = model_->view();
  setVisible(static_cast<bool>(view.block));
  if (!view.block) return;
  const auto add = [this](const QString& text, const graph::View& place, bool here,
                          const QString& before = QStringLiteral("›")) {
    if (row_->count() > 0) row_->addWidget(new QLabel(before));
    auto* button = new QToolButton;
    button->setText(text);
    button->setAutoRaise(true);
    button->setEnabled(!here);
    theme::setClass(*button, here ? "strong" : "");
    button->setToolTip(here ? tr("What is shown") : tr("Show %1").arg(text));
    connect(button, &QToolButton::clicked, this,
            [this, block = place.block, path = place.path] { model_->show({&model_->root(), block, path}); });
    row_->addWidget(button);
  };
  const auto nameOf = [&](BlockId id) {
    const graph::Block* block = view.root->findBlock(id);
    return QString::fromStdString(block ? block->name : "");
  };
  add(QString::fromStdString(model_->project().name), graph::viewOf(*view.root), false);
  graph::View at = graph::viewOf(*view.root);
  for (size_t i = 0; i < view.path.size(); ++i) {
    const graph::Node* node = at.document().find(view.path[i]);
    const bool numbered = i + 1 < view.path.size() && view.path[i + 1].value < 0;
    const size_t body = numbered ? static_cast<size_t>(-view.path[++i].value) : 0;
    const graph::View outer = at;
    at = graph::enter(at, view.path[i - (numbered ? 1 : 0)], body);
    const QString name = QString::fromStdString(node ? node->name : "");
    if (!node || node->bodies.size() < 2) {
      add(tr("%1 ‘%2’").arg(nameOf(at.block), name), at, at.path == view.path);
      continue;
    }
    // The other ways are one click away.
    for (size_t k = 0; k < node->bodies.size(); ++k) {
      const graph::View way = graph::enter(outer, node->id, k);
      const QString text = k == 0 ? tr("‘%1’ %2").arg(name, forms::bodyName(*node, k)) : forms::bodyName(*node, k);
      add(text, way, way.path == view.path, k == 0 ? QStringLiteral("›") : QStringLiteral("|"));
    }
  }
  if (view.path.empty()) add(nameOf(view.block), view, true);
  row_->addStretch(1);
}

}  // namespace netwright::editor
