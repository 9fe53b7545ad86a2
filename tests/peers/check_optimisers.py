# SPDX-License-Identifier: Apache-2.0
"""Repeats the steps of optimisers_test.cpp in PyTorch and prints weights that differ by more than 1e-6 of their norm."""
import json
import sys

import torch
from check_training import Lion
from safetensors.torch import load_file

bad = 0
cases = json.load(open(sys.argv[1] + "/cases.json"))
for case in cases:
    t = load_file(f"{sys.argv[1]}/{case['name']}.safetensors")
    weights = [torch.nn.Parameter(t[k]) for k in ("before0", "before1")]
    params = case["params"]
    if "beta1" in params:
        params["betas"] = (params.pop("beta1"), params.pop("beta2"))
    cls = getattr(torch.optim, case["torch"].rpartition(".")[2]) if case["torch"] else Lion
    optimiser = cls(weights, **params)
    for step in range(len(t["gradients0"])):
        for i, w in enumerate(weights):
            w.grad = t[f"gradients{i}"][step].clone()
        optimiser.step()
    for i, w in enumerate(weights):
        gap = ((t[f"after{i}"] - w.detach()).norm() / w.detach().norm()).item()
        if not gap <= 1e-6:
            print(f"{case['name']}: weight {i} differs by {gap:.2e} of its norm")
            bad += 1
print(f"{len(cases)} optimisers, {bad} differences")
sys.exit(1 if bad or not cases else 0)
