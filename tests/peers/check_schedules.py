# SPDX-License-Identifier: Apache-2.0
"""Computes the learning rates of schedules_test.cpp with torch.optim.lr_scheduler and prints each difference."""
import json
import sys
import warnings

import torch
from torch.optim.lr_scheduler import *  # noqa: F403  (the cases name them)

warnings.filterwarnings("ignore")
data = json.load(open(sys.argv[1] + "/cases.json"))
per_epoch, losses = data["per_epoch"], data["losses"]
epochs = len(losses)
steps, bad = per_epoch * epochs, 0
for case in data["cases"]:
    o = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1, momentum=0.9)
    schedule = eval(case["torch"])
    for step, ours in enumerate(case["rates"]):
        theirs = o.param_groups[0]["lr"]
        if abs(ours - theirs) > 1e-9 * 0.1:
            print(f"{case['torch']}: step {step} has {ours}, PyTorch {theirs}")
            bad += 1
            break
        momentum = case["momenta"][step]
        if abs((0.9 if momentum is None else momentum) - o.param_groups[0]["momentum"]) > 1e-12:
            print(f"{case['torch']}: step {step} has the momentum {momentum}, PyTorch {o.param_groups[0]['momentum']}")
            bad += 1
            break
        o.step()
        end = step % per_epoch == per_epoch - 1
        if "Plateau" in case["torch"]:
            if end:
                schedule.step(losses[step // per_epoch])
        elif end or not case["per_epoch"]:
            if step + 1 < steps:
                schedule.step()
print(f"{len(data['cases'])} schedules, {bad} differences")
sys.exit(1 if bad or not data["cases"] else 0)
