# SPDX-License-Identifier: Apache-2.0


def metric(output, target):
    """Of what is in a class, the share that was found."""
    return macro(lambda right, wrong, missed: right / (right + missed) if right + missed else 0.0, output, target)
