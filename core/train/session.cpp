// SPDX-License-Identifier: Apache-2.0
#include "core/train/session.h"

#include <new>
#include <utility>

#include "core/base/error.h"
#include "core/engine/node_error.h"
#include "core/train/loop.h"
#include "core/train/unexpected.h"

namespace netwright::train {

Session::Session(SessionOptions options, Listener listener)
    : options_(std::move(options)), listener_(std::move(listener)) {}

void Session::run() {
  Loop loop(*this);
  try {
    loop.run();
  } catch (const engine::NodeError& e) {
    loop.fail(e, e.node, e.code);
  } catch (const Error& e) {
    loop.fail(e, {}, "");
  } catch (const std::bad_alloc&) {
    loop.fail(Error(ErrorKind::Environment, "There is not enough memory for this run.", "",
                    "Choose a smaller batch size or data set, or close other programs."),
              {}, "");
  } catch (const std::exception& e) {
    loop.fail(unexpected(e), {}, "");
  }
  endTasks();
}

void Session::wish(Wish wish) {
  {
    const std::lock_guard lock(mutex_);
    if (wish_ == Wish::Stop) return;
    wish_ = wish;
    interrupted_ = wish != Wish::Run || !tasks_.empty();
    stopping_ = wish == Wish::Stop;
  }
  changed_.notify_all();
}

Session::Wish Session::wished() {
  const std::lock_guard lock(mutex_);
  return wish_;
}

void Session::between(std::function<void(Loop*)> task) {
  {
    const std::lock_guard lock(mutex_);
    if (!ended_) {
      tasks_.push_back(std::move(task));
      interrupted_ = true;
      changed_.notify_all();
      return;
    }
  }
  task(nullptr);
}

std::vector<std::function<void(Loop*)>> Session::takeTasks() {
  const std::lock_guard lock(mutex_);
  interrupted_ = wish_ != Wish::Run;
  return std::exchange(tasks_, {});
}

void Session::endTasks() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  for (const auto& task : takeTasks()) task(nullptr);
}

void Session::pause() { wish(Wish::Pause); }
void Session::resume() { wish(Wish::Run); }
void Session::step(bool wholeEpoch) { wish(wholeEpoch ? Wish::StepEpoch : Wish::StepBatch); }
void Session::stop() { wish(Wish::Stop); }

void Session::setLearningRate(size_t objective, double rate) {
  between([=](Loop* loop) {
    if (loop) loop->setLearningRate(objective, rate);
  });
}

void Session::saveCheckpoint() {
  between([](Loop* loop) {
    if (loop) loop->saveCheckpoint();
  });
}

}  // namespace netwright::train
