# SPDX-License-Identifier: Apache-2.0
import math


def sample(_, random):
    """A point of a wave: x, y."""
    x = 2 * random.uniform() - 1
    return [x, math.sin(math.pi * PERIODS * x) + NOISE * random.normal()]
