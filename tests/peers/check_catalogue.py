# SPDX-License-Identifier: Apache-2.0
"""Takes the classes of the installed torch.optim and torch.optim.lr_scheduler and looks for each among ours, with its
parameters and their defaults. What is missing is printed by name; exceptions stand below with their reasons."""
import inspect
import json
import sys

import torch.optim
import torch.optim.lr_scheduler as lr_scheduler

NOT_OPTIMISERS = {
    "Adafactor": "one of its two memory-saving forms depends on the rank of each weight; not done yet",
    "Muon": "trains matrices only and needs a second optimiser for all other weights; not done yet",
    "SparseAdam": "for sparse gradients, which this engine does not make",
}
NOT_SCHEDULES = {
    "LambdaLR": "needs a Python function",
    "MultiplicativeLR": "needs a Python function",
    "SWALR": "belongs to averaged weights (torch.optim.swa_utils), not to lr_scheduler",
    "LRScheduler": "the base class",
}
HOW = {"params", "foreach", "maximize", "capturable", "differentiable", "fused"}  # how PyTorch computes, or its other sign
WHERE = {"optimizer", "last_epoch", "schedulers"}
NOT_PARAMETERS = {
    ("CyclicLR", "base_lr"): "the optimiser's lr",
    ("CyclicLR", "scale_fn"): "a Python function",
    ("CyclicLR", "scale_mode"): "for scale_fn only",
    ("OneCycleLR", "max_lr"): "the optimiser's lr",
    ("OneCycleLR", "total_steps"): "the run's, or those of its part",
    ("OneCycleLR", "epochs"): "as total_steps",
    ("OneCycleLR", "steps_per_epoch"): "as total_steps",
}
OTHER_DEFAULTS = {
    ("SGD", "lr"): "0.01, as it was in PyTorch before 2.6 and as projects have it",
}
bad = 0


def fail(text):
    global bad
    bad += 1
    print(text)


def compare(name, cls, ours, ignored):
    for p in list(inspect.signature(cls.__init__).parameters.values())[1:]:
        if p.name in ignored or (name, p.name) in NOT_PARAMETERS:
            continue
        if p.name == "betas":
            found = [ours.get("beta1"), ours.get("beta2")]
        elif p.name not in ours:
            fail(f"{name}: there is no parameter {p.name}")
            continue
        else:
            found = ours[p.name]
        if p.default is p.empty or (name, p.name) in OTHER_DEFAULTS:
            continue
        wanted = list(p.default) if isinstance(p.default, tuple) else p.default
        if found != wanted and not (wanted is None and found == "none"):
            fail(f"{name}: {p.name} is {found} by default, in PyTorch {wanted}")


ours = json.load(open(sys.argv[1] + "/catalogue.json"))
for module, base, kinds, exceptions, ignored in (
    (torch.optim, torch.optim.Optimizer, ours["optimisers"], NOT_OPTIMISERS, HOW),
    (lr_scheduler, lr_scheduler.LRScheduler, ours["schedules"], NOT_SCHEDULES, WHERE),
):
    known = {kind["torch"].rpartition(".")[2]: kind for kind in kinds if kind["torch"]}
    names = [n for n, c in vars(module).items() if inspect.isclass(c) and issubclass(c, base) and c is not base and not n.startswith("_")]
    for name in names:
        if name in exceptions:
            if name in known:
                fail(f"{name} is done: take it out of the exceptions")
        elif name not in known:
            fail(f"{module.__name__}.{name} is missing")
        else:
            compare(name, getattr(module, name), known[name]["params"], ignored)
    for name, kind in known.items():
        if kind["torch"] != f"{module.__name__}.{name}" or name not in names:
            fail(f"{kind['torch']} is no class of PyTorch")
    print(f"{module.__name__}: {len(names)} classes, {len(known)} of them here")
sys.exit(1 if bad else 0)
