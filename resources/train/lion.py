# SPDX-License-Identifier: Apache-2.0
import torch


class Lion(torch.optim.Optimizer):
    """Steps along the sign of the momentum. Chen et al. 2023, arXiv:2302.06675; PyTorch has no such class."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                mean = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                direction = mean.lerp(p.grad, 1 - beta1).sign_()
                p.add_(direction.add_(p, alpha=group["weight_decay"]), alpha=-group["lr"])
                mean.lerp_(p.grad, 1 - beta2)
