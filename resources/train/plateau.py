# SPDX-License-Identifier: Apache-2.0


class Plateau:
    """Lowers the learning rate when the loss stops falling, as torch.optim.lr_scheduler.ReduceLROnPlateau."""

    def __init__(self, base, factor, patience, threshold, cooldown, low):
        self.base, self.factor, self.patience = base, factor, patience
        self.threshold, self.cooldown, self.low = threshold, cooldown, low
        self.scale, self.best, self.bad, self.waits = 1.0, None, 0, 0

    @property
    def rate(self):
        return max(self.base * self.scale, self.low)

    def epoch_ended(self, loss):
        if self.best is None or loss < self.best * (1 - self.threshold):
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        if self.waits > 0:
            self.waits, self.bad = self.waits - 1, 0
        if self.bad > self.patience:
            self.scale, self.waits, self.bad = self.scale * self.factor, self.cooldown, 0
