// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/layer_card.h"

#include <QGuiApplication>
#include <QLabel>
#include <QScreen>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::editor {
namespace {

constexpr int kDelayMs = 350, kWidth = 320, kBorder = 3;  // the border of a card, and room for rounding

QString tr(const char* text) { return QCoreApplication::translate("LayerCard", text); }

QString escaped(const std::string& text) { return QString::fromStdString(text).toHtmlEscaped(); }

constexpr size_t kShownPorts = 4;  // of a side; a list of eight alike would hide the rest

QString rows(const QString& side, const std::vector<layers::PortSpec>& ports) {
  QString html;
  const QString first = "<tr><td style='color:" + theme::palette().muted.name() + "'>" + side + "&nbsp;</td><td>";
  for (size_t i = 0; i < ports.size() && i < kShownPorts; ++i) {
    const layers::PortSpec& p = ports[i];
    QString form = escaped(p.form);
    if (p.optional) form += tr(", optional");
    if (!p.when.empty()) form += tr(", with %1").arg(escaped(p.when));
    html += first + "<code>" + escaped(p.name) + "</code>&nbsp;&nbsp;</td><td>" + form + "</td></tr>";
  }
  if (ports.size() > kShownPorts)
    html += first + "…</td><td>" + tr("%1 more, optional").arg(ports.size() - kShownPorts) + "</td></tr>";
  return html;
}

}  // namespace

QString cardHtml(const layers::LayerSpec& layer, const QString& misfit) {
  const QString muted = "<span style='color:" + theme::palette().muted.name() + "'>";
  QString html = "<b>" + escaped(layer.title) + "</b>";
  if (!layer.torchName.empty()) html += "&nbsp;&nbsp;" + muted + escaped(layer.torchName) + "</span>";
  html += "<br>" + escaped(layer.doc);
  if (!misfit.isEmpty())
    html += "<br><span style='color:" + theme::palette().warning.name() + "'>" + misfit.toHtmlEscaped() + "</span>";
  if (!layer.formula.empty()) html += "<p style='margin:4px 0'><code>" + escaped(layer.formula) + "</code></p>";
  html += "<table cellspacing='0'>" + rows(tr("in"), layer.inputs) + rows(tr("out"), layer.outputs) + "</table>";
  return html + "<p style='margin:6px 0 0 0'>" + muted + tr("F1: its help page") + "</span></p>";
}

LayerCard::LayerCard(QWidget* parent) : QFrame(parent, Qt::ToolTip), text_(new QLabel) {
  setObjectName("layer-card");
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setAttribute(Qt::WA_ShowWithoutActivating);
  setFocusPolicy(Qt::NoFocus);
  theme::setClass(*this, "card");
  text_->setTextFormat(Qt::RichText);
  text_->setWordWrap(true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(theme::kSpace, theme::kSpaceSmall, theme::kSpace, theme::kSpaceSmall);
  column->addWidget(text_);
  delay_.setSingleShot(true);
  delay_.setInterval(kDelayMs);
  connect(&delay_, &QTimer::timeout, this, [this] {
    place();
    show();
  });
}

void LayerCard::showBeside(const QRect& area, const layers::LayerSpec& layer, const QString& misfit) {
  area_ = area;
  text_->setText(cardHtml(layer, misfit));
  if (isVisible())
    place();
  else
    delay_.start();
}

void LayerCard::dismiss() {
  delay_.stop();
  hide();
}

void LayerCard::place() {
  setFixedWidth(kWidth);
  const int frame = 2 * kBorder;
  setFixedHeight(layout()->heightForWidth(kWidth - frame) + frame);
  const QScreen* screen = QGuiApplication::screenAt(area_.center());
  if (!screen) screen = QGuiApplication::primaryScreen();
  const QRect room = screen->availableGeometry();
  const int right = area_.right() + theme::kSpaceSmall;
  const int x = right + kWidth <= room.right() ? right : area_.left() - theme::kSpaceSmall - kWidth;
  move(x, std::clamp(area_.top(), room.top(), std::max(room.top(), room.bottom() - height())));
}

}  // namespace netwright::editor
