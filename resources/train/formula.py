# SPDX-License-Identifier: Apache-2.0
import torch


def read():
    """Samples of the formula; each has random numbers of its own."""
    features, target = [], []
    for i in range(SAMPLES):
        values = sample(i % CLASSES if CLASSES else 0, CounterRandom(DATA_SEED, CounterRandom.DATA, i))
        features.append(values if CLASSES else values[:-1])
        target.append(i % CLASSES if CLASSES else values[-1:])
    x = torch.tensor(features, dtype=torch.float32)
    return {"x": x, TARGET: torch.tensor(target) if CLASSES else torch.tensor(target, dtype=torch.float32)}, Sets()
