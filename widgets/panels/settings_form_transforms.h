// SPDX-License-Identifier: GPL-3.0-or-later
// The steps between the data and the network, in their order, with the fields of each. A part of the settings form.
#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "core/data/data_config.h"
#include "widgets/bridge/project_model.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::panels {

class EntryHead;
class SpecRows;

// Made from the registry of transforms. A kind that this version does not know is shown and kept.
class TransformSettings : public QWidget {
  Q_OBJECT

 public:
  TransformSettings(bridge::ProjectModel* model, QWidget* parent);

 private:
  struct Entry {
    QWidget* box;
    EntryHead* head;
    QLabel *title, *doc;
    SpecRows* rows;
  };
  Entry makeEntry(size_t index);
  using Steps = std::vector<data::TransformConfig>;
  void change(const QString& name, const std::function<void(Steps&)>& change);
  void add(const std::string& kind);
  void move(size_t index, int by);
  void fill();

  bridge::ProjectModel* model_;
  std::vector<Entry> entries_;
  QVBoxLayout* column_;
  QLabel* none_;
};

}  // namespace netwright::panels
