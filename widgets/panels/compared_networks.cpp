// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/compared_networks.h"

#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/panels/parts.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"
#include "widgets/theme/typography.h"

namespace netwright::panels {

using editor::Mark;

// What the marks mean, each with its sign and colour.
class MarkLegend final : public QWidget {
 public:
  void setEntries(QVector<QPair<Mark, QString>> entries) {
    entries_ = std::move(entries);
    QStringList words;
    for (const auto& [mark, text] : entries_) words << text;
    setAccessibleName(words.join(", "));
    updateGeometry();
    update();
  }
  QSize sizeHint() const override {
    const QFontMetrics metrics(theme::font(theme::TextStyle::Small));
    int width = 0;
    for (const auto& [mark, text] : entries_) width += kDot + 6 + metrics.horizontalAdvance(text) + kGap;
    return {width, 20};
  }
  QSize minimumSizeHint() const override { return {60, 20}; }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    double x = 0;
    for (const auto& [mark, text] : entries_) {
      const QRectF dot(x, (height() - kDot) / 2.0, kDot, kDot);
      p.setPen(Qt::NoPen);
      p.setBrush(editor::markColour(mark));
      p.drawEllipse(dot);
      p.setFont(theme::font(theme::TextStyle::Strong));
      p.setPen(theme::palette().canvas);
      p.drawText(dot, Qt::AlignCenter, QString(editor::markSign(mark)));
      p.setFont(theme::font(theme::TextStyle::Small));
      p.setPen(theme::palette().muted);
      const double width = p.fontMetrics().horizontalAdvance(text);
      p.drawText(QRectF(dot.right() + 6, 0, width + 2, height()), Qt::AlignVCenter, text);
      x = dot.right() + 6 + width + kGap;
    }
  }

 private:
  static constexpr int kDot = 16, kGap = 16;
  QVector<QPair<Mark, QString>> entries_;
};

ComparedNetworks::ComparedNetworks() : legend_(new MarkLegend) {
  setObjectName("compared-networks");
  theme::setClass(*this, "card");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpaceLarge, theme::kSpace, theme::kSpaceLarge, theme::kSpaceLarge);
  column->setSpacing(theme::kSpaceSmall);
  column->addWidget(legend_);
  pair_ = new QBoxLayout(QBoxLayout::LeftToRight);
  pair_->setSpacing(theme::kSpace);
  column->addLayout(pair_, 1);
  for (size_t i = 0; i < 2; ++i) {
    auto* side = new QVBoxLayout;
    side->setSpacing(theme::kSpaceXs);
    side->addWidget(titles_[i] = new ElidedLabel);
    theme::setClass(*titles_[i], "strong");
    side->addWidget(pictures_[i] = new editor::NetworkPicture, 1);
    pair_->addLayout(side, 1);
  }
}

void ComparedNetworks::arrange() {
  double beside = 0, below = 0;  // how large the smaller of them can be drawn
  const QSizeF room = pair_->geometry().size();
  for (const editor::NetworkPicture* picture : pictures_) {
    const QSizeF all = picture->content().size();
    if (all.isEmpty()) continue;
    const double w = room.width() / all.width(), h = room.height() / all.height();
    beside = beside == 0 ? std::min(w / 2, h) : std::min({beside, w / 2, h});
    below = below == 0 ? std::min(w, h / 2) : std::min({below, w, h / 2});
  }
  pair_->setDirection(below > beside ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void ComparedNetworks::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  arrange();
}

void ComparedNetworks::display(const Side& first, const Side& second, const std::vector<project::Difference>& graph) {
  const std::array sides{first, second};
  for (size_t i = 0; i < 2; ++i) {
    titles_[i]->setFullText(sides[i].network ? sides[i].run : tr("%1: its record holds no network").arg(sides[i].run));
    pictures_[i]->setAccessibleName(tr("The network of %1").arg(sides[i].run));
    pictures_[i]->display(sides[i].network);
    const Mark only = i == 0 ? Mark::OnlyFirst : Mark::OnlySecond;
    if (!sides[i].network) continue;
    for (const project::Difference& d : graph) {
      const Mark mark = d.a.is_null() || d.b.is_null() ? only : Mark::Changed;
      if ((i == 0 ? d.a : d.b).is_null()) continue;
      pictures_[i]->mark(d.what, mark);
      for (const graph::Wire& wire : sides[i].network->project.graph.wires)
        if (project::wireText(sides[i].network->project.graph, wire) == d.what) pictures_[i]->markWire(wire, only);
    }
  }
  legend_->setEntries({{Mark::OnlyFirst, tr("only in %1").arg(first.run)},
                       {Mark::OnlySecond, tr("only in %1").arg(second.run)},
                       {Mark::Changed, tr("other settings")}});
  arrange();
}

// The longest name of a node that `what` is or begins with; of a wire both ends.
std::vector<std::string> ComparedNetworks::nodesOf(const std::string& what) const {
  std::vector<std::string> found;
  const size_t arrow = what.find(" -> ");
  const auto add = [&](const std::string& text) {
    std::string best;
    for (const editor::NetworkPicture* picture : pictures_) {
      if (!picture->network()) continue;
      for (const graph::Node& node : picture->network()->project.graph.nodes)
        if ((text == node.name || text.starts_with(node.name + '.')) && node.name.size() > best.size())
          best = node.name;
    }
    if (!best.empty()) found.push_back(best);
  };
  add(what.substr(0, arrow));
  if (arrow != std::string::npos) add(what.substr(arrow + 4));
  return found;
}

void ComparedNetworks::choose(const QString& what) {
  const std::vector<std::string> nodes = nodesOf(what.toStdString());
  for (editor::NetworkPicture* picture : pictures_) picture->choose(nodes);
}

}  // namespace netwright::panels
