# SPDX-License-Identifier: Apache-2.0
import math


def sample(label, random):
    """A point of the outer or the inner circle."""
    angle = 2 * math.pi * random.uniform()
    radius = 1 if label == 0 else FACTOR
    return [radius * math.cos(angle) + NOISE * random.normal(), radius * math.sin(angle) + NOISE * random.normal()]
