# SPDX-License-Identifier: Apache-2.0
"""The templates with losses of their own as a person would write them in PyTorch: initial weights to the bit, and the sum of all losses
in the first steps (1e-5 of its size)."""
import json
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file

folder = sys.argv[1]
torch.set_num_threads(1)


def mlp(*sizes):
    layers = []
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class Vae(nn.Module):
    optimisers = [("", 1e-3, 0.9)]

    def __init__(self):
        super().__init__()
        self.encoder, self.mean, self.log_var = nn.Linear(784, 256), nn.Linear(256, 8), nn.Linear(256, 8)
        self.decoder, self.drawing = nn.Linear(8, 256), nn.Linear(256, 784)

    def losses(self, image):
        hidden = self.encoder(image.flatten(1)).relu()
        mean, log_var = self.mean(hidden), self.log_var(hidden)
        code = mean + torch.exp(log_var * 0.5) * torch.randn_like(log_var)
        picture = self.drawing(self.decoder(code).relu()).sigmoid().unflatten(1, (1, 28, 28))
        kl = ((mean.square() + (log_var.exp() - log_var) - 1) * 0.5).sum(1).mean()
        return [F.binary_cross_entropy(picture, image) + kl / 784]


class Siamese(nn.Module):
    optimisers = [("", 1e-3, 0.9)]

    def __init__(self):
        super().__init__()
        self.encoder = mlp(784, 128, 16)

    def losses(self, image, other, same):
        distance = F.pairwise_distance(self.encoder(image.flatten(1)), self.encoder(other.flatten(1)))
        return [((same * distance.square() + (1 - same) * (2 - distance).clamp(min=0).square()) * 0.5).mean()]


class Distillation(nn.Module):
    optimisers = [("teacher", 1e-3, 0.9), ("student", 2e-3, 0.9)]

    def __init__(self):
        super().__init__()
        self.teacher, self.student = mlp(784, 256, 128, 10), mlp(784, 32, 10)

    def losses(self, image, label):
        taught, small = self.teacher(image.flatten(1)), self.student(image.flatten(1))
        wanted = (taught.detach() * 0.5).softmax(1)
        distance = F.kl_div((small * 0.5).log_softmax(1), wanted, reduction="batchmean")
        return [F.cross_entropy(taught, label), 4 * distance + F.cross_entropy(small, label)]


class Gan(nn.Module):
    optimisers = [("discriminator", 1e-3, 0.5), ("generator", 1e-3, 0.5)]

    def __init__(self):
        super().__init__()
        self.generator, self.discriminator = mlp(2, 64, 64, 2), mlp(2, 64, 64, 1)

    def losses(self, x):
        made = self.generator(torch.randn_like(x))
        real, fake = self.discriminator(x), self.discriminator(made)
        return [F.softplus(-real).mean() + F.softplus(fake).mean(), F.softplus(-fake).mean()]


class TwoHeads(nn.Module):
    optimisers = [("", 5e-3, 0.9)]

    def __init__(self):
        super().__init__()
        self.body, self.body2, self.kinds, self.weights = nn.Linear(9, 32), nn.Linear(32, 32), nn.Linear(32, 3), nn.Linear(32, 1)

    def losses(self, x, species, body_mass_g):
        body = self.body2(self.body(x).relu()).relu()
        return [F.cross_entropy(self.kinds(body), species) + F.mse_loss(self.weights(body), body_mass_g)]


TWINS = {"vae": Vae, "siamese": Siamese, "distillation": Distillation, "gan": Gan, "two-heads": TwoHeads}

bad = 0
cases = json.load(open(folder + "/cases.json"))
for case in cases:
    name = case["template"]
    if name not in TWINS:
        print(f"{name} has no twin here: write one")
        bad += 1
        continue
    t = load_file(f"{folder}/{name}.safetensors")
    torch.manual_seed(case["seed"])
    net = TWINS[name]()
    ours = sorted((v for k, v in t.items() if k.startswith("weight:")), key=lambda v: (tuple(v.shape), v.flatten()[0].item()))
    theirs = sorted(net.state_dict().values(), key=lambda v: (tuple(v.shape), v.flatten()[0].item()))
    if len(ours) != len(theirs) or not all(torch.equal(a, b) for a, b in zip(ours, theirs)):
        print(f"{name}: the initial weights differ")
        bad += 1
        continue
    optimisers = [torch.optim.Adam([p for n, p in net.named_parameters() if n.startswith(prefix)], lr=rate, betas=(beta, 0.999), fused=True)
                  for prefix, rate, beta in net.optimisers]
    for step, expected in enumerate(t["losses"].tolist()):
        feeds = {name: t[f"{name}:{step}"] for name in case["inputs"]}
        total = 0.0
        for turn, optimiser in enumerate(optimisers):
            optimiser.zero_grad()
            loss = net.losses(**feeds)[turn]
            loss.backward(inputs=[p for group in optimiser.param_groups for p in group["params"]])
            optimiser.step()
            total += loss.item()
        if abs(total - expected) > 1e-5 * max(abs(expected), 1e-3):
            print(f"{name}: the loss of step {step} is {expected}, PyTorch has {total}")
            bad += 1
            break
print(f"{len(cases)} templates, {bad} differences")
sys.exit(1 if bad or not cases else 0)
