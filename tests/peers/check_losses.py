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
cases = json.load(open(folder + "/cases.json"))
for case in cases:
    t = load_file(f"{folder}/{case['name']}.safetensors")
    x, target = t["input"].requires_grad_(True), t["target"]
    arguments = {k: torch.tensor(v, dtype=x.dtype) if isinstance(v, list) else v for k, v in case["params"].items()}
    module = getattr(nn, case["torch"].removeprefix("nn."))(**arguments)
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
