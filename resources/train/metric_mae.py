# SPDX-License-Identifier: Apache-2.0


def metric(output, target):
    """Mean distance from the target."""
    return (target.flatten().double() - output.flatten().double()).abs().mean().item()
