// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can do on the Train page beside start, pause and stop, which belong to the window. For buttons, menus
// and the command palette.
#pragma once

#include <QAction>
#include <QList>

namespace netwright::panels {

// Owned by the page.
struct TrainActions {
  QAction *stepBatch, *stepEpoch, *checkpoint, *changeRate, *resumeStored, *reset;
  QAction *showCurves, *showPredictions, *showMatrix;
  QList<QAction*> all() const {
    return {stepBatch, stepEpoch, checkpoint, changeRate, resumeStored, reset, showCurves, showPredictions, showMatrix};
  }
};

TrainActions makeTrainActions(QWidget& page);

}  // namespace netwright::panels
