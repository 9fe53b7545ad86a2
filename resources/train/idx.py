# SPDX-License-Identifier: Apache-2.0
import gzip
import struct
import sys

import torch


def find(folder, stems, kind):
    """The first file called so, an unpacked one before a packed one."""
    found = [p for p in folder.iterdir() if p.is_file() and any(p.name.startswith(stem + kind) for stem in stems)]
    return min(found, key=lambda p: (p.suffix == ".gz", p), default=None)


def read_idx(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        data = file.read()
    rank = data[3]
    sizes = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return torch.frombuffer(bytearray(data[4 + 4 * rank :]), dtype=torch.uint8).reshape(sizes)


def read(folder):
    """The training images (N, 1, H, W) and their labels (N)."""
    images, labels = find(folder, ["train"], "-images"), find(folder, ["train"], "-labels")
    if images is None or labels is None:
        sys.exit(f"{folder} has no train-images* and train-labels*.")
    columns = {"image": read_idx(images).unsqueeze(1), "label": read_idx(labels).long()}
    return columns, Sets(has_test=find(folder, ["t10k", "test"], "-images") is not None)
