# SPDX-License-Identifier: Apache-2.0
"""Trains the networks of sequence_training_test.cpp in PyTorch: the same initial weights to the bit, the same losses."""
import sys

import torch
import torch.nn as nn
from safetensors.torch import load_file

folder = sys.argv[1]
torch.set_num_threads(1)
bad = 0


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 5, padding_idx=0)
        self.lstm = nn.LSTM(5, 7, num_layers=2, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(28, 11)

    def forward(self, x):
        _, (h_n, _) = self.lstm(self.embedding(x))
        return self.fc(h_n.transpose(0, 1).flatten(1))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.fc = nn.Linear(48, 11)

    def forward(self, x):
        x = self.embedding(x)
        mask = torch.ones(6, 6, dtype=torch.bool).triu(1)
        return self.fc((x + self.attention(x, x, x, attn_mask=mask, need_weights=False)[0]).flatten(1))


for name, make in (("words", Words), ("attention", Attention)):
    t = load_file(f"{folder}/{name}.safetensors")
    torch.manual_seed(3)
    net = make()
    for key, value in net.state_dict().items():
        if not torch.equal(t["initial:" + key], value):
            print(f"{name}: initial {key} is not byte-equal to torch.manual_seed(3)")
            bad += 1
    net.double().load_state_dict({k.removeprefix("before:"): v for k, v in t.items() if k.startswith("before:")})
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    for step, ours in enumerate(t["losses"].tolist()):
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(net(t["x"]), t["label"])
        loss.backward()
        optimiser.step()
        if abs(loss.item() - ours) > 1e-8 * max(1, abs(ours)):
            print(f"{name}: the loss of step {step} is {ours}, PyTorch has {loss.item()}")
            bad += 1
            break
    for key, theirs in net.state_dict().items():
        relative = (t["after:" + key] - theirs).norm() / max(theirs.norm().item(), 1e-12)
        if relative > 1e-6:
            print(f"{name}: {key} differs by {relative:.2e} of its norm after {len(t['losses'])} steps")
            bad += 1
    print(f"{name}: loss {t['losses'][0].item():.4f} -> {t['losses'][-1].item():.4f}")
sys.exit(1 if bad else 0)
