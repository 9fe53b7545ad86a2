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


def lenet():
    return nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
                         nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


def autoencoder():
    return nn.Sequential(nn.Conv2d(1, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(1568, 16),
                         nn.Linear(16, 1568), nn.ReLU(), nn.Unflatten(1, (32, 7, 7)), nn.ConvTranspose2d(32, 16, 3, 2, 1, 1), nn.ReLU(),
                         nn.ConvTranspose2d(16, 1, 3, 2, 1, 1), nn.Sigmoid())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList([self.double(3, 16), self.double(16, 32), self.double(32, 64)])
        self.bottom = self.double(64, 128)
        self.up = nn.ModuleList()
        for channels in (64, 32, 16):
            self.up.append(nn.ConvTranspose2d(2 * channels, channels, 2, 2))
            self.up.append(self.double(2 * channels, channels))
        self.head = nn.Conv2d(16, 4, 1)

    @staticmethod
    def double(before, channels):
        return nn.Sequential(nn.Conv2d(before, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(),
                             nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU())

    def forward(self, x):
        kept = []
        for down in self.down:
            kept.append(down(x))
            x = nn.functional.max_pool2d(kept[-1], 2)
        x = self.bottom(x)
        for up, double in zip(self.up[::2], self.up[1::2]):
            x = double(torch.cat([kept.pop(), up(x)], 1))
        return self.head(x)


class ViT(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 192, 8, 8)
        self.places = nn.Parameter(torch.randn(64, 192) * 0.02)
        self.blocks = nn.Sequential(*[nn.TransformerEncoderLayer(192, 3, 768, 0.0, "gelu", batch_first=True, norm_first=True) for _ in range(12)])
        self.norm = nn.LayerNorm(192)
        self.head = nn.Linear(192, 8)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2) + self.places
        return self.head(self.norm(self.blocks(x)).mean(1))


TWINS = {
    "autoencoder": (autoencoder, nn.BCELoss(), 0.005),
    "diabetes": (lambda: mlp(10, 16, 1), nn.MSELoss(), 0.003),
    "digits-cnn": (digits_cnn, nn.CrossEntropyLoss(), 0.001),
    "digits-linear": (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), nn.CrossEntropyLoss(), 0.001),
    "digits-mlp": (digits_mlp, nn.CrossEntropyLoss(), 0.001),
    "lenet": (lenet, nn.CrossEntropyLoss(), 0.005),
    "penguins": (lambda: mlp(10, 32, 3), nn.CrossEntropyLoss(), 0.01),
    "spirals-mlp": (lambda: mlp(2, 64, 64, 3), nn.CrossEntropyLoss(), 0.01),
    "sunspots-lstm": (SunspotsLstm, nn.MSELoss(), 0.005),
    "unet": (UNet, nn.CrossEntropyLoss(), 0.01),
    "vit-tiny": (ViT, nn.CrossEntropyLoss(), 0.0005, 0.05),
}

bad = 0
cases = json.load(open(folder + "/cases.json"))
for case in cases:
    name = case["template"]
    if name not in TWINS:
        print(f"{name} has no twin here: write one")
        bad += 1
        continue
    make, loss_function, rate, *decay = TWINS[name]  # with weight decay: AdamW
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
    if case["plain"]:
        optimiser = torch.optim.SGD(net.parameters(), lr=0.01, fused=True)
    elif decay:
        optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=decay[0], fused=True)
    else:
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
