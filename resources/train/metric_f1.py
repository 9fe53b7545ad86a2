# SPDX-License-Identifier: Apache-2.0


def metric(output, target):
    """Harmonic mean of precision and recall."""
    return macro(lambda right, wrong, missed: 2 * right / (2 * right + wrong + missed) if right + wrong + missed else 0.0, output, target)
