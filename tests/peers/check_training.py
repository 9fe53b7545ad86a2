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
        optimiser.zero_grad()
        loss = loss_function(net(t["x"]), t["label"])
        loss.backward()
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
print(f"{len(cases)} cases, {bad} differences")
sys.exit(1 if bad or not cases else 0)
