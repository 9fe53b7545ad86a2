# SPDX-License-Identifier: Apache-2.0


def metric(output, target):
    """Of what was taken for a class, the share that is."""
    return macro(lambda right, wrong, missed: right / (right + wrong) if right + wrong else 0.0, output, target)
