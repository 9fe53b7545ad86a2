# SPDX-License-Identifier: Apache-2.0
"""Trains the network of training_test.cpp in PyTorch: the same losses, and the same weights after all steps."""
import json
import sys

import torch
import torch.nn as nn
from safetensors.torch import load_file

folder = sys.argv[1]
bad = 0
cases = json.load(open(folder + "/cases.json"))
for case in cases:
    t = load_file(f"{folder}/{case['name']}.safetensors")
    net = nn.Sequential()
    for name, module in (("conv", nn.Conv2d(2, 4, 3)), ("bn", nn.BatchNorm2d(4)), ("r", nn.ReLU()), ("f", nn.Flatten()), ("fc", nn.Linear(64, 5))):
        net.add_module(name, module)
    net.double().load_state_dict({k.removeprefix("before:"): v for k, v in t.items() if k.startswith("before:")})
    p = net.parameters()
    optimiser, loss_function = eval(case["optimiser"]), eval(case["loss"])
    for step, ours in enumerate(t["losses"].tolist()):
        if step % case["accumulate"] == 0:
            optimiser.zero_grad()
        loss = loss_function(net(t["x"]), t["label"])
        (loss / case["accumulate"]).backward()
        if case["clip_value"]:
            nn.utils.clip_grad_value_(net.parameters(), case["clip_value"])
        if case["clip_norm"]:
            nn.utils.clip_grad_norm_(net.parameters(), case["clip_norm"])
        if step % case["accumulate"] == case["accumulate"] - 1:
            optimiser.step()
        if abs(loss.item() - ours) > 1e-8 * max(1, abs(ours)):
            print(f"{case['name']}: the loss of step {step} is {ours}, PyTorch has {loss.item()}")
            bad += 1
            break
    for key, theirs in net.state_dict().items():
        ours = t["after:" + key]
        relative = (ours.double() - theirs.double()).norm() / max(theirs.double().norm().item(), 1e-12)
        if relative > 1e-6:
            print(f"{case['name']}: {key} differs by {relative:.2e} of its norm after {len(t['losses'])} steps")
            bad += 1
    # The optimiser's state has PyTorch's names and numbers: it can be moved over.
    names = {id(v): k for k, v in net.named_parameters()}
    theirs = {f"{k}.{names[id(q)]}": v for q, state in optimiser.state.items() for k, v in state.items() if v is not None}
    ours = {k.removeprefix("state:"): v for k, v in t.items() if k.startswith("state:")}
    if set(ours) != set(theirs):
        print(f"{case['name']}: the optimiser keeps {sorted(ours)}, PyTorch {sorted(theirs)}")
        bad += 1
        continue
    for key, value in theirs.items():
        gap = (ours[key].double() - value.double()).norm() / max(value.double().norm().item(), 1e-9)  # a bias before batch norm has none
        if gap > 1e-6:
            print(f"{case['name']}: state {key} differs by {gap:.2e} of its norm")
            bad += 1
print(f"{len(cases)} cases, {bad} differences")
sys.exit(1 if bad or not cases else 0)
