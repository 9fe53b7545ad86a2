# SPDX-License-Identifier: Apache-2.0
"""How weights begin by torch.nn.init, after the modules have drawn theirs, to the bit. cases.json: a list of [function, settings]."""
import json
import sys

import torch
import torch.nn as nn
from safetensors.torch import load_file

folder = sys.argv[1]
bad = 0
for number, (function, settings) in enumerate(json.load(open(folder + "/cases.json"))):
    ours = load_file(f"{folder}/{number}.safetensors")
    torch.manual_seed(123)
    model = nn.Sequential()
    for name, module in (("conv", nn.Conv2d(3, 8, 3)), ("grouped", nn.Conv2d(8, 8, 5, groups=2)), ("wide", nn.Linear(800, 20)), ("tall", nn.Linear(20, 30))):
        model.add_module(name, module)
    if function == "orthogonal_":   # LAPACK's bits depend on its threads
        torch.set_num_threads(1)
    for name, parameter in model.named_parameters():
        if parameter.dim() == 2 or (parameter.dim() > 2 and function not in ("eye_", "sparse_")) or function in ("uniform_", "normal_", "trunc_normal_", "constant_", "ones_", "zeros_"):
            if function == "dirac_" and parameter.dim() == 2:
                continue
            getattr(nn.init, function)(parameter, **settings)
    for name, parameter in model.named_parameters():
        if not torch.equal(ours[name], parameter):
            bad += 1
            print(f"{function} {settings}: {name} differs by {(ours[name] - parameter).abs().max().item()}")
sys.exit(1 if bad else 0)
