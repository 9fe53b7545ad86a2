# SPDX-License-Identifier: Apache-2.0


def metric(output, target):
    """Root of the mean squared distance from the target."""
    return (target.flatten().double() - output.flatten().double()).square().mean().sqrt().item()
