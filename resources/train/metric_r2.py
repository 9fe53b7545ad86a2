# SPDX-License-Identifier: Apache-2.0


def metric(output, target):
    """Share of the targets' variance that is explained."""
    y, x = target.flatten().double(), output.flatten().double()
    spread = (y - y.mean()).square().sum()
    return (1 - (y - x).square().sum() / spread).item() if spread > 0 else float("nan")
