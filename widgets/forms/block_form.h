// SPDX-License-Identifier: GPL-3.0-or-later
// The definition of the block that is shown: name, words, ports in their order, parameters with their defaults.
#pragma once

#include <QWidget>
#include <functional>
#include <string>

#include "core/graph/document.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::forms {

// Made for one definition; rebuilt by its owner when ports or parameters come or go.
class BlockForm : public QWidget {
  Q_OBJECT

 public:
  BlockForm(bridge::ProjectModel* model, const graph::Block& block, QWidget* parent = nullptr);

 private:
  void addHeading(const QString& text);
  void addPorts(const graph::Block& block, const char* kind, const QString& title);
  void addParams(const graph::Block& block);
  void addParam(const ParamSpec& spec);
  void movePort(const std::string& name, int by);
  // Changes name, words or parameters of the definition.
  void change(const std::string& name, const std::function<void(graph::Block&)>& f);
  void attempt(const std::function<QString()>& f);  // shows why it is refused

  bridge::ProjectModel* model_;
  BlockId block_;
  QVBoxLayout* column_;
  QLabel* message_;
};

}  // namespace netwright::forms
