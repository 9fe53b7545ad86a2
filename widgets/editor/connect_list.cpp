// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/connect_list.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QScreen>
#include <QVBoxLayout>
#include <algorithm>
#include <map>
#include <set>

#include "core/layers/node_spec.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

std::vector<std::string> ports(const graph::View& view, const graph::Node& node, bool input) {
  std::vector<std::string> names;
  if (const auto layer = layers::specOf(*view.root, node, view.block))
    for (const layers::PortSpec& p :
         input ? layers::inputsOf(*layer, node.params) : layers::outputsOf(*layer, node.params))
      names.push_back(p.name);
  return names;
}

// "relu1", or "attention1 · key" where a node has several ports on that side.
QString portText(const graph::View& view, const PortRef& port, bool input) {
  const graph::Node& node = *view.document().find(port.node);
  const QString name = QString::fromStdString(node.name);
  return ports(view, node, input).size() < 2 ? name : name + QStringLiteral(" · ") + QString::fromStdString(port.port);
}

QString wireText(const graph::View& view, const graph::Wire& wire, NodeId node) {
  const graph::Document& document = view.document();
  const bool leads = wire.from.node == node;
  QString text = leads ? QStringLiteral("→  ") + portText(view, wire.to, true)
                       : QStringLiteral("←  ") + portText(view, wire.from, false);
  const graph::Node& own = *document.find(node);
  if (ports(view, own, !leads).size() > 1)
    text += ConnectList::tr("   (%1 of %2)")
                .arg(QString::fromStdString(leads ? wire.from.port : wire.to.port), QString::fromStdString(own.name));
  const graph::Wire* old = document.wireInto(wire.to);
  if (const graph::Node* source = old ? document.find(old->from.node) : nullptr)
    text += ConnectList::tr("   instead of %1").arg(QString::fromStdString(source->name));
  return text;
}

// Every node that can be reached from this one, itself included.
std::set<NodeId> downstream(const graph::Document& document, NodeId node) {
  std::map<NodeId, std::vector<NodeId>> next;
  for (const graph::Wire& w : document.wires) next[w.from.node].push_back(w.to.node);
  std::set<NodeId> seen;
  std::vector<NodeId> todo{node};
  while (!todo.empty()) {
    const NodeId at = todo.back();
    todo.pop_back();
    if (seen.insert(at).second) todo.insert(todo.end(), next[at].begin(), next[at].end());
  }
  return seen;
}

}  // namespace

std::vector<graph::Wire> possibleWires(const graph::View& view, NodeId id) {
  const graph::Document& document = view.document();
  const graph::Node* node = document.find(id);
  if (!node) return {};
  std::vector<graph::Wire> wires;
  std::map<PortRef, PortRef> taken;
  for (const graph::Wire& w : document.wires) taken.emplace(w.to, w.from);
  const auto offer = [&](const graph::Wire& wire) {
    const auto old = taken.find(wire.to);
    if (old == taken.end() || !(old->second == wire.from)) wires.push_back(wire);
  };
  const std::vector<NodeId> before = graph::upstream(document, {id});
  const auto leadsHere = [&](NodeId other) { return std::binary_search(before.begin(), before.end(), other); };
  for (const std::string& output : ports(view, *node, false))
    for (const graph::Node& other : document.nodes)
      for (const std::string& input : leadsHere(other.id) ? std::vector<std::string>() : ports(view, other, true))
        offer({{id, output}, {other.id, input}});
  const std::set<NodeId> after = downstream(document, id);
  for (const std::string& input : ports(view, *node, true))
    for (const graph::Node& other : document.nodes)
      for (const std::string& output :
           after.contains(other.id) ? std::vector<std::string>() : ports(view, other, false))
        offer({{other.id, output}, {id, input}});
  std::stable_partition(wires.begin(), wires.end(), [&](const graph::Wire& w) { return !taken.contains(w.to); });
  return wires;
}

ConnectList::ConnectList(const graph::View& view, NodeId node, QWidget* parent)
    : QFrame(parent, Qt::Popup),
      wires_(possibleWires(view, node)),
      field_(new QLineEdit),
      list_(new QListWidget),
      nothing_(new QLabel) {
  setAttribute(Qt::WA_DeleteOnClose);
  setAccessibleName(tr("Connect"));
  theme::setClass(*this, "card");
  for (const graph::Wire& w : wires_) texts_ << wireText(view, w, node);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceSmall, theme::kSpaceSmall, theme::kSpaceSmall, theme::kSpaceSmall);
  column->setSpacing(theme::kSpaceSmall);
  field_->setPlaceholderText(tr("Connect %1 with…").arg(QString::fromStdString(view.document().find(node)->name)));
  field_->setAccessibleName(tr("Search ports"));
  field_->addAction(theme::icon("search", theme::IconRole::Muted), QLineEdit::LeadingPosition);
  field_->installEventFilter(this);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setFrameShape(NoFrame);
  theme::setClass(*nothing_, "muted small");
  nothing_->setWordWrap(true);
  column->addWidget(field_);
  column->addWidget(list_, 1);
  column->addWidget(nothing_);
  resize(300, 290);
  connect(field_, &QLineEdit::textChanged, this, &ConnectList::search);
  connect(list_, &QListWidget::itemClicked, this, &ConnectList::pick);
  search({});
}

void ConnectList::popUp(QPoint at) {
  const QScreen* screen = QGuiApplication::screenAt(at);
  if (!screen) screen = QGuiApplication::primaryScreen();
  const QRect room = screen->availableGeometry();
  move(std::clamp(at.x(), room.left(), std::max(room.left(), room.right() - width())),
       std::clamp(at.y(), room.top(), std::max(room.top(), room.bottom() - height())));
  show();
  field_->setFocus();
}

void ConnectList::search(const QString& words) {
  list_->clear();
  const QStringList parts = words.split(' ', Qt::SkipEmptyParts);
  for (int i = 0; i < texts_.size(); ++i) {
    const bool fits = std::all_of(parts.begin(), parts.end(),
                                  [&](const QString& part) { return texts_[i].contains(part, Qt::CaseInsensitive); });
    if (!fits) continue;
    auto* item = new QListWidgetItem(texts_[i], list_);
    item->setData(Qt::UserRole, i);
  }
  list_->setCurrentRow(0);
  nothing_->setText(wires_.empty() ? tr("There is nothing that it could be joined to: add a layer first (Space).")
                                   : tr("No free end is called that. Try another word."));
  nothing_->setVisible(list_->count() == 0);
}

void ConnectList::step(int rows) {
  if (list_->count() > 0) list_->setCurrentRow(std::clamp(list_->currentRow() + rows, 0, list_->count() - 1));
}

void ConnectList::pick() {
  const QListWidgetItem* item = list_->currentItem();
  if (!item) return;
  const graph::Wire wire = wires_[static_cast<size_t>(item->data(Qt::UserRole).toInt())];
  Q_EMIT picked(wire);
  close();
}

bool ConnectList::eventFilter(QObject* watched, QEvent* event) {
  if (watched != field_ || event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down:
      return step(1), true;
    case Qt::Key_Up:
      return step(-1), true;
    case Qt::Key_Escape:
      return close(), true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      return pick(), true;
    default:
      return false;
  }
}

}  // namespace netwright::editor
