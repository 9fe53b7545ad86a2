// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of a table or of texts as fields to fill in, for a network that is asked.
#pragma once

#include <QVector>
#include <QWidget>

#include "widgets/bridge/try_network.h"

QT_BEGIN_NAMESPACE
class QComboBox;
class QGridLayout;
class QLineEdit;
class QPlainTextEdit;
QT_END_NAMESPACE

namespace netwright::panels {

class TryForm : public QWidget {
  Q_OBJECT

 public:
  TryForm();
  void setNetwork(const std::shared_ptr<const bridge::TryNetwork>& network);
  void showValues(const std::vector<HostTensor>& values);  // of a sample
  // Fields by name, as a file gives them. Returns those that no field has.
  QStringList fillIn(const QMap<QString, QString>& words);
  void fillIn(const QStringList& words);  // in the order of the fields
  std::vector<HostTensor> values() const;
  QString problem() const;        // what cannot be read; empty: all is well
  bool isUntold() const;          // there are texts, and all of them are empty
  bool continues() const;         // there is a text that the network goes on with
  void add(const QString& text);  // behind that text
  int fieldCount() const { return static_cast<int>(fields_.size()); }

 Q_SIGNALS:
  void changed();

 private:
  struct Editor {
    bridge::TryField field;
    QLineEdit* line = nullptr;
    QComboBox* combo = nullptr;
    QPlainTextEdit* area = nullptr;  // of long texts
    QString text() const;
  };
  void put(Editor& editor, const QString& word);
  QString textProblem(const Editor& editor) const;
  std::shared_ptr<const bridge::TryNetwork> network_;
  QGridLayout* grid_;
  QVector<Editor> fields_;
};

}  // namespace netwright::panels
