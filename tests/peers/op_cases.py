# SPDX-License-Identifier: Apache-2.0
"""PyTorch's own test cases of the ops in Netwright's catalogue (torch.testing's op_db): argument types in, result types out.

Usage: op_cases.py FOLDER. FOLDER/ops.json lists ops by name, overload and arguments. Writes cases.json: `cases` that the op accepts with the types
of its results, `errors` that it refuses. Only types are written, no numbers: values are ATen's own.
"""
import json
import sys
import warnings

import torch
from torch.testing._internal.common_methods_invocations import op_db

folder = sys.argv[1]
warnings.filterwarnings("ignore")
torch.set_num_threads(1)
TYPES = (torch.float32, torch.int64, torch.bool)
MOST = 40   # cases of one op and type


class Inexpressible(Exception):
    pass


def described(value):
    if isinstance(value, torch.Tensor):
        if value.dtype not in TYPES or value.layout != torch.strided or value.device.type != "cpu":
            raise Inexpressible
        return {"tensor": [str(value.dtype).removeprefix("torch."), list(value.shape)]}
    if isinstance(value, torch.dtype):
        if value not in TYPES:
            raise Inexpressible
        return {"dtype": str(value).removeprefix("torch.")}
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(v, torch.Tensor) for v in value):
            return {"tensors": [described(v)["tensor"] for v in value]}
        if all(isinstance(v, int) and not isinstance(v, bool) for v in value):
            return {"ints": list(value)}
        raise Inexpressible
    if value is None:
        return {"none": True}
    for kind, key in ((bool, "bool"), (int, "int"), (float, "float"), (str, "str")):
        if isinstance(value, kind):
            if kind is float and value != value or value in (float("inf"), float("-inf")):
                raise Inexpressible
            return {key: value}
    raise Inexpressible


def bound(op, sample):
    """The sample's arguments by the schema's names; None where the op has other ones."""
    places, given = [a["name"] for a in op["arguments"]], [sample.input, *sample.args]
    if len(given) > len(places) or any(k not in places for k in sample.kwargs):
        return None
    return dict(zip(places, given)) | sample.kwargs


def call(op, arguments):
    function = getattr(getattr(torch.ops.aten, op["name"]), op["overload"] or "default")
    return function(**{k: v for k, v in arguments.items()})


def others(op, arguments):
    """The same arguments with one tensor, or all, of another type, where ATen refuses that."""
    def changed(value, dtype):
        if isinstance(value, torch.Tensor):
            return value.to(dtype) if value.dtype == torch.float32 else value
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], torch.Tensor):
            return [changed(v, dtype) for v in value]
        return value

    for dtype in (torch.bool, torch.int64):
        for names in [set(arguments)] + [{name} for name in arguments if name not in ("weight", "bias")]:   # a layer's own
            given = {k: changed(v, dtype) if k in names else v for k, v in arguments.items()}
            try:
                call(op, given)
            except Exception as error:  # noqa: BLE001
                yield {"op": op["id"], "arguments": {k: described(v) for k, v in given.items()},
                       "message": str(error).split("\n")[0]}


def samples(info, dtype):
    try:
        yield from info.sample_inputs("cpu", dtype, requires_grad=False)
    except Exception:  # noqa: BLE001: some generators want other packages or devices
        return


def errors(info):
    try:
        yield from (e.sample_input for e in info.error_inputs("cpu"))
    except Exception:  # noqa: BLE001
        return


def main():
    cases, refused, seen = [], [], set()
    by_name = {}
    for op in json.load(open(folder + "/ops.json")):
        by_name.setdefault(op["name"], []).append(op)
    for info in op_db:
        for op in by_name.get(info.aten_name or info.name.rsplit(".", 1)[-1], by_name.get(info.name.rsplit(".", 1)[-1], [])):
            for dtype in TYPES:
                count = 0
                for sample in samples(info, dtype) if dtype in info.dtypes else ():
                    arguments = bound(op, sample)
                    if arguments is None or count >= MOST:
                        continue
                    try:
                        entry = {k: described(v) for k, v in arguments.items()}
                        result = call(op, arguments)
                        results = [described(r)["tensor"] for r in (result if isinstance(result, tuple) else (result,))]
                    except Exception:  # noqa: BLE001: another overload's, or types that are not ours
                        continue
                    cases.append({"op": op["id"], "arguments": entry, "results": results})
                    seen.add(op["id"])
                    if dtype == torch.float32 and count < 2:
                        refused += others(op, arguments)
                    count += 1
            for sample in errors(info):
                arguments = bound(op, sample)
                try:
                    entry = {k: described(v) for k, v in arguments.items()} if arguments else None
                except Exception:  # noqa: BLE001
                    continue
                if not entry:
                    continue
                try:
                    call(op, arguments)
                except (TypeError, NotImplementedError):
                    continue   # another overload's
                except Exception as error:  # noqa: BLE001
                    if "schema" not in str(error) and "Expected a value of type" not in str(error):
                        refused.append({"op": op["id"], "arguments": entry, "message": str(error).split("\n")[0]})
    json.dump({"cases": cases, "errors": refused, "seen": sorted(seen)}, open(folder + "/cases.json", "w"))


main()
