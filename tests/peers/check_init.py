# SPDX-License-Identifier: Apache-2.0
"""Initial weights of a whole network against torch.manual_seed and the same modules in order, to the bit."""
import sys

import torch
import torch.nn as nn
from safetensors.torch import load_file

ours = load_file(sys.argv[1] + "/weights.safetensors")
torch.manual_seed(123)
modules = {"conv1": nn.Conv2d(1, 8, 3), "bn": nn.BatchNorm2d(8), "conv2": nn.Conv2d(8, 4, 3), "fc1": nn.Linear(4 * 24 * 24, 128), "fc2": nn.Linear(128, 10)}
theirs = {f"{name}.{key}": value for name, module in modules.items() for key, value in module.state_dict().items()}
bad = [key for key in theirs if key not in ours or not torch.equal(ours[key], theirs[key])]
extra = [key for key in ours if key not in theirs]
print("differ:", bad, "extra:", extra)
sys.exit(1 if bad or extra else 0)
