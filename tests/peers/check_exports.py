# SPDX-License-Identifier: Apache-2.0
"""Loads exported networks with the real readers and compares what they compute.

Usage: check_exports.py FOLDER. The folder holds cases.json and, per case, STEM.onnx, STEM.pt, STEM.pth, STEM.safetensors,
STEM.pytorch/ and STEM.expected (safetensors: inputs and the outputs of Netwright's own ONNX evaluator). One line per network; exit 1 on
any difference. Tolerance: 1e-5 of the largest value of an output.
"""
import importlib.util
import json
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors import safe_open
from safetensors.numpy import load_file

from python_source import unused_names

TOLERANCE = 1e-5
warnings.filterwarnings("ignore", category=DeprecationWarning)
onnxruntime.set_default_logger_severity(3)
torch.set_num_threads(1)


class Difference(Exception):
    pass


def require(ok, text):
    if not ok:
        raise Difference(text)


def distance(name, reference, value, tolerance=TOLERANCE):
    require(reference.shape == value.shape, f"{name}: shapes {reference.shape} and {value.shape}")
    if reference.size == 0:
        return 0.0
    same = (reference == value) | (np.isnan(reference) & np.isnan(value))   # equal infinities have no difference
    require(reference.dtype == value.dtype, f"{name}: types {reference.dtype} and {value.dtype}")
    if reference.dtype == bool:
        reference, value = reference.astype(np.float32), value.astype(np.float32)
    gap = np.where(same, 0, np.abs(np.where(same, 0, reference) - np.where(same, 0, value)))
    finite = np.abs(reference[np.isfinite(reference)])
    relative = float(gap.max() / max(finite.max() if finite.size else 1.0, 1e-30))
    require(relative <= tolerance, f"{name}: relative difference {relative:.2e}")
    return relative


def inputs_of(case, expected, batch):
    return {name: expected[f"{batch}/in/{name}"] for name in case["inputs"]}


def check_onnx(case, stem, expected):
    path = str(stem) + ".onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    require([i.name for i in model.graph.input] == case["inputs"], "ONNX inputs are called otherwise")
    require([o.name for o in model.graph.output] == case["outputs"], "ONNX outputs are called otherwise")
    require(all(i.type.tensor_type.shape.dim[0].dim_param == "N" for i in model.graph.input), "the batch is not N")
    require({p.key for p in model.metadata_props} == {"netwright.graph", "producer"}, "ONNX metadata is missing")
    known = set(case["states"])
    extra = [i.name for i in model.graph.initializer if i.name not in known and len(i.dims) > 1
             and not i.name.endswith(("_causal_mask", "_places"))]
    require(not extra, f"weights under foreign names: {extra}")
    return {batch: dict(zip(case["outputs"], result)) for batch, result in run_onnx(path, case, expected).items()}


def run_onnx(path, case, expected, batches=(1, 7)):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return {batch: session.run(None, inputs_of(case, expected, batch)) for batch in batches}


def check_options(case, stem, expected):
    """Later versions of the operators, a fixed batch with weights beside the model, and float16."""
    outputs = {batch: [expected[f"{batch}/out/{name}"] for name in case["outputs"]] for batch in (1, 7)}
    for opset in (18, 20, 22):
        path = f"{stem}.{opset}.onnx"
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        require([o.version for o in model.opset_import] == [opset], f"the file says {model.opset_import}")
        for batch, result in run_onnx(path, case, expected).items():
            for name, own, other in zip(case["outputs"], outputs[batch], result):
                distance(f"opset {opset}, {name}, batch {batch}", own, other)
    for batch in (1, 7):
        path = f"{stem}.b{batch}.onnx"
        onnx.checker.check_model(path, full_check=True)
        for i in onnx.load(path).graph.input:
            require(i.type.tensor_type.shape.dim[0].dim_value == batch, f"the batch of {i.name} is not fixed")
        for name, own, other in zip(case["outputs"], outputs[batch], run_onnx(path, case, expected, [batch])[batch]):
            distance(f"fixed batch {batch}, {name}", own, other)
    path = f"{stem}.half.onnx"
    if case["jumps"] or not Path(path).exists():
        return  # with half the digits the results are others; or refused
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    require(all(i.data_type != onnx.TensorProto.FLOAT for i in model.graph.initializer), "a weight is still float32")
    try:
        halves = run_onnx(path, case, expected)
    except onnxruntime.capi.onnxruntime_pybind11_state.NotImplemented:
        return  # a kernel that ONNX Runtime has for float32 only
    for batch, result in halves.items():
        for name, own, other in zip(case["outputs"], outputs[batch], result):
            distance(f"float16, {name}, batch {batch}", own, other, 2e-2)


def run_torch(model, case, expected, batch):
    result = model(*(torch.from_numpy(v) for v in inputs_of(case, expected, batch).values()))
    return dict(zip(case["outputs"], result if isinstance(result, tuple) else (result,)))


def plain(name):
    """Names without what an identifier cannot hold, to compare keys that had to be changed."""
    return "".join(c for c in name if c.isascii() and c.isalnum())


def check_torchscript(case, stem, expected):
    path = str(stem) + ".pt"
    with zipfile.ZipFile(path) as archive:
        require(archive.testzip() is None, "the zip archive is damaged")
        graph = json.loads(archive.read("archive/extra/netwright.json"))["netwright.graph"]
        require("nodes" in json.loads(graph), "the graph is missing in extra/")
    extra = {"netwright.json": ""}
    model = torch.jit.load(path, _extra_files=extra)
    require(len(extra["netwright.json"]) > 0, "PyTorch does not find the graph")
    require(not model.training, "the file does not begin in evaluation mode")
    check_state(case, model)
    with torch.no_grad():
        outputs = {b: {k: v.numpy().copy() for k, v in run_torch(model, case, expected, b).items()} for b in (1, 7)}
    check_training(case, torch.jit.load(path), expected)
    return outputs


def check_state(case, model):
    state, parameters = model.state_dict(), dict(model.named_parameters())
    wanted = case["states"]
    if "strange" in case["name"]:
        require(sorted(map(plain, state)) == sorted(map(plain, wanted)), f"state_dict has {list(state)}")
        return
    require(set(state) == set(wanted), f"state_dict has {list(state)} instead of {list(wanted)}")
    for name, entry in wanted.items():
        require(list(state[name].shape) == entry["shape"], f"{name} has the shape {list(state[name].shape)}")
        require((name in parameters) == entry["parameter"], f"{name} is a parameter in one of the two only")


def check_training(case, model, expected):
    """train() and eval() reach every module; gradients reach every parameter; batches are counted in training only."""
    counters = {k: int(v) for k, v in model.state_dict().items() if k.endswith("num_batches_tracked")}
    model.train()
    fixed = case["name"] in ("norm frozen", "norm training")
    require(fixed or all(m.training for m in model.modules()), "train() does not reach every module")
    torch.manual_seed(1)
    outputs = run_torch(model, case, expected, 7)
    trained = list(model.parameters())
    if trained:
        # Squares, because sums of softmax are constant.
        sum((v ** 2).sum() for v in outputs.values() if v.requires_grad).backward()
        require(all(p.grad is not None for p in trained), "a parameter has no gradient")
    frozen = case["name"] == "norm frozen"
    for key, before in counters.items():
        require(int(model.state_dict()[key]) == before + (0 if frozen else 2 if "twins" in case["name"] else 1), f"{key} does not count in training")
    if "drop" in case["name"] or case["name"] in ("MLP", "Residual CNN"):
        torch.manual_seed(2)
        other = run_torch(model, case, expected, 7)
        require(any(not torch.equal(outputs[k], other[k]) for k in outputs), "dropout does nothing in training")
    model.eval()
    require(fixed or not any(m.training for m in model.modules()), "eval() does not reach every module")
    after = {k: int(model.state_dict()[k]) for k in counters}
    first, second = (run_torch(model, case, expected, 7) for _ in range(2))
    require(case["draws"] or all(torch.equal(first[k].nan_to_num(), second[k].nan_to_num()) for k in first), "evaluation is not repeatable")
    if case["name"] != "norm training":
        require(after == {k: int(model.state_dict()[k]) for k in counters}, "batches are counted in evaluation")


def load_project(stem):
    """The module model.py and its network with the weights of weights.pth."""
    folder = Path(str(stem) + ".pytorch")
    text = (folder / "model.py").read_text()
    require(not unused_names(text), f"model.py never reads {unused_names(text)}")
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.load()


def check_pytorch(case, stem, expected):
    model = load_project(stem)
    keys = list(model.state_dict())
    if "strange" not in case["name"]:
        check_state(case, model)
    stored = load_file(str(stem) + ".pytorch/weights.safetensors")
    require(sorted(stored) == sorted(keys), f"weights.safetensors has {sorted(stored)} and the model {sorted(keys)}")
    require(not model.training, "load() does not give the network in evaluation mode")
    with torch.no_grad():
        outputs = {b: {k: v.numpy().copy() for k, v in run_torch(model, case, expected, b).items()} for b in (1, 7)}
    check_training(case, load_project(stem), expected)
    return outputs


def check_safetensors(case, stem):
    path = str(stem) + ".safetensors"
    weights = load_file(path)
    require(set(weights) == set(case["states"]), f"safetensors has {list(weights)}")
    for name, entry in case["states"].items():
        require(list(weights[name].shape) == entry["shape"], f"{name} has the shape {list(weights[name].shape)}")
    with safe_open(path, framework="numpy") as file:
        require(file.metadata()["format"] == "pt" and "netwright.graph" in file.metadata(), "metadata is missing")
    if "strange" not in case["name"]:
        state = torch.jit.load(str(stem) + ".pt").state_dict()
        require(all(np.array_equal(state[k].numpy(), weights[k]) for k in weights), "TorchScript holds other weights")


def check_pth(case, stem):
    weights, expected = torch.load(str(stem) + ".pth", weights_only=True), load_file(str(stem) + ".safetensors")
    require(list(weights) == list(case["states"]), f"the state dict has {list(weights)}")
    require(all(np.array_equal(weights[k].numpy(), expected[k]) for k in expected), "the state dict holds other weights")


def check(folder, case):
    stem = folder / case["stem"]
    expected = load_file(str(stem) + ".expected")
    script, project = check_torchscript(case, stem, expected), check_pytorch(case, stem, expected)
    runtime = check_onnx(case, stem, expected) if case["onnx"] else None
    check_safetensors(case, stem)
    check_pth(case, stem)
    if case["onnx"]:
        check_options(case, stem, expected)
    worst = {}
    if case["draws"]:
        return worst
    for batch in (1, 7):
        for name in case["outputs"]:
            b, c = script[batch][name], project[batch][name]
            pairs = {"project-script": (b, c)}
            if case["onnx"]:
                own, a = expected[f"{batch}/out/{name}"], runtime[batch][name]
                pairs |= {"ORT-own": (own, a), "PyTorch-own": (own, b), "PyTorch-ORT": (a, b), "project-own": (own, c)}
            for key, (left, right) in pairs.items():
                worst[key] = max(worst.get(key, 0.0), distance(f"{key} {name}, batch {batch}", left, right))
    return worst


def main():
    folder = Path(sys.argv[1])
    failed, highest = 0, {}
    for case in json.loads((folder / "cases.json").read_text()):
        try:
            worst = check(folder, case)
            print(f"ok    {case['name']}: " + ", ".join(f"{k} {v:.1e}" for k, v in worst.items()))
            highest = {k: max(v, highest.get(k, 0.0)) for k, v in worst.items()}
        except Exception as problem:  # every reader has its own kind
            failed += 1
            print(f"FAILED {case['name']}: {type(problem).__name__}: {problem}")
    print("largest: " + ", ".join(f"{k} {v:.1e}" for k, v in highest.items()) + f"; {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
