# SPDX-License-Identifier: Apache-2.0
"""Writes PyTorch's own test cases for the layers that Netwright has.

Usage: module_cases.py FOLDER. FOLDER/layers.json lists layers (id, torch, params with their defaults); cases come from PyTorch's module_db.
Writes cases.json and, per case, NAME.safetensors: inputs, weights before and after, output, gradients. A case that the
layer's parameters cannot express is listed with the reason in "skipped".
"""
import inspect
import json
import sys
import warnings

import torch
from safetensors.torch import save_file
from torch.testing._internal.common_modules import module_db

folder = sys.argv[1]
warnings.filterwarnings("ignore")
torch.set_num_threads(1)
DTYPE = torch.float64


class Inexpressible(Exception):
    pass


def plain(value, keeps=False):
    """As JSON holds it: numbers, texts, lists of numbers; None among sizes is -1 where that keeps a size."""
    if isinstance(value, torch.Tensor):
        if value.dim() != 1:
            raise Inexpressible(f"a parameter with {value.dim()} dimensions")
        return value.tolist()
    if callable(value):
        raise Inexpressible("a function as parameter")
    if isinstance(value, (list, tuple)):
        if keeps:
            return [-1 if v is None else v for v in value]
        if any(v is None for v in value):
            raise Inexpressible("a list with None")
        return list(value)
    return value


def parameters_of(cls, call, known):
    """The constructor's arguments by name, as far as the layer has them; others must be PyTorch's defaults."""
    signature, args, kwargs = inspect.signature(cls.__init__), call.args, dict(call.kwargs)
    if issubclass(cls, torch.nn.RNNBase):   # its classes hand theirs on
        signature, args = inspect.signature(torch.nn.RNNBase.__init__), ("", *args)
    extra = {k: kwargs.pop(k) for k in list(kwargs) if k not in signature.parameters}
    given = signature.bind(None, *args, **kwargs).arguments | extra
    found = {}
    for name, value in given.items():
        if name in ("self", "device", "dtype", "mode") and name not in known:
            continue
        if name in known:
            found[name] = plain(value, keeps=name == "output_size" and "Adaptive" in cls.__name__)
        elif value != signature.parameters[name].default:
            raise Inexpressible(f"{name}={value}")
    return found


def other_defaults(cls, layer):
    """Parameters whose default is another than PyTorch's, where PyTorch has one."""
    signature = inspect.signature(cls.__init__).parameters
    for name, ours in layer["params"].items():
        theirs = signature[name].default if name in signature else None
        if theirs is inspect.Parameter.empty or theirs is None or callable(theirs) or ours == "auto":
            continue
        if (ours != [theirs] * len(ours)) if isinstance(ours, list) else ours != theirs:
            yield f"{layer['id']}.{name} is {ours}, PyTorch has {theirs}"


# Containers and what they are made of, and the lazy twins of layers.
NO_LAYERS = {"Module", "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict", "Container", "DataParallel",
             "RNNBase", "RNNCellBase"}


def classes():
    for name, cls in sorted(vars(torch.nn).items()):
        if inspect.isclass(cls) and issubclass(cls, torch.nn.Module) and name not in NO_LAYERS and not name.startswith("Lazy"):
            yield name


def run(cls, case, training):
    module = cls(*case.constructor_input.args, **case.constructor_input.kwargs).to(DTYPE).train(training)
    if case.forward_input.kwargs or not all(isinstance(a, torch.Tensor) for a in case.forward_input.args):
        raise Inexpressible("inputs that are no tensors")
    inputs = [a.detach().clone() for a in case.forward_input.args]
    if any(a.dim() == 0 for a in inputs):
        raise Inexpressible("an input without dimensions")
    tensors = {f"input:{i}": a.clone() for i, a in enumerate(inputs)}
    tensors |= {f"before:{k}": v.clone() for k, v in module.state_dict().items()}
    for a, given in zip(inputs, case.forward_input.args):
        a.requires_grad_(given.requires_grad)
    output = module(*inputs)
    if not isinstance(output, torch.Tensor):
        raise Inexpressible("several outputs")
    weight = torch.rand(output.shape, dtype=output.dtype, generator=torch.Generator().manual_seed(1))
    (output * weight).sum().backward()
    tensors |= {"output": output.detach(), "output_weight": weight}
    tensors |= {f"gradient:{i}": a.grad for i, a in enumerate(inputs) if a.grad is not None}
    tensors |= {f"gradient:{k}": p.grad for k, p in module.named_parameters() if p.grad is not None}
    tensors |= {f"after:{k}": v.clone() for k, v in module.state_dict().items()}
    return {k: v.contiguous().clone() for k, v in tensors.items()}, len(inputs)


def flat(values):
    for v in values:
        yield from flat(v) if isinstance(v, (list, tuple)) else [v]


def error_cases(info, layer):
    """Constructions and inputs that PyTorch's tables expect it to refuse, as far as parameters and ports can say them."""
    if not info.module_error_inputs_func:
        return
    listed = info.module_error_inputs_func(info, device="cpu", dtype=DTYPE, requires_grad=False, training=True)
    for i, case in enumerate(listed):
        entry = {"name": f"{layer['id']}_error_{i}", "layer": layer["id"], "expected": case.error_regex}
        sample = case.module_error_input
        try:
            entry["params"] = parameters_of(info.module_cls, sample.constructor_input, layer["params"])
            json.dumps(entry)
            forward = sample.forward_input
            inputs = list(flat(forward.args)) if forward else []
            if inputs and not all(isinstance(a, torch.Tensor) and a.dim() > 0 for a in inputs):
                raise Inexpressible("inputs that are no tensors")
            entry["inputs"] = len(inputs)
            if inputs:
                save_file({f"input:{k}": a.detach().contiguous().clone() for k, a in enumerate(inputs)},
                          f"{folder}/{entry['name']}.safetensors")
        except (Inexpressible, TypeError) as reason:
            entry = {"name": entry["name"], "layer": layer["id"], "reason": str(reason)}
        yield entry


def main():
    by_class = {info.module_cls: info for info in module_db}
    cases, skipped, known, defaults, errors = [], [], [], [], []
    for layer in json.load(open(folder + "/layers.json")):
        cls = getattr(torch.nn, layer["torch"].removeprefix("nn."), None)
        info = by_class.get(cls)
        if not info:
            continue
        known.append(layer["id"])
        defaults += other_defaults(cls, layer)
        errors += error_cases(info, layer)
        for training in (True, False):
            torch.manual_seed(0)
            listed = info.module_inputs_func(info, device="cpu", dtype=DTYPE, requires_grad=True, training=training)
            for i, case in enumerate(listed):
                name = f"{layer['id']}_{i}_{'train' if training else 'eval'}"
                try:
                    params = parameters_of(cls, case.constructor_input, layer["params"])
                    tensors, inputs = run(cls, case, training)
                except Inexpressible as reason:
                    skipped.append({"name": name, "layer": layer["id"], "reason": str(reason)})
                    continue
                save_file(tensors, f"{folder}/{name}.safetensors")
                cases.append({"name": name, "layer": layer["id"], "params": params, "inputs": inputs, "train": training,
                              "desc": case.desc})
    json.dump({"cases": cases, "skipped": skipped, "layers": known, "defaults": defaults, "errors": errors,
               "classes": list(classes())}, open(folder + "/cases.json", "w"))


main()
