# SPDX-License-Identifier: Apache-2.0
"""The templates as a person would write them in PyTorch; trains them on the batches of templates_test.cpp and compares initial
weights (to the bit) and the losses of the first steps (1e-6 of their size)."""
import json
import math
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
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


class WordsLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.letters = nn.Embedding(60, 32, padding_idx=0)
        self.lstm = nn.LSTM(32, 96, batch_first=True)
        self.fc = nn.Linear(96, 9)

    def forward(self, word):
        _, (h_n, _) = self.lstm(self.letters(word))
        return self.fc(h_n[0])


class WordsGru(nn.Module):
    def __init__(self):
        super().__init__()
        self.letters = nn.Embedding(60, 32, padding_idx=0)
        self.gru = nn.GRU(32, 64, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(128, 9)

    def forward(self, word):
        y, _ = self.gru(self.letters(word))
        return self.fc(self.dropout(y.amax(1)))


class Places(nn.Module):
    def __init__(self, length, features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(length, features).normal_(0, 0.02))

    def forward(self, x):
        return x + self.weight


def encoder_layer(width, **options):
    return nn.TransformerEncoderLayer(width, 4, batch_first=True, norm_first=True, **options)


class WordsTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.letters = nn.Embedding(60, 64, padding_idx=0)
        self.places = Places(16, 64)
        self.layers = nn.ModuleList([encoder_layer(64, dim_feedforward=128, dropout=0.0) for _ in range(2)])
        self.norm = nn.LayerNorm(64)
        self.fc = nn.Linear(64, 9)

    def forward(self, word):
        filler = word == 0
        x = self.places(self.letters(word))
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=filler)
        return self.fc(self.norm(x).masked_fill(filler.unsqueeze(2), 0).mean(1))


class SequenceToSequence(nn.Module):
    def __init__(self):
        super().__init__()
        self.symbols = nn.Embedding(11, 32)
        self.encoder = nn.GRU(32, 64, batch_first=True)
        self.decoder = nn.GRU(64, 64, batch_first=True)
        self.attention = nn.MultiheadAttention(64, 1, batch_first=True)
        self.fc = nn.Linear(128, 11)

    def forward(self, digits):
        read, h_n = self.encoder(self.symbols(digits))
        written, _ = self.decoder(h_n[0].unsqueeze(1).repeat(1, 8, 1), h_n)
        seen, _ = self.attention(written, read, read, need_weights=False)
        return self.fc(torch.cat([written, seen], 2)).transpose(1, 2)


class SpokenDigits(nn.Module):
    def __init__(self):
        super().__init__()
        mel = torch.linspace(0, 2595 * math.log10(1 + 4000 / 700), 34, dtype=torch.float64)
        edges, bins = (700 * (10 ** (mel / 2595) - 1))[:, None], torch.arange(129, dtype=torch.float64) * 4000 / 128
        up, down = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2]), (edges[2:] - bins) / (edges[2:] - edges[1:-1])
        turns = torch.outer(torch.arange(129), torch.arange(256)) % 256 * 2 * math.pi / 256
        waves = torch.cat([turns.double().cos(), -turns.double().sin()]) * torch.hann_window(256, dtype=torch.float64)
        self.register_buffer("filters", torch.minimum(up, down).clamp(min=0).float())
        self.register_buffer("basis", waves.float().unsqueeze(1))
        self.norm = nn.BatchNorm2d(1)
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(32 * 8 * 12, 10)

    def forward(self, sound):
        parts = F.conv1d(F.pad(sound.unsqueeze(1), (128, 128), "reflect"), self.basis, stride=128) ** 2
        power = parts[:, :129] + parts[:, 129:]
        x = self.norm(torch.log1p(self.filters @ power).unsqueeze(1))
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        return self.fc(self.dropout(x.flatten(1)))


class Tcn(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList()
        for level in range(5):
            self.convs.append(nn.Conv1d(24 if level else 2, 24, 3, dilation=2**level))
            if level == 0:
                self.shortcut = nn.Conv1d(2, 24, 1)
        self.fc = nn.Linear(24, 1)

    def forward(self, x):
        x = x.transpose(1, 2)
        for level, conv in enumerate(self.convs):
            x = torch.relu(conv(F.pad(x, (2 * 2**level, 0)))) + (x if level else self.shortcut(x))
        return self.fc(x[:, :, -1])


class SmallGpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(71, 64)
        self.wpe = Places(64, 64)
        self.h = nn.ModuleList([encoder_layer(64, dim_feedforward=256, dropout=0.0, activation="gelu") for _ in range(2)])
        self.ln_f = nn.LayerNorm(64)
        self.lm_head = nn.Linear(64, 71, bias=False)

    def forward(self, x):
        later = torch.triu(torch.ones(64, 64, dtype=torch.bool), 1)
        x = self.wpe(self.wte(x))
        for block in self.h:
            x = block(x, src_mask=later, is_causal=True)
        return self.lm_head(self.ln_f(x)).transpose(1, 2)


class PenguinsEmbedding(nn.Module):
    def __init__(self):
        super().__init__()
        self.island_table = nn.Embedding(3, 2)
        self.sex_table = nn.Embedding(3, 2)
        self.norm = nn.BatchNorm1d(8)
        self.fc1 = nn.Linear(8, 32)
        self.fc2 = nn.Linear(32, 3)

    def forward(self, x, island, sex):
        row = torch.cat([x, self.island_table(island), self.sex_table(sex)], 1)
        return self.fc2(torch.relu(self.fc1(self.norm(row))))


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


class DynamicDepth(nn.Module):
    def __init__(self):
        super().__init__()
        self.into, self.fold, self.norm, self.scores = nn.Linear(2, 48), nn.Linear(48, 48), nn.LayerNorm(48), nn.Linear(48, 3)

    def forward(self, x):
        h = self.into(x)
        for _ in range(int(3 + 3 * x.abs().mean())):
            h = F.relu(self.fold(h)) + h
        return self.scores(self.norm(h))


class EarlyExit(nn.Module):
    def __init__(self):
        super().__init__()
        self.look, self.fc, self.answer = nn.Linear(784, 64), nn.Linear(128, 64), nn.Linear(64, 10)

    def forward(self, image):
        h = seen = F.relu(self.look(image.flatten(1)))
        scores = seen[:, 0:10] * 0
        for _ in range(8):
            h = torch.tanh(self.fc(torch.cat([h, seen], 1))) + h
            scores = self.answer(h) + scores
            if not scores.softmax(1).amax(1).mean() < 0.9:
                break
        return scores


class MixtureOfExperts(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(2, 3)
        self.experts = nn.ModuleList(mlp(2, 32, 32, 3) for _ in range(3))

    def forward(self, x):
        answers = []
        for point in x.split(1):
            p = self.gate(point).softmax(1)
            answers.append(self.experts[int(p.argmax(1))](point) * p.amax())
        return torch.cat(answers)


class RecursiveDecoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.symbols, self.encoder = nn.Embedding(11, 32), nn.GRU(32, 64, batch_first=True)
        self.symbol, self.cell, self.fc = nn.Embedding(11, 32), nn.GRUCell(96, 64), nn.Linear(64, 11)

    def forward(self, digits):
        memory, h = self.encoder(self.symbols(digits))
        h, last, said = h[0], digits[:, 0] * 0 + 10, []
        for _ in range(8):
            w = (memory @ h.unsqueeze(2)).squeeze(2).softmax(1)
            found = (w.unsqueeze(1) @ memory).squeeze(1)
            h = self.cell(torch.cat([self.symbol(last), found], 1), h)
            scores = self.fc(h)
            last = scores.argmax(1)
            said.append(scores)
        return torch.stack(said, 1).transpose(1, 2)


TWINS = {
    "adding-tcn": (Tcn, nn.MSELoss(), 0.005),
    "autoencoder": (autoencoder, nn.BCELoss(), 0.005),
    "diabetes": (lambda: mlp(10, 16, 1), nn.MSELoss(), 0.003),
    "digits-cnn": (digits_cnn, nn.CrossEntropyLoss(), 0.001),
    "digits-linear": (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), nn.CrossEntropyLoss(), 0.001),
    "dynamic-depth": (DynamicDepth, nn.CrossEntropyLoss(), 0.01),
    "early-exit": (EarlyExit, nn.CrossEntropyLoss(), 0.001),
    "mixture-of-experts": (MixtureOfExperts, nn.CrossEntropyLoss(), 0.01),
    "recursive-decoder": (RecursiveDecoder, nn.CrossEntropyLoss(), 0.003),
    "digits-mlp": (digits_mlp, nn.CrossEntropyLoss(), 0.001),
    "gpt-small": (SmallGpt, nn.CrossEntropyLoss(), 0.005),
    "penguins-embedding": (PenguinsEmbedding, nn.CrossEntropyLoss(), 0.01),
    "lenet": (lenet, nn.CrossEntropyLoss(), 0.005),
    "penguins": (lambda: mlp(10, 32, 3), nn.CrossEntropyLoss(), 0.01),
    "seq2seq-attention": (SequenceToSequence, nn.CrossEntropyLoss(), 0.003),
    "spoken-digits-cnn": (SpokenDigits, nn.CrossEntropyLoss(), 0.003),
    "spirals-mlp": (lambda: mlp(2, 64, 64, 3), nn.CrossEntropyLoss(), 0.01),
    "sunspots-lstm": (SunspotsLstm, nn.MSELoss(), 0.005),
    "words-gru": (WordsGru, nn.CrossEntropyLoss(), 0.005),
    "words-lstm": (WordsLstm, nn.CrossEntropyLoss(), 0.005),
    "words-transformer": (WordsTransformer, nn.CrossEntropyLoss(), 0.003),
    "unet": (UNet, nn.CrossEntropyLoss(), 0.01),
    "vit-tiny": (ViT, nn.CrossEntropyLoss(), 0.0005, 0.05),
}

COMPUTED = (258, 1, 256), (32, 129)  # waves and filters of a spectrum: not drawn, and rounded elsewhere


def same(a, b):
    return torch.equal(a, b) or (tuple(a.shape) in COMPUTED and torch.allclose(a, b, rtol=0, atol=1e-6))


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
    if len(ours) != len(theirs) or any(not same(a, b) for a, b in zip(sorted(ours, key=lambda v: (tuple(v.shape), v.flatten()[0].item())),
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
        inputs = [t[f"x{i}:{step}"] for i in range(len(t)) if f"x{i}:{step}" in t]
        inputs = [torch.empty_like(x, memory_format=torch.channels_last).copy_(x) if x.dim() == 4 else x for x in inputs]
        loss = loss_function(net(*inputs), t[f"y:{step}"])
        loss.backward()
        optimiser.step()
        if abs(loss.item() - expected) > 1e-6 * max(abs(expected), 1e-3):
            print(f"{name}: the loss of step {step} is {expected}, PyTorch has {loss.item()}")
            bad += 1
            break
print(f"{len(cases)} templates, {bad} differences")
sys.exit(1 if bad or not cases else 0)
