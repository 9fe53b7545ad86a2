# SPDX-License-Identifier: Apache-2.0
import torch


def macro(score, output, target):
    """Mean of a score over the classes that occur; the score is of counts: found and right, found and wrong, missed."""
    choice, label = choices(output, target)
    values = []
    for c in torch.cat([choice, label]).unique():
        right = ((choice == c) & (label == c)).sum().item()
        values.append(score(right, (choice == c).sum().item() - right, (label == c).sum().item() - right))
    return sum(values) / len(values) if values else float("nan")
