# SPDX-License-Identifier: Apache-2.0


def split(samples, validation, test, seed):
    """Training and validation samples, chosen at random."""
    held, tested = counts(len(samples), validation, test)
    mixed = list(samples)
    if held + tested > 0:
        CounterRandom(seed, CounterRandom.SPLIT).shuffle(mixed)
    return sorted(mixed[held + tested :]), sorted(mixed[:held])
