// SPDX-License-Identifier: GPL-3.0-or-later
// The Try page: draw, choose or fill in a sample, and see what a run's network says, live while it trains.
#pragma once

#include <QWidget>

#include "widgets/bridge/try_model.h"

QT_BEGIN_NAMESPACE
class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSlider;
class QSpinBox;
class QStackedWidget;
QT_END_NAMESPACE

namespace netwright::panels {

class ElidedLabel;
class MessageBanner;
class TryAnswerView;
class TryCanvas;
class TryForm;

// Owned by the page.
struct TryActions {
  QAction *clear, *undo, *redo, *open, *random, *next, *previous, *writeOn;
  QList<QAction*> all() const { return {clear, undo, redo, open, random, next, previous, writeOn}; }
};
TryActions makeTryActions(QWidget& page);

class TryPage : public QWidget {
  Q_OBJECT

 public:
  TryPage(bridge::ProjectModel* project, bridge::RunModel* run, QWidget* parent = nullptr);
  QList<QAction*> pageActions() const { return actions_.all(); }
  bridge::TryModel& model() { return model_; }
  TryCanvas& canvas() { return *canvas_; }
  TryForm& form() { return *form_; }
  TryAnswerView& answer() { return *answer_; }
  MessageBanner& banner() { return *problem_; }
  QString sampleText() const;          // where the sample that is shown comes from; empty: it was drawn or typed
  void openFile(const QString& file);  // a picture, an array or numbers; problems are shown

 Q_SIGNALS:
  void trainRequested();

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  QWidget* makeHead();
  QWidget* makeInput();
  QWidget* makeSheet();
  QWidget* makeSamples();
  QWidget* makeAnswer();
  void connectAll();
  void showRuns();
  void showNetwork();
  void showAnswer();
  void showState();
  void showSample();
  void stepSample(int by);
  void randomSample();
  void ask();
  void writeOn();
  void writeNext();
  void chooseFile();
  void take(const QString& file);
  void report(const bridge::Message& why);

  bridge::TryModel model_;
  TryActions actions_;
  QStackedWidget *stack_, *input_;
  QComboBox *runs_, *split_;
  QLabel *state_, *title_, *seen_;
  ElidedLabel* sampleName_;
  QSpinBox* place_;
  QSlider* brush_;
  QCheckBox* centred_;
  QWidget* drawing_;  // what is only of use where one can draw
  QPushButton *clear_, *undo_, *writeOn_;
  TryCanvas* canvas_;
  TryForm* form_;
  TryAnswerView* answer_;
  MessageBanner* problem_;
  std::vector<HostTensor> sample_;  // of networks that are asked by samples alone
  QString truth_;
  bool showing_ = false;
  int toWrite_ = 0;  // letters that the network still puts behind the text
};

}  // namespace netwright::panels
