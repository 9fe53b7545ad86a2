# SPDX-License-Identifier: Apache-2.0


class Progress:
    """Tells when a value has not become better for so many epochs."""

    def __init__(self, patience):
        self.patience, self.best, self.bad = patience, None, 0

    def ended(self, value):
        if value == value and (self.best is None or value > self.best):
            self.best, self.bad = value, 0
        else:
            self.bad += 1
        return self.bad >= self.patience
