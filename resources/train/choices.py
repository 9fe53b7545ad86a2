# SPDX-License-Identifier: Apache-2.0
import torch


def choices(output, target):
    """The class that was chosen and the right one, of each sample: by the highest score, or by the sign of a logit."""
    if target.dtype == torch.int64:
        kept = target != IGNORED
        return output.argmax(1)[kept], target[kept]
    return (output > 0).long().flatten(), (target > 0.5).long().flatten()
