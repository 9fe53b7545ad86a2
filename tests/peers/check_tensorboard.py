# SPDX-License-Identifier: Apache-2.0
# What TensorBoard's own loader reads from the event files of three runs a, b, c that tests/cli/runs_test.cpp wrote.
import math
import sys
import warnings

warnings.filterwarnings("ignore")
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer

folder = sys.argv[1]
multiplexer = EventMultiplexer().AddRunsFromDirectory(folder)
multiplexer.Reload()
wrong = []


def expect(what, got, wanted):
    if got != wanted:
        wrong.append(f"{what}: {got!r}, not {wanted!r}")


expect("runs", sorted(multiplexer.Runs()), ["a", "b", "c"])
for run, rmse in (("a", 0.5), ("b", 0.25), ("c", 0.75)):
    expect(run, sorted(multiplexer.Runs()[run]["scalars"]), ["train/loss", "val/rmse"])
    loss = multiplexer.Scalars(run, "train/loss")
    expect(f"{run} steps", [e.step for e in loss], [1, 2])
    values = [e.value for e in loss]
    expect(f"{run} first loss", values[0], 2.0)
    expect(f"{run} second loss is NaN", math.isnan(values[1]), True)
    expect(f"{run} seconds", round(loss[1].wall_time - loss[0].wall_time, 3), 0.5)
    expect(f"{run} rmse", [e.value for e in multiplexer.Scalars(run, "val/rmse")], [rmse])
    weights = multiplexer.Histograms(run, "weights/fc.weight")
    expect(f"{run} histogram steps", [e.step for e in weights], [2])
    h = weights[0].histogram_value
    expect(f"{run} histogram", (h.min, h.max, h.num, h.sum, h.sum_squares), (-1.0, 3.0, 4.0, 2.5, 4.75))
    expect(f"{run} buckets", (list(h.bucket_limit), list(h.bucket)), ([0.0, 1.0, 3.0], [1.0, 2.0, 1.0]))
print("\n".join(wrong))
sys.exit(1 if wrong else 0)
