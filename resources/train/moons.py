# SPDX-License-Identifier: Apache-2.0
import math


def sample(label, random):
    """A point of one of two half circles that reach into each other."""
    angle = math.pi * random.uniform()
    x = math.cos(angle) if label == 0 else 1 - math.cos(angle)
    y = math.sin(angle) if label == 0 else 0.5 - math.sin(angle)
    return [x + NOISE * random.normal(), y + NOISE * random.normal()]
