# SPDX-License-Identifier: Apache-2.0
import math

import torch


def within(u, v, count, reach, needed):
    """On the inner side of at least `needed` of `count` lines around the origin, each `reach` away from it."""
    angles = [2 * math.pi * k / count for k in range(count)]
    return sum((u * math.cos(a) + v * math.sin(a) <= reach).int() for a in angles) >= needed


def covers(kind, u, v):
    """Which points the shape of a class covers."""
    squared = u * u + v * v
    if kind == 0:
        shape = squared <= 1
    elif kind == 1:
        shape = within(u, v, 4, 0.7, 4)
    elif kind == 2:
        shape = within(u, v, 3, 0.5, 3)
    elif kind == 3:
        shape = torch.minimum(u.abs(), v.abs()) <= 0.3
    elif kind == 4:
        shape = squared >= 0.4
    elif kind == 5:
        shape = within(u, v, 5, 0.309, 4)
    elif kind == 6:
        shape = v >= 0
    else:
        shape = within(u, v, 4, 0.7, 4) & ~within(u, v, 4, 0.4, 4)
    return shape & (squared <= 1)


def colour_of(random, bright):
    return [0.6 + 0.4 * random.uniform() if bright else 0.4 * random.uniform() for _ in range(3)]


def paint(sample, x, y):
    """A picture (3, size, size) as bytes, and the class of each pixel: 0 is the background."""
    random = CounterRandom(DATA_SEED, CounterRandom.DATA, sample)
    bright = random.uniform() < 0.5
    start, end = colour_of(random, not bright), colour_of(random, not bright)
    waves_x, waves_y, phase = 40 * random.uniform(), 40 * random.uniform(), 2 * math.pi * random.uniform()
    picture = torch.stack([a + (b - a) * y for a, b in zip(start, end)])
    mask = torch.zeros_like(x, dtype=torch.long)
    for _ in range(1 + random.below(3) if MASKS else 1):
        kind = random.below(KINDS) if MASKS else sample % KINDS
        radius = 0.14 + 0.14 * random.uniform() if MASKS else 0.2 + 0.2 * random.uniform()
        centre_x = radius + (1 - 2 * radius) * random.uniform()
        centre_y = radius + (1 - 2 * radius) * random.uniform()
        angle = 2 * math.pi * random.uniform()
        dx, dy = (x - centre_x) / radius, (y - centre_y) / radius
        cosine, sine = math.cos(angle), math.sin(angle)
        shape = covers(kind, dx * cosine + dy * sine, dy * cosine - dx * sine)
        colour = torch.tensor(colour_of(random, bright), dtype=torch.float64).reshape(3, 1, 1)
        picture = torch.where(shape, colour, picture)
        mask = torch.where(shape, 1 + kind, mask)
    picture += TEXTURE * torch.sin(waves_x * x + waves_y * y + phase)
    return (255 * picture.clamp(0, 1) + 0.5).floor().to(torch.uint8), mask


def read():
    """The pictures (N, 3, size, size), and their labels (N) or masks (N, size, size)."""
    places = (torch.arange(SIZE, dtype=torch.float64) + 0.5) / SIZE
    y, x = torch.meshgrid(places, places, indexing="ij")
    pictures, masks = zip(*(paint(i, x, y) for i in range(SAMPLES)))
    target = torch.stack(masks) if MASKS else torch.arange(SAMPLES) % KINDS
    return {"image": torch.stack(pictures), TARGET: target}, Sets()
