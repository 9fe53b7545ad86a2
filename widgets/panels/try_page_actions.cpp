// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QCoreApplication>
#include <QRandomGenerator>
#include <cmath>
#include <numeric>

#include "widgets/panels/page_action.h"
#include "widgets/panels/try_form.h"
#include "widgets/panels/try_page.h"

namespace netwright::panels {
namespace {

constexpr int kWritten = 100;  // letters
constexpr double kTemperature = 0.6;

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
  a.open = add("try.open", tr("Open a file…"),
               tr("A picture, an array (.npy), a sound (.wav), or numbers in a text file"), "folder", "Ctrl+Shift+O");
  a.random = add("try.random", tr("Any sample"), tr("A sample by chance"), "refresh", "Ctrl+R");
  a.next = add("try.next", tr("Next sample"), tr("The next sample of the set"), "arrow-right", "Alt+Right");
  a.previous = add("try.previous", tr("Sample before"), tr("The sample before in the set"), "arrow-left", "Alt+Left");
  a.writeOn = add("try.write-on", tr("Write on"), tr("For a network that tells the next letter: let it write 100"),
                  "step", "Ctrl+Alt+W");
  return a;
}

// Letter by letter: the network is asked again with each that it has added.
void TryPage::writeOn() {
  if (!model_.network() || !form_->continues()) return;
  toWrite_ = toWrite_ > 0 ? 0 : kWritten;  // again: it stops
  if (toWrite_ > 0 && model_.answer() && !model_.isBusy()) writeNext();
}

// Drawn as likely as the network says, but a little surer of itself: the likeliest alone would soon repeat itself.
void TryPage::writeNext() {
  const bridge::TryAnswer& answer = *model_.answer();
  if (toWrite_ == 0 || !answer.continues) return;
  --toWrite_;
  std::vector<double> chances;
  for (const double p : answer.values) chances.push_back(std::pow(p, 1 / kTemperature));
  chances.front() = 0;  // filler
  double left = QRandomGenerator::global()->generateDouble() * std::accumulate(chances.begin(), chances.end(), 0.0);
  size_t letter = chances.size() - 1;
  for (size_t i = 1; i < chances.size() && left >= 0; ++i) {
    left -= chances[i];
    letter = i;
  }
  form_->add(model_.network()->letter(letter));
}

}  // namespace netwright::panels
