# SPDX-License-Identifier: Apache-2.0
# Files as PyTorch users have them, each beside a NAME.safetensors with what is to be read out of it.
# Usage: write_weights.py FOLDER [--seeds]   --seeds: only the small ones that the fuzz test starts from
import sys
from collections import OrderedDict

import torch
from safetensors.torch import save_file
from torch import nn

folder = sys.argv[1]
torch.manual_seed(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.bn = nn.BatchNorm2d(2)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(8, 3))

    def forward(self, x):
        return self.head(self.bn(self.conv(x)))


def keep(name, tensors, what, **options):
    torch.save(what, f"{folder}/{name}.pth", **options)
    save_file({k: v.detach().clone().contiguous() for k, v in tensors.items()}, f"{folder}/{name}.safetensors")


net = Net()
state = OrderedDict((k, v) for k, v in net.state_dict().items())
keep("state_dict", state, state)
keep("legacy", state, state, _use_new_zipfile_serialization=False)
if "--seeds" not in sys.argv:
    optimiser = torch.optim.Adam(net.parameters())
    net(torch.randn(2, 1, 4, 4)).sum().backward()
    optimiser.step()
    state = net.state_dict()
    keep("checkpoint", state, {"epoch": 3, "loss": 0.5, "state_dict": state, "optimizer": optimiser.state_dict()})
    keep("module", state, net)
    keep("protocol_4", state, state, pickle_protocol=4)
    keep("parallel", {"module." + k: v for k, v in state.items()}, nn.DataParallel(net).state_dict())
    base = torch.arange(24, dtype=torch.float32)
    views = {
        "transposed": base.view(4, 6).t(),
        "strided": base[1::3],
        "channels_last": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "shared": base,
        "parameter": nn.Parameter(torch.randn(3)),
    }
    keep("views", views, views)
    types = {
        str(t).split(".")[1]: torch.tensor([0, 1, 2, 100]).to(t)
        for t in [torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool]
    }
    keep("types", types, types)
    scripted = torch.jit.script(net)
    torch.jit.save(scripted, f"{folder}/scripted.pth")
    save_file({k: v.clone() for k, v in scripted.state_dict().items()}, f"{folder}/scripted.safetensors")
