# SPDX-License-Identifier: Apache-2.0
"""Counts parameters and multiply-accumulates of exported networks with PyTorch's own counter and compares them with those of
costs_test.cpp. An operation of the counter is half a multiply-accumulate; without oneDNN and fused attention,
recurrent layers and attention are products that it sees."""
import importlib.util
import json
import sys

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

folder = sys.argv[1]
torch.set_num_threads(1)
bad = 0
for case in json.load(open(folder + "/cases.json")):
    name = case["template"]
    spec = importlib.util.spec_from_file_location("model_" + name.replace("-", "_"), f"{folder}/{name}/model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    networks = [c for c in vars(module).values()
                if isinstance(c, type) and issubclass(c, torch.nn.Module) and c.__module__ == spec.name]
    network = networks[-1]().eval()
    inputs = [torch.zeros(i["shape"], dtype=torch.long if i["whole"] else torch.float) for i in case["inputs"]]
    with torch.backends.mkldnn.flags(enabled=False), sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        network(*inputs)
    macs = counter.get_total_flops() / 2
    parameters = sum(p.numel() for p in network.parameters())
    if case["macs"] not in (macs, None) or parameters != case["parameters"]:  # None: the batch decides
        print(f"{name}: {case['macs']} multiply-accumulates and {case['parameters']} parameters, PyTorch counts {macs} and {parameters}")
        bad += 1
sys.exit(1 if bad else 0)
