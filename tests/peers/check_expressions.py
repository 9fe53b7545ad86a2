# SPDX-License-Identifier: Apache-2.0
"""Runs the code of torch_test.cpp with PyTorch, once as text and once op by op, and prints each difference of values,
gradients, shapes and types; and looks for each function of expression nodes where PyTorch has it."""
import inspect
import json
import math
import re
import sys
import warnings

import torch
from torch.nn import functional as F

warnings.simplefilter("ignore")
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
with open(sys.argv[1]) as file:
    data = json.load(file)
bad = 0

# What PyTorch does with the sizes of one batch and an expression node cannot know, or refuses on purpose.
REFUSED = re.compile(
    r"only known for each batch|whose size only a batch tells|cannot be taken apart|only a batch tells|is no method of tensors"
    r"|unknown function 'F.normalize'|cannot be a result|'.*' is for tensors of True and False|'T' turns"
    r"|joins numbers of one type|needs an input of type|compares with numbers|both must have the same sizes|expects an input with 4 dimensions|write 1 or 0|`.*` expects float|expects a number|takes float"
)


def fail(case, text):
    global bad
    bad += 1
    if bad <= 15:
        print(f"--- {text}\n{case['code']}\n")


def values(seed=5):
    draw = torch.Generator().manual_seed(seed)
    rand = lambda *s: (torch.rand(*s, generator=draw) * 2 - 1).requires_grad_()  # noqa: E731
    return {"x": rand(3, 4, 6), "z": rand(3, 4, 6), "m": rand(6, 6), "v": rand(6),
            "i": torch.randint(1, 4, (3, 4, 6), generator=draw)}


class Holder:
    training = False


def weights(case):
    draw = torch.Generator().manual_seed(9)
    return {s["slot"]: torch.rand(*s["sizes"], generator=draw).sub(0.5).requires_grad_() for s in case["states"]}


def as_text(case, inputs, state):
    holder = Holder()
    for name, tensor in state.items():
        setattr(holder, name, tensor)
    body = "\n".join("    " + line for line in case["lines"])
    space = {"torch": torch, "F": F, "math": math}
    exec(f"def forward(self, {', '.join(inputs)}):\n{body}\n", space)
    return space["forward"](holder, **inputs)


def argument(a, known):
    if isinstance(a, dict):
        if "value" in a:
            return known[a["value"]]
        if "values" in a:
            return [known[v] for v in a["values"]]
        if "dtype" in a:
            return getattr(torch, a["dtype"])
        return float(a["float"])
    return a


def as_ops(case, inputs, state):
    known = {i["value"]: inputs[i["name"]] for i in case["inputs"]}
    known.update({s["value"]: state[s["slot"]] for s in case["states"]})
    for op in case["ops"]:
        function = getattr(getattr(torch.ops.aten, op["name"]), op["overload"] or "default")
        given = {a["name"]: argument(a["value"], known) for a in op["args"]}
        places = [a.name for a in function._schema.arguments if not a.kwarg_only]
        results = function(*[given[p] for p in places if p in given], **{k: v for k, v in given.items() if k not in places})
        for r, value in zip(op["results"], results if isinstance(results, (tuple, list)) else [results]):
            known[r] = value
    return known[case["result"]]


def gradients(result, leaves):
    if not result.dtype.is_floating_point or not result.requires_grad:
        return None
    draw = torch.Generator().manual_seed(3)
    weight = torch.rand(result.shape, generator=draw) + 0.5
    try:
        return torch.autograd.grad((result * weight).sum(), leaves, allow_unused=True)
    except RuntimeError as error:  # that of floor_divide
        return "unknown" if "not implemented" in str(error) else fail({"code": "?"}, str(error))


def same(a, b):
    if a is None or b is None:
        a, b = (torch.zeros_like(b) if a is None and b is not None else a), (torch.zeros_like(a) if b is None and a is not None else b)
        return a is None or same(a, b)
    return a.shape == b.shape and torch.allclose(a.double(), b.double(), rtol=1e-9, atol=1e-11, equal_nan=True)


def compare(case):
    if "mistake" in case:
        return refuse(case)
    if case["guarded"]:  # a guard refuses this batch: so must PyTorch
        try:
            as_text(case, values(), weights(case))
        except Exception:  # noqa: BLE001
            return None
        return fail(case, "a guard refuses a batch that PyTorch takes")
    results, grads = [], []
    for run in (as_text, as_ops):
        inputs, state = values(), weights(case)
        try:
            result = run(case, inputs, state)
        except Exception as error:  # noqa: BLE001
            if isinstance(error, RuntimeError) and "ZeroDivisionError" in str(error):
                return None
            return fail(case, f"{run.__name__} fails in PyTorch: {str(error)[:300]}")
        results.append(result)
        grads.append(gradients(result, [t for t in (*inputs.values(), *state.values()) if t.requires_grad]))
    text, ops = results
    if list(ops.shape) != case["shape"] or str(ops.dtype) != "torch." + case["dtype"]:
        fail(case, f"inferred {case['shape']} {case['dtype']}, computed {list(ops.shape)} {ops.dtype}")
    elif text.dtype != ops.dtype or not same(text, ops):
        fail(case, f"values differ: {text.dtype} {list(text.shape)}, {ops.dtype} {list(ops.shape)}")
    elif any(isinstance(g, str) for g in grads):
        return None
    elif (grads[0] is None) != (grads[1] is None) or not all(same(a, b) for a, b in zip(grads[0] or [], grads[1] or [])):
        fail(case, "gradients differ")
    return None


def refuse(case):
    """PyTorch takes what was refused: only where that was meant."""
    space = {name: getattr(module, name) for module in (F, torch) for name in dir(module) if not name.startswith("_")}
    for name in ("sum", "max", "min", "range", "abs", "pow"):
        space.pop(name, None)
    space.update(torch=torch, F=F, math=math, k=2, rate=0.5, act="gelu", xavier=None, normal=lambda *a: None,
                 param=lambda *sizes, init=None: torch.rand(*sizes))
    body = "\n".join("    " + line for line in case["code"].split("\n"))
    inputs = values()
    try:
        exec(f"def forward({', '.join(inputs)}):\n{body}\n", space)
        result = space["forward"](**inputs)
    except Exception:  # noqa: BLE001
        return
    if isinstance(result, torch.Tensor) and not REFUSED.search(case["mistake"]):
        fail(case, f"refused, but PyTorch takes it: {case['mistake']}")


NAMES = {"self": "input", "train": "training", "indices": "input"}
for f in data.get("functions", []):
    for module, where, has in ((torch, "torch", f["torch"]), (F, "F", f["F"]), (torch.Tensor, "method", f["method"])):
        place = module
        for part in f["name"].split("."):
            place = getattr(place, part, None)
        if has and place is None:
            bad += 1
            print(f"{f['name']} is not in {where}")
    if f["F"] and f["places"]:
        try:
            theirs = [p.name for p in inspect.signature(getattr(F, f["name"])).parameters.values()]
        except (ValueError, TypeError):
            continue
        ours = [NAMES.get(p, p) for p in f["places"]]
        if theirs[: len(ours)] != ours and "args" not in theirs:
            bad += 1
            print(f"{f['name']}: places {ours}, in PyTorch {theirs}")

cases = data.get("cases", [])
for case in cases:
    compare(case)
good = sum("ops" in case for case in cases)
print(f"{good} programs compared, {len(cases) - good} refused, {bad} differences")
sys.exit(1 if bad or good < len(cases) / 5 else 0)
