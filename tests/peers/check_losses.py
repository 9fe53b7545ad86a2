# SPDX-License-Identifier: Apache-2.0
"""Repeats every case of losses_test.cpp with torch.nn and prints each difference."""
import json
import sys

import torch
import torch.nn as nn
from safetensors.torch import load_file

folder = sys.argv[1]
torch.set_num_threads(1)
TOLERANCE = {torch.float32: 1e-6, torch.float64: 1e-12}
bad = 0


class Reduced(nn.Module):
    """A loss by its formula, for those that PyTorch lacks."""

    def __init__(self, reduction="mean", **params):
        super().__init__()
        self.reduction, self.params = reduction, params

    def forward(self, x, target):
        return getattr(self.each(x, target, **self.params), self.reduction)()


class Dice(Reduced):
    def each(self, x, t, smooth=1.0):
        p, t = x.sigmoid().flatten(1), t.flatten(1)
        return 1 - (2 * (p * t).sum(1) + smooth) / (p.sum(1) + t.sum(1) + smooth)


class Focal(Reduced):
    def each(self, x, t, alpha=0.25, gamma=2.0):
        entropy = nn.functional.binary_cross_entropy_with_logits(x, t, reduction="none")
        weight = alpha * t + (1 - alpha) * (1 - t) if alpha >= 0 else 1
        return weight * (1 - (-entropy).exp()) ** gamma * entropy


OWN = {"dice": Dice, "focal": Focal}
cases = json.load(open(folder + "/cases.json"))
for case in cases:
    t = load_file(f"{folder}/{case['name']}.safetensors")
    x, target = t["input"].requires_grad_(True), t["target"]
    arguments = {k: torch.tensor(v, dtype=x.dtype) if isinstance(v, list) else v for k, v in case["params"].items()}
    own = OWN.get(case["layer"])
    module = (own or getattr(nn, case["torch"].removeprefix("nn.")))(**arguments)
    if target.is_floating_point():
        target = target.reshape(x.shape)  # (N) as (N, 1), the one liberty that the layers take
    loss = module(x, target)
    loss.backward()
    for what, ours, theirs in (("loss", t["loss"], loss.detach()), ("gradient", t["gradient"], x.grad)):
        limit = TOLERANCE[x.dtype] * max(theirs.abs().max().item(), 1e-3)
        if ours.shape != theirs.shape or ours.dtype != theirs.dtype or not torch.allclose(ours, theirs, rtol=0, atol=limit):
            print(f"{case['name']}: the {what} is {ours.tolist()}, PyTorch has {theirs.tolist()}")
            bad += 1
print(f"{len(cases)} cases, {bad} differences")
sys.exit(1 if bad or not cases else 0)
