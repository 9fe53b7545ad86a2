// SPDX-License-Identifier: GPL-3.0-or-later
// The panel beside the canvas: the selected layer with its words, problems and parameters; common parameters of several
// layers; a summary of the network when nothing is selected.
#pragma once

#include <QScrollArea>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/graph/document.h"
#include "core/layers/layer_spec.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QLineEdit;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::bridge {
class ProjectModel;
}

namespace netwright::forms {

class CodeForm;
class SpecEditor;
class VariablesForm;
struct Fact;

// Rebuilt when other nodes are selected; otherwise values are refreshed in place, so that a field keeps the focus and
// its text.
class ParamForm : public QScrollArea {
  Q_OBJECT

 public:
  explicit ParamForm(bridge::ProjectModel* model, QWidget* parent = nullptr);

  void setNodes(const std::vector<NodeId>& nodes);
  const std::vector<NodeId>& nodes() const { return nodes_; }
  SpecEditor* editor(const std::string& param) const;  // null if it is not shown
  VariablesForm* variables() const { return variables_; }
  CodeForm* code() const { return code_; }        // null unless one expression node is shown
  QLineEdit* nameField() const { return name_; }  // null unless one node is shown
  void focusFirstField();
  // Costs are those of this many samples: the run's batch size until another is typed into the summary.
  int64_t costBatch() const;

 Q_SIGNALS:
  void helpAsked(const QString& layer);  // by the button beside the title
  void costBatchChanged();

 private:
  void buildCostBatch();
  void setCostBatch(std::optional<int64_t> batch);
  void rebuild();
  void refresh();
  void buildNode(const layers::LayerSpec* layer);
  void buildTitle(const layers::LayerSpec* layer);
  void buildSeveral();
  void buildSummary();
  void buildVariables();
  void buildInstance(const graph::Node& node);
  void showResult(SpecEditor& row) const;
  void buildEditors(const std::vector<ParamSpec>& specs);
  void refreshEditors();
  void refreshProblems();
  void refreshFacts();
  void rename();
  void setParam(const std::string& param, const Attribute& value);
  QLabel* addText(const QString& text, const QString& style);
  void addFact(const Fact& fact);
  void addHeading(const QString& text);

  bridge::ProjectModel* model_;
  std::vector<NodeId> nodes_;
  QWidget* page_ = nullptr;
  QVBoxLayout* column_ = nullptr;
  QVBoxLayout *problems_ = nullptr, *facts_ = nullptr;
  QLineEdit* name_ = nullptr;
  QLabel* nameMessage_ = nullptr;
  std::map<std::string, SpecEditor*> editors_;
  CodeForm* code_ = nullptr;
  VariablesForm* variables_ = nullptr;  // null unless nothing is selected
  SpecEditor* batchEditor_ = nullptr;   // null unless the summary is shown
  std::optional<int64_t> chosenBatch_;
  int64_t runBatch_ = 0;  // as last seen
};

}  // namespace netwright::forms
