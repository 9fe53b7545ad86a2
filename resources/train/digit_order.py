# SPDX-License-Identifier: Apache-2.0
import torch


def read():
    """Rows of digits (N, LENGTH), each as its value and 1, filled up with 0; and the same in another order."""
    digits, answers = torch.zeros(SAMPLES, LENGTH, dtype=torch.long), torch.zeros(SAMPLES, LENGTH, dtype=torch.long)
    least = (LENGTH + 1) // 2
    for i in range(SAMPLES):
        random = CounterRandom(DATA_SEED, CounterRandom.DATA, i)
        row = torch.tensor([1 + random.below(10) for _ in range(least + random.below(LENGTH - least + 1))])
        digits[i, : len(row)] = row
        answers[i, : len(row)] = row.sort().values if SORTED else row.flip(0)
    return {"digits": digits, "answer": answers}, Sets()
