# SPDX-License-Identifier: Apache-2.0
import torch


def read():
    """Numbers and marks (N, LENGTH, 2), and the sum of the two marked numbers."""
    x = torch.zeros(SAMPLES, LENGTH, 2)
    half = LENGTH // 2
    for i in range(SAMPLES):
        random = CounterRandom(DATA_SEED, CounterRandom.DATA, i)
        x[i, :, 0] = torch.tensor([random.uniform() for _ in range(LENGTH)])
        x[i, random.below(half), 1] = x[i, half + random.below(LENGTH - half), 1] = 1
    return {"x": x, "y": (x[:, :, 0] * x[:, :, 1]).sum(1, keepdim=True)}, Sets()
