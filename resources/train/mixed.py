# SPDX-License-Identifier: Apache-2.0


def mixed(a, b):
    """A well-mixed number of 64 bits from two (splitmix64)."""
    low = 2**64 - 1
    z = a + 0x9E3779B97F4A7C15 * (b + 1) & low
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & low
    z = (z ^ z >> 27) * 0x94D049BB133111EB & low
    return z ^ z >> 31
