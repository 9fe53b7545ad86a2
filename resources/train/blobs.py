# SPDX-License-Identifier: Apache-2.0


def sample(label, random):
    """A point of the cloud `label`, whose centre lies anywhere between -10 and 10."""
    centre = CounterRandom(DATA_SEED, CounterRandom.DATA, 2**40 + label)
    return [20 * centre.uniform() - 10 + NOISE * random.normal() for _ in range(WIDTH)]
