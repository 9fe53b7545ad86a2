# SPDX-License-Identifier: Apache-2.0
"""The templates as a person would write them in PyTorch; trains them on the batches of templates_test.cpp and compares initial
weights (to the bit) and the losses of the first steps (1e-6 of their size)."""
import json
import sys

import torch
import torch.nn as nn
from safetensors.torch import load_file

folder = sys.argv[1]
torch.set_num_threads(1)


class SunspotsLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x):
        _, (h_n, _) = self.lstm(x)
        return self.fc(h_n[0])


def digits_cnn():
    return nn.Sequential(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10))


def digits_mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


def mlp(*sizes):
    layers = [nn.Linear(sizes[0], sizes[1])]
    for a, b in zip(sizes[1:], sizes[2:]):
        layers += [nn.ReLU(), nn.Linear(a, b)]
    return nn.Sequential(*layers)


TWINS = {
    "diabetes": (lambda: mlp(10, 16, 1), nn.MSELoss(), 0.003),
    "digits-cnn": (digits_cnn, nn.CrossEntropyLoss(), 0.001),
    "digits-linear": (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), nn.CrossEntropyLoss(), 0.001),
    "digits-mlp": (digits_mlp, nn.CrossEntropyLoss(), 0.001),
    "penguins": (lambda: mlp(10, 32, 3), nn.CrossEntropyLoss(), 0.01),
    "spirals-mlp": (lambda: mlp(2, 64, 64, 3), nn.CrossEntropyLoss(), 0.01),
    "sunspots-lstm": (SunspotsLstm, nn.MSELoss(), 0.005),
}

bad = 0
cases = json.load(open(folder + "/cases.json"))
for case in cases:
    name = case["template"]
    if name not in TWINS:
        print(f"{name} has no twin here: write one")
        bad += 1
        continue
    make, loss_function, rate = TWINS[name]
    t = load_file(f"{folder}/{name}.safetensors")
    torch.manual_seed(case["seed"])
    net = make()
    ours = [v for k, v in t.items() if k.startswith("weight:")]
    order = [k for k in t if k.startswith("weight:")]
    theirs = sorted(net.state_dict().values(), key=lambda v: tuple(v.shape))
    if len(ours) != len(theirs) or any(not torch.equal(a, b) for a, b in zip(sorted(ours, key=lambda v: (tuple(v.shape), v.flatten()[0].item())),
                                                                              sorted(theirs, key=lambda v: (tuple(v.shape), v.flatten()[0].item())))):
        print(f"{name}: the initial weights differ ({order})")
        bad += 1
        continue
    net = net.to(memory_format=torch.channels_last)   # and a fused optimiser: the same kernels, so that rounding stays out of it
    optimiser = torch.optim.Adam(net.parameters(), lr=rate, fused=True)
    for step, expected in enumerate(t["losses"].tolist()):
        optimiser.zero_grad()
        x = t[f"x:{step}"]
        x = torch.empty_like(x, memory_format=torch.channels_last).copy_(x) if x.dim() == 4 else x
        loss = loss_function(net(x), t[f"y:{step}"])
        loss.backward()
        optimiser.step()
        if abs(loss.item() - expected) > 1e-6 * max(abs(expected), 1e-3):
            print(f"{name}: the loss of step {step} is {expected}, PyTorch has {loss.item()}")
            bad += 1
            break
print(f"{len(cases)} templates, {bad} differences")
sys.exit(1 if bad or not cases else 0)
