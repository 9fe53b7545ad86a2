# SPDX-License-Identifier: Apache-2.0
import math


def counts(size, validation, test):
    """How many samples the shares are, halves rounded up; at least one stays for training."""

    def rounded(x):
        return math.floor(x) + (x - math.floor(x) >= 0.5)

    most = max(size - 1, 0)
    held = min(rounded(size * validation), most)
    return held, min(rounded(size * test), most - held)
