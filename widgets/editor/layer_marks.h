// SPDX-License-Identifier: GPL-3.0-or-later
// Which layers a person likes best, and which were added last. Remembered in the settings; the lists of layers show
// them first. Window's thread.
#pragma once

#include <QObject>
#include <QStringList>

namespace netwright::editor {

class LayerMarks : public QObject {
  Q_OBJECT

 public:
  static LayerMarks& instance();

  QStringList favourites() const;  // ids, in the order in which they were chosen; unknown ones are left out
  QStringList recent() const;      // ids, the last one first; a handful
  bool isFavourite(const QString& layer) const;
  void setFavourite(const QString& layer, bool favourite);
  void use(const QString& layer);  // it was added to a network

 Q_SIGNALS:
  void favouritesChanged();
};

}  // namespace netwright::editor
