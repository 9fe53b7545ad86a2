# SPDX-License-Identifier: Apache-2.0
"""Trains the network of training_test.cpp in PyTorch: the same losses, and the same weights after all steps."""
import json
import sys

import torch
import torch.nn as nn
from safetensors.torch import load_file



class Lion(torch.optim.Optimizer):
    """Program 1 of Chen et al. 2023, arXiv:2302.06675, which PyTorch lacks."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].get("exp_avg", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * p.grad)
                p.copy_(p - group["lr"] * (update + group["weight_decay"] * p))
                self.state[p]["exp_avg"] = beta2 * m + (1 - beta2) * p.grad


def stacked(value):
    """State of LBFGS: numbers, and lists of tensors or numbers."""
    if isinstance(value, list):
        return torch.stack([torch.as_tensor(v) for v in value])
    return torch.as_tensor(value)


def main():
    folder = sys.argv[1]
    bad = 0
    cases = json.load(open(folder + "/cases.json"))
    for case in cases:
        t = load_file(f"{folder}/{case['name']}.safetensors")
        net = nn.Sequential()
        for name, module in (("conv", nn.Conv2d(2, 4, 3, bias=False)), ("bn", nn.BatchNorm2d(4)), ("r", nn.ReLU()), ("f", nn.Flatten()), ("fc", nn.Linear(64, 5))):
            if case["parametrization"] != "none" and name in ("conv", "fc"):
                module = getattr(nn.utils.parametrizations, case["parametrization"])(module)
            net.add_module(name, module)
        net.double().load_state_dict({k.removeprefix("before:"): v for k, v in t.items() if k.startswith("before:")})
        p = net.parameters()
        optimiser, loss_function = eval(case["optimiser"]), eval(case["loss"])
        for step, ours in enumerate(t["losses"].tolist()):
            def evaluate():
                if step % case["accumulate"] == 0:
                    optimiser.zero_grad()
                loss = loss_function(net(t["x"]), t["label"])
                (loss / case["accumulate"]).backward()
                if case["clip_value"]:
                    nn.utils.clip_grad_value_(net.parameters(), case["clip_value"])
                if case["clip_norm"]:
                    nn.utils.clip_grad_norm_(net.parameters(), case["clip_norm"])
                return loss

            if isinstance(optimiser, torch.optim.LBFGS):
                loss = optimiser.step(evaluate)
            else:
                loss = evaluate()
                if step % case["accumulate"] == case["accumulate"] - 1:
                    optimiser.step()
            if abs(loss.item() - ours) > 1e-8 * max(1, abs(ours)):
                print(f"{case['name']}: the loss of step {step} is {ours}, PyTorch has {loss.item()}")
                bad += 1
                break
        for key, theirs in net.state_dict().items():
            ours = t["after:" + key]
            relative = (ours.double() - theirs.double()).norm() / max(theirs.double().norm().item(), 1e-12)
            if relative > 1e-6:
                print(f"{case['name']}: {key} differs by {relative:.2e} of its norm after {len(t['losses'])} steps")
                bad += 1
        # The optimiser's state has PyTorch's names and numbers: it can be moved over.
        names = {id(v): k for k, v in net.named_parameters()}
        scratch = ("al",)  # of LBFGS: not read before it is written
        theirs = {f"{k}.{names[id(q)]}": stacked(v) for q, state in optimiser.state.items() for k, v in state.items() if v is not None and k not in scratch}
        ours = {k.removeprefix("state:"): v for k, v in t.items() if k.startswith("state:")}
        if set(ours) != set(theirs):
            print(f"{case['name']}: the optimiser keeps {sorted(ours)}, PyTorch {sorted(theirs)}")
            bad += 1
            continue
        for key, value in theirs.items():
            gap = (ours[key].double() - value.double()).norm() / max(value.double().norm().item(), 1e-9)
            if gap > 1e-6:
                print(f"{case['name']}: state {key} differs by {gap:.2e} of its norm")
                bad += 1
    print(f"{len(cases)} cases, {bad} differences")
    sys.exit(1 if bad or not cases else 0)


if __name__ == "__main__":
    main()
