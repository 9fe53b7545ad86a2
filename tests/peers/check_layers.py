# SPDX-License-Identifier: Apache-2.0
"""Repeats every case of layers_test.cpp with torch.nn and prints each difference."""
import json
import sys

import torch
import torch.nn as nn
from safetensors.torch import load_file

folder = sys.argv[1]
torch.set_num_threads(1)
TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
bad = 0


class Concat(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, *tensors):
        return torch.cat(tensors, self.dim)


class LSTM(nn.LSTM):
    """Samples first, in the states too; a state may be left out."""

    def __init__(self, **params):
        super().__init__(**params, batch_first=True)

    def forward(self, x, h_0=None, c_0=None):
        size = (self.num_layers * (2 if self.bidirectional else 1), len(x), self.hidden_size)
        states = [x.new_zeros(size) if s is None else s.transpose(0, 1) for s in (h_0, c_0)]
        y, (h_n, c_n) = super().forward(x, [s.contiguous() for s in states])
        return y, h_n.transpose(0, 1), c_n.transpose(0, 1)


class MultiheadAttention(nn.MultiheadAttention):
    def __init__(self, is_causal, **params):
        super().__init__(**params, batch_first=True)
        self.is_causal = is_causal

    def forward(self, query, key=None, value=None):
        key = query if key is None else key
        value = key if value is None else value
        mask = torch.ones(query.shape[1], key.shape[1], dtype=torch.bool).triu(1) if self.is_causal else None
        return super().forward(query, key, value, attn_mask=mask, is_causal=self.is_causal, need_weights=False)[0]


class PositionalEncoding(nn.Module):
    def __init__(self, kind, max_len, embed_dim):
        super().__init__()
        if kind == "learned":
            self.weight = nn.Parameter(torch.empty(max_len, embed_dim).normal_(0, 0.02))
            return
        place = torch.arange(max_len, dtype=torch.float64).unsqueeze(1)
        pair = torch.arange(0, embed_dim, 2, dtype=torch.float64) / embed_dim
        angle = place / 10000**pair
        waves = torch.stack([angle.sin(), angle.cos()], 2).flatten(1)[:, :embed_dim]
        self.register_buffer("weight", waves.float())

    def forward(self, x):
        return x + self.weight


def differ(name, what, ours, theirs, tolerance):
    global bad
    theirs = theirs.detach()
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        print(f"{name}: {what} is {ours.dtype} {tuple(ours.shape)}, PyTorch has {theirs.dtype} {tuple(theirs.shape)}")
        bad += 1
        return
    if ours.numel() == 0:
        return
    a, b = ours.double(), theirs.double()
    limit = tolerance * max(b.abs().max().item(), 1e-3)
    if not torch.allclose(a, b, rtol=0, atol=limit):
        print(f"{name}: {what} differs by {(a - b).abs().max().item():.3e} (allowed {limit:.1e})")
        bad += 1


cases = json.load(open(folder + "/cases.json"))
for case in cases:
    name, dtype = case["name"], getattr(torch, case["dtype"])
    tensors = load_file(f"{folder}/{name}.safetensors")
    torch.manual_seed(case["seed"])
    module = eval(case["torch"])
    inputs = [tensors["input:" + i] for i in case["inputs"]]
    inputs = [i.requires_grad_(True) if i.is_floating_point() else i for i in inputs]
    state = module.state_dict() if isinstance(module, nn.Module) else {}
    ours = {k.removeprefix("weight:layer."): v for k, v in tensors.items() if k.startswith("weight:")}
    if list(ours) != list(state):
        print(f"{name}: states are {list(ours)}, PyTorch has {list(state)}")
        bad += 1
        continue
    for key, value in state.items():
        value = value.to(dtype) if value.is_floating_point() else value
        if dtype == torch.float32 and not torch.equal(ours[key], value):
            print(f"{name}: initial {key} is not byte-equal to torch.manual_seed({case['seed']})")
            bad += 1
    if isinstance(module, nn.Module):
        module = module.to(dtype).train(case["train"])
        module.load_state_dict(ours)
    torch.manual_seed(case["draw"] & 0xFFFFFFFFFFFFFFFF if case["draw"] < 2**63 else case["draw"] - 2**64)
    outputs = module(*inputs)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    if len(outputs) != case["outputs"]:
        print(f"{name}: {case['outputs']} outputs, PyTorch has {len(outputs)}")
        bad += 1
        continue
    sum((y * tensors[f"output_weight:{i}"]).sum() for i, y in enumerate(outputs)).backward()
    tolerance = TOLERANCE[case["dtype"]]
    for i, y in enumerate(outputs):
        differ(name, f"output {i}", tensors[f"output:{i}"], y, tolerance)
    for i, x in zip(case["inputs"], inputs):
        if x.is_floating_point():
            differ(name, f"gradient of {i}", tensors["gradient:" + i], x.grad, tolerance)
    if isinstance(module, nn.Module):
        for key, p in module.named_parameters():
            differ(name, f"gradient of {key}", tensors["gradient:layer." + key], p.grad, tolerance)
print(f"{len(cases)} cases, {bad} differences")
sys.exit(1 if bad or not cases else 0)
