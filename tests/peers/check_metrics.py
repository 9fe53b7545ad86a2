# SPDX-License-Identifier: Apache-2.0
"""Computes the metrics of schedules_test.cpp with scikit-learn and prints each difference."""
import json
import sys

import numpy as np
from safetensors.numpy import load_file
from sklearn import metrics as m

values = json.load(open(sys.argv[1] + "/values.json"))
t = load_file(sys.argv[1] + "/data.safetensors")
labels, chosen = t["labels"], t["scores"].argmax(1)
macro = {"average": "macro", "zero_division": 0}
reference = {
    "accuracy": m.accuracy_score(labels, chosen),
    "top5": m.top_k_accuracy_score(labels, t["scores"], k=5, labels=np.arange(t["scores"].shape[1])),
    "precision": m.precision_score(labels, chosen, **macro),
    "recall": m.recall_score(labels, chosen, **macro),
    "f1": m.f1_score(labels, chosen, **macro),
    "mae": m.mean_absolute_error(t["targets"], t["outputs"]),
    "rmse": m.root_mean_squared_error(t["targets"], t["outputs"]),
    "r2": m.r2_score(t["targets"], t["outputs"]),
}
bad = 0
for name, ours in values.items():
    if name not in reference or abs(ours - reference[name]) > 1e-6:
        print(f"{name} is {ours}, scikit-learn has {reference.get(name)}")
        bad += 1
print(f"{len(values)} metrics, {bad} differences")
sys.exit(1 if bad or not values else 0)
