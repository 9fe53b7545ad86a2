# SPDX-License-Identifier: Apache-2.0


def apportion(sizes, share, total, limits):
    """How many of each class: the whole part of its share, and one more for the largest remainders."""
    exact = [size * share for size in sizes]
    numbers = [min(int(e), limit) for e, limit in zip(exact, limits)]
    total -= sum(numbers)
    for c in sorted(range(len(sizes)), key=lambda c: math.floor(exact[c]) - exact[c]):
        if total > 0 and numbers[c] < limits[c]:
            numbers[c] += 1
            total -= 1
    return numbers


def split(samples, labels, validation, test, seed):
    """Training and validation samples, of each class its share."""
    classes = {}
    for sample in samples:
        classes.setdefault(labels[sample], []).append(sample)
    members = [classes[label] for label in sorted(classes)]
    sizes = [len(m) for m in members]
    held, tested = counts(len(samples), validation, test)
    held = apportion(sizes, validation, held, sizes)
    tested = apportion(sizes, test, tested, [size - h for size, h in zip(sizes, held)])
    train, kept = [], []
    for c, (mixed, h, t) in enumerate(zip(members, held, tested)):
        CounterRandom(seed, CounterRandom.SPLIT, c + 1).shuffle(mixed)
        kept += mixed[:h]
        train += mixed[h + t :]
    return sorted(train), sorted(kept)
