# SPDX-License-Identifier: Apache-2.0


def metric(output, target):
    """Share of samples whose class was recognised."""
    choice, label = choices(output, target)
    return (choice == label).double().mean().item()
