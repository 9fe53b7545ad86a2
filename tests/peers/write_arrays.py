# SPDX-License-Identifier: Apache-2.0
"""Arrays of every kind, byte order, memory order and packing that Netwright reads, written by NumPy itself."""
import sys

import numpy as np

folder = sys.argv[1]
for kind in ["b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
    for byte_order in "<>" if kind[1] != "1" else "|":
        for order in "CF":
            i = np.arange(24).reshape(4, 3, 2)
            values = i * 0.5 - 3 if kind[0] == "f" else i % 2 if kind[0] == "b" else i
            array = np.array(values, dtype=byte_order + kind, order=order)
            save = np.savez if order == "C" else np.savez_compressed
            save(f"{folder}/{kind}-{ord(byte_order)}-{order}.npz", x=array, y=array)
            assert np.load(f"{folder}/{kind}-{ord(byte_order)}-{order}.npz")["x"].dtype.str[1:] == kind
