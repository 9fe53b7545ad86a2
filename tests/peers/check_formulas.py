# SPDX-License-Identifier: Apache-2.0
"""Evaluates the formulas of python_test.cpp with Python itself and prints each difference."""
import json
import math
import sys
import warnings
from math import ceil, exp, floor, log2, sqrt  # noqa: F401  (the formulas call them)

warnings.simplefilter("ignore")
with open(sys.argv[1]) as file:
    data = json.load(file)
names = {name: tuple(value) if isinstance(value, list) else value for name, value in data["names"].items()}


def same(ours, python):
    if "float" in ours:
        return type(python) is float and (float(ours["float"]) == python or (math.isnan(python) and ours["float"] == "nan"))
    if "floats" in ours:
        return isinstance(python, (tuple, list)) and [float(x) for x in ours["floats"]] == [float(x) for x in python]
    value = ours["value"]
    if isinstance(value, list):
        return isinstance(python, (tuple, list)) and value == list(python) and all(type(x) is int for x in python)
    return type(value) is type(python) and value == python


def may_be_refused(python):
    """What Python knows and a parameter cannot hold."""
    if isinstance(python, (tuple, list)):
        return any(type(x) not in (int, float) for x in python)
    return isinstance(python, complex)


bad = beyond = refused = 0
for case in data["cases"]:
    try:
        python, raised = eval(case["text"], dict(globals()), names), None
    except Exception as error:  # noqa: BLE001  (any refusal counts)
        python, raised = None, error
    if "ours" in case:
        wrong = raised is not None or not same(case["ours"], python)
    elif "beyond the whole numbers" in case["mistake"]:
        wrong, beyond = False, beyond + 1  # a step on the way may have been too large
    elif "complex number" in case["mistake"]:
        wrong = False
    else:
        refused += raised is not None
        wrong = raised is None and not may_be_refused(python)
    if wrong:
        bad += 1
        if bad <= 20:
            print(f"{case['text']}\n    ours: {case.get('ours') or case['mistake']}\n    Python: {raised or repr(python)}")
values = sum("ours" in case for case in data["cases"])
print(f"{values} values, {refused} refused by both, {beyond} beyond 64 bits, {bad} differences")
sys.exit(1 if bad or values < len(data["cases"]) / 3 or beyond > len(data["cases"]) / 50 else 0)
