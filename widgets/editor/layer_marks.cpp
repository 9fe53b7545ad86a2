// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/layer_marks.h"

#include <QSettings>

#include "core/layers/registry.h"

namespace netwright::editor {
namespace {

constexpr int kRecent = 5;
constexpr const char *kFavouriteKey = "design/favourite-layers", *kRecentKey = "design/recent-layers";

QSettings settings() { return QSettings(QSettings::IniFormat, QSettings::UserScope, "netwright", "netwright"); }

QStringList known(const char* key) {
  QStringList ids = settings().value(key).toStringList();
  ids.removeIf([](const QString& id) { return !layers::findLayer(id.toStdString()); });
  return ids;
}

}  // namespace

LayerMarks& LayerMarks::instance() {
  static LayerMarks marks;
  return marks;
}

QStringList LayerMarks::favourites() const { return known(kFavouriteKey); }
QStringList LayerMarks::recent() const { return known(kRecentKey).mid(0, kRecent); }
bool LayerMarks::isFavourite(const QString& layer) const { return favourites().contains(layer); }

void LayerMarks::setFavourite(const QString& layer, bool favourite) {
  if (!layers::findLayer(layer.toStdString())) return;  // a block of one project
  QStringList ids = settings().value(kFavouriteKey).toStringList();
  if (ids.contains(layer) == favourite) return;
  favourite ? ids.append(layer) : void(ids.removeAll(layer));
  settings().setValue(kFavouriteKey, ids);
  Q_EMIT favouritesChanged();
}

void LayerMarks::use(const QString& layer) {
  if (!layers::findLayer(layer.toStdString())) return;
  QStringList ids = settings().value(kRecentKey).toStringList();
  ids.removeAll(layer);
  ids.prepend(layer);
  settings().setValue(kRecentKey, QStringList(ids.mid(0, kRecent)));
}

}  // namespace netwright::editor
