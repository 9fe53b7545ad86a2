# SPDX-License-Identifier: Apache-2.0
import math


def sample(label, random):
    """A point of the arm `label`."""
    radius = math.sqrt(random.uniform())  # so that arms are equally dense all along
    turn = 2 * math.pi * (TURNS * radius + label / CLASSES)
    return [radius * math.cos(turn) + NOISE * random.normal(), radius * math.sin(turn) + NOISE * random.normal()]
