# SPDX-License-Identifier: Apache-2.0
"""Runs the files model.py of exported_models_test.cpp: names, first values and results of each network as the engine has them."""
import importlib.util
import json
import sys

import torch
from python_source import problems
from safetensors.torch import load_file

folder = sys.argv[1]
torch.set_num_threads(1)
bad = 0


def complain(name, what):
    global bad
    print(f"{name}: {what}")
    bad += 1


for case in json.load(open(folder + "/cases.json")):
    name = case["name"]
    for problem in problems(f"{folder}/{name}.py"):
        complain(name, problem)
    tensors = load_file(f"{folder}/{name}.safetensors")
    weights = {case["renamed"].get(k[7:], k[7:]): v for k, v in tensors.items() if k.startswith("weight:")}
    spec = importlib.util.spec_from_file_location("model_" + name.replace("-", "_"), f"{folder}/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch.manual_seed(case["seed"])
    network = getattr(module, case["class"])()
    own = network.state_dict()
    if set(own) != set(weights):
        complain(name, f"its weights are {sorted(own)} and not {sorted(weights)}")
        continue
    if case["starts"]:
        for key in set(own) - set(case["constants"]):
            if not torch.equal(own[key], weights[key]):
                complain(name, f"{key} begins otherwise")
    network.load_state_dict(weights)
    network.eval()
    calls, ways = [], set()
    for path, part in network.named_modules():
        part.register_forward_hook(lambda *_, path=path: calls.append(path))
    for batch in range(case["batches"]):
        calls.clear()
        inputs = [tensors[f"in:{batch}:{i}"] for i in range(sum(k.startswith(f"in:{batch}:") for k in tensors))]
        expected = [tensors[f"out:{batch}:{i}"] for i in range(sum(k.startswith(f"out:{batch}:") for k in tensors))]
        with torch.no_grad():
            outputs = network(*inputs)
        ways.add(tuple(calls))
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        if len(outputs) != len(expected):
            complain(name, f"it gives {len(outputs)} results instead of {len(expected)}")
        for i, (a, b) in enumerate(zip(outputs, expected)):
            if a.shape != b.shape or not case["draws"] and not torch.allclose(a.to(b.dtype), b, rtol=1e-4, atol=1e-5):
                complain(name, f"result {i} of batch {batch} differs")
    if case["ways"] and len(ways) < 2:
        complain(name, "all batches go one way")
sys.exit(1 if bad else 0)
