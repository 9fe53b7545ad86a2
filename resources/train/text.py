# SPDX-License-Identifier: Apache-2.0
import gzip

import torch


def read(path):
    """Windows of the text as numbers of letters (N, LENGTH), and the same one letter on."""
    if path.is_dir():
        found = sorted(p for p in path.iterdir() if p.name.endswith((".txt", ".txt.gz")))
        path = next((p for p in found if p.name.startswith("train.")), found[0])
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        text = decoded(file.read()).replace("\r\n", "\n")
    numbers = {letter: i for i, letter in enumerate(sorted(set(text)), 1)}  # 0 is the filler
    windows = torch.tensor([numbers[letter] for letter in text]).unfold(0, LENGTH + 1, STRIDE)
    return {"x": windows[:, :-1].contiguous(), "next": windows[:, 1:].contiguous()}, Sets()
