// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of a run that goes on, and of one that is to go on again.
#include <cmath>
#include <limits>
#include <utility>

#include "widgets/bridge/background.h"
#include "widgets/bridge/run_model.h"

namespace netwright::bridge {

void RunModel::step(bool epoch) {
  if (state_ == State::Paused) wishes_.insert(steer(run::Step{epoch}));
}

void RunModel::setLearningRate(double rate) {
  if (isActive() && client_) wishes_.insert(steer(run::SetLearningRate{rate, 0}));
}

void RunModel::saveCheckpoint() {
  if (state_ == State::Running || state_ == State::Paused) wishes_.insert(steer(run::SaveCheckpoint{}));
}

void RunModel::resumeStored(const std::filesystem::path& folder, const std::string& run) {
  if (isActive()) return;
  launch(folder, run::ResumeRun{std::filesystem::absolute(folder).string(), run, {}, true});
}

void RunModel::resumeLost() {
  if (canResumeLost()) resumeStored(std::filesystem::path(folder_), std::to_string(started_->run));
}

void RunModel::resumeStopped() {
  if (canResumeStopped()) resumeStored(std::filesystem::path(folder_), std::to_string(started_->run));
}

void RunModel::watchNodes(bool on) {
  if (std::exchange(watches_, on) == on) return;
  if (client_ && started_ && isActive()) client_->send(run::WatchNodes{on});
  if (!on && std::exchange(nodes_, std::nullopt)) Q_EMIT nodeStatisticsChanged();
}

int64_t RunModel::predict(std::vector<NamedTensor> inputs) {
  if (!client_ || !started_ || !isActive()) return 0;
  const int64_t question = client_->send(run::Predict{}, std::move(inputs));
  questions_.insert(question);
  return question;
}

double RunModel::learningRate() const {
  const RunSeries& rates = series("lr", "train");
  return rates.values.empty() ? std::numeric_limits<double>::quiet_NaN() : rates.values.back();
}

void RunModel::answer(const run::Reply& reply, const std::vector<NamedTensor>& tensors) {
  const bool question = questions_.erase(reply.id) > 0;
  if (!wishes_.erase(reply.id) && !question) return;
  const Message why{QString::fromStdString(reply.what), QString::fromStdString(reply.why),
                    QString::fromStdString(reply.next)};
  if (question && reply.ok)
    Q_EMIT predicted(reply.id, tensors);
  else if (question)
    Q_EMIT predictionFailed(reply.id, why);
  else if (!reply.ok)
    Q_EMIT refused(why);
}

void RunModel::on(const run::ValidationSeen& event) {
  validation_ = event;
  Q_EMIT validationSeen();
}

void RunModel::on(const run::NodeStatistics& event) {
  if (!watches_) return;
  nodes_ = event;
  Q_EMIT nodeStatisticsChanged();
}

// Events wait until the points before them have been read.
void RunModel::holdBack(std::function<std::vector<run::Point>()> history, std::function<void()> then) {
  early_.emplace();
  const int generation = generation_;
  inBackground(
      this, std::move(history),
      [this, generation, then = std::move(then)](const std::vector<run::Point>& points) {
        if (generation != generation_) return;
        add(points);
        then();
        letThrough();
      },
      [this, generation](const Message& problem) {
        if (generation == generation_) fail(problem);
      });
}

void RunModel::letThrough() {
  const std::vector<run::Event> early = std::exchange(early_, std::nullopt).value_or(std::vector<run::Event>());
  for (const run::Event& event : early) receive(event);
}

}  // namespace netwright::bridge
