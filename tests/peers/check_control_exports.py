# SPDX-License-Identifier: Apache-2.0
"""Runs exported networks with control flow in ONNX Runtime and PyTorch and compares with Netwright's engine.

Usage: check_control_exports.py FOLDER. The folder holds cases.json and, per case, N.onnx (and .18, .20, .22, .b7, .half),
N.pt and N.expected (safetensors: "K/in" and the outputs "K/0", "K/1" of input K). One line per case; exit 1 on any
difference. Tolerance: 1e-5 of the largest value of an output.
"""
import json
import sys
from pathlib import Path

import onnx
import onnxruntime
import torch
from safetensors.numpy import load_file

from check_exports import distance, require

onnxruntime.set_default_logger_severity(3)
torch.set_num_threads(1)


def session(path):
    onnx.checker.check_model(path, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def compare(what, expected, results, tolerance=1e-5):
    for i, (own, other) in enumerate(zip(expected, results, strict=True)):
        distance(f"{what}, output {i}", own, other, tolerance)


def subgraphs(graph):
    for node in graph.node:
        for a in node.attribute:
            if a.type == onnx.AttributeProto.GRAPH:
                yield a.g
                yield from subgraphs(a.g)


def check(stem, case):
    held = load_file(stem + ".expected")
    trials = [(held[f"{k}/in"], [held[f"{k}/{i}"] for i in range(case["outputs"])]) for k in range(case["inputs"])]

    model = onnx.load(stem + ".onnx")
    require(model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "N", "the batch is not N")
    used = {name for name in case["weights"] if not name.endswith("num_batches_tracked")}
    require({i.name for i in model.graph.initializer} >= used, "a weight is no initializer")
    inside = [i.name for g in subgraphs(model.graph) for i in g.initializer]
    require(not set(inside) & set(case["weights"]), "a weight lies in a graph inside")
    for ending in ("", ".18", ".20", ".22"):
        running = session(stem + ending + ".onnx")
        for k, (x, expected) in enumerate(trials):
            compare(f"ONNX{ending}, input {k}", expected, running.run(None, {"x": x}))
    running = session(stem + ".b7.onnx")
    for k, (x, expected) in enumerate(trials):
        if len(x) == 7:
            compare(f"ONNX with a fixed batch, input {k}", expected, running.run(None, {"x": x}))
    session(stem + ".half.onnx").run(None, {"x": trials[0][0]})  # with half the digits it may go another way

    script = torch.jit.load(stem + ".pt")
    require(set(script.state_dict()) == set(case["weights"]), f"state_dict has {list(script.state_dict())}")
    with torch.no_grad():
        for k, (x, expected) in enumerate(trials):
            results = script(torch.from_numpy(x))
            compare(f"TorchScript, input {k}", expected,
                    [t.numpy() for t in (results if isinstance(results, tuple) else (results,))])
    reached = set()
    for x, _ in trials:  # gradients reach every weight, on one way or another
        script.zero_grad()
        results = script.train()(torch.from_numpy(x))
        total = sum((t ** 2).sum() for t in (results if isinstance(results, tuple) else (results,)))
        if total.requires_grad:
            total.backward()
        reached |= {name for name, p in script.named_parameters() if p.grad is not None}
    require(reached == {name for name, _ in script.named_parameters()}, f"gradients reach {reached} only")
    if case["name"] != "sizes":  # PyTorch itself cannot read what it writes of a module called "for"
        script.eval().save(stem + ".again.pt")
        torch.jit.load(stem + ".again.pt")(torch.from_numpy(trials[0][0]))
    return len(trials)


def main():
    folder, failed = Path(sys.argv[1]), 0
    for number, case in enumerate(json.loads((folder / "cases.json").read_text())):
        try:
            count = check(str(folder / str(number)), case)
            print(f"ok    {case['name']}: {count} inputs")
        except Exception as problem:  # every reader has its own kind
            failed += 1
            print(f"FAILED {case['name']}: {type(problem).__name__}: {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
