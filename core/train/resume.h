// SPDX-License-Identifier: Apache-2.0
// Brings a stored run back to where it was, so that a session can go on with it.
#pragma once

#include "core/run/message.h"
#include "core/train/session.h"

namespace netwright::train {

// From the newest checkpoint, or from the start if there is none. Throws Error{Input}: no such run, still training,
// finished, damaged checkpoint, setting that does not exist.
SessionOptions resumeOptions(const run::ResumeRun& wanted);

}  // namespace netwright::train
