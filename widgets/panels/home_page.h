// SPDX-License-Identifier: GPL-3.0-or-later
// The first page: templates to start from, the projects of the last days, tutorials, and what a new version brings.
#pragma once

#include <QWidget>

#include "widgets/bridge/message.h"

QT_BEGIN_NAMESPACE
class QHBoxLayout;
class QVBoxLayout;
QT_END_NAMESPACE

namespace netwright::project {
struct Topic;
}

namespace netwright::panels {

class RecentList;

// Shows its frame at once; cards and pictures come when the window is on the screen.
class HomePage : public QWidget {
  Q_OBJECT

 public:
  explicit HomePage(QWidget* parent = nullptr);
  void refresh();  // recent projects, tutorials, news

 Q_SIGNALS:
  void templateChosen(const QString& id);
  void openRequested(const QString& folder);
  void browseRequested();
  void tutorialRequested(const QString& id);
  void newsRequested();
  void failed(const netwright::bridge::Message& problem);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void addTemplates();
  void addTopic(const project::Topic& topic);
  void loadDigits();
  void addTutorials();
  QWidget* makeHeader();
  QWidget* makeNews();
  QVBoxLayout* topics_;  // of the templates
  RecentList* recent_;
  QWidget *recentTitle_, *news_;
  QHBoxLayout* tutorials_;
  bool filled_ = false;
};

}  // namespace netwright::panels
