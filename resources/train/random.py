# SPDX-License-Identifier: Apache-2.0
import math


class CounterRandom:
    """Netwright's generator for orders and splits, Philox4x32-10: seed, purpose and index alone tell its numbers."""

    EPOCH, SPLIT, DATA = 1, 2, 3

    def __init__(self, seed, purpose, index=0):
        self.key = seed & 0xFFFFFFFF, seed >> 32
        self.stream = purpose << 56 | index
        self.block, self.spare = 0, None

    def next(self):
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        low = 0xFFFFFFFF
        a, b, c, d = self.block & low, self.block >> 32, self.stream & low, self.stream >> 32
        key0, key1 = self.key
        for _ in range(10):
            p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
            a, b, c, d = q >> 32 ^ b ^ key0, q & low, p >> 32 ^ d ^ key1, p & low
            key0, key1 = key0 + 0x9E3779B9 & low, key1 + 0xBB67AE85 & low
        self.block += 1
        self.spare = d << 32 | c
        return b << 32 | a

    def below(self, bound):
        """A whole number in [0, bound), without bias."""
        product = self.next() * bound
        threshold = (2**64 - bound) % bound
        while product & 2**64 - 1 < threshold:
            product = self.next() * bound
        return product >> 64

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53

    def normal(self):
        u = 1.0 - self.uniform()
        return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * self.uniform())

    def shuffle(self, items):
        for i in range(len(items), 1, -1):
            j = self.below(i)
            items[i - 1], items[j] = items[j], items[i - 1]
