// SPDX-License-Identifier: Apache-2.0
#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {

// What it does is in Scheduler::epochEnded.
ScheduleSpec plateau() {
  ScheduleSpec spec{
      "plateau",
      "Reduce on plateau",
      "torch.optim.lr_scheduler.ReduceLROnPlateau",
      "Lowers the learning rate when the validation loss (or training loss) stops falling.",
      {floatParam("factor", 0.1).above(0).max(0.999999).withDoc("The rate is multiplied by this."),
       intParam("patience", 10).min(0).withUnit("epochs").withDoc("Epochs without progress that are forgiven."),
       floatParam("threshold", 1e-4).min(0).withDoc("Progress smaller than this does not count."),
       choiceParam("threshold_mode", {"rel", "abs"}).withDoc("The threshold is a share of the loss, or a difference."),
       intParam("cooldown", 0).min(0).withUnit("epochs").withDoc("Epochs to wait after a change."),
       floatParam("min_lr", 0).min(0).withDoc("The rate never goes below this."),
       floatParam("eps", 1e-8).min(0).withDoc("Changes of the rate that are smaller are left out."),
       choiceParam("mode", {"min", "max"}).withDoc("Whether a smaller or a greater loss is progress.")},
      {}};
  spec.watches = true;
  return spec;
}

}  // namespace netwright::run::builtin
