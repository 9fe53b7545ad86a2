// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/autosave.h"

#include "core/base/error.h"
#include "core/project/autosave.h"
#include "widgets/bridge/project_model.h"

namespace netwright::bridge {

Autosave::Autosave(ProjectModel* model) : model_(model), file_(project::freshAutosaveFile()) {
  writer_.setMaxThreadCount(1);
  connect(model_, &ProjectModel::edited, this, &Autosave::note);
  // Saving takes the file away; a window that goes on without what another program wrote has edits without a step.
  connect(model_->undoStack(), &QUndoStack::cleanChanged, this, [this](bool clean) {
    if (clean || edits_ == 0) note();
  });
}

Autosave::~Autosave() { flush(); }

void Autosave::flush() { writer_.waitForDone(); }

void Autosave::note() {
  if (!model_->isOpen() || !model_->isModified()) return forget();
  ++edits_;
  flush();
  const auto now = QDateTime::currentDateTime();
  project::Autosave autosave{model_->folder().string(), model_->undoStack()->undoText().toStdString(), edits_,
                             now.toMSecsSinceEpoch(), model_->project()};
  writer_.start([this, file = file_, autosave = std::move(autosave), now] {
    Message problem;
    try {
      project::writeAutosave(file, autosave);
    } catch (const Error& e) {
      problem = messageOf(e);
    }
    QMetaObject::invokeMethod(this, [this, problem, now] {
      problem_ = problem;
      if (edits_ > 0 && problem.empty()) keptAt_ = now;
      Q_EMIT changed();
    });
  });
}

void Autosave::discard() { forget(); }

void Autosave::forget() {
  flush();
  project::discardAutosave(file_);
  edits_ = 0;
  keptAt_ = {};
  problem_ = {};
  Q_EMIT changed();
}

}  // namespace netwright::bridge
