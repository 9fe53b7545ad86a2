# SPDX-License-Identifier: Apache-2.0
import torch


def read(path):
    """Windows of the series (N, WINDOW, channels), and the values that follow each (N, HORIZON)."""
    header, rows = read_table(find_sets(path)[0])
    series = {}
    for name in {*CHANNELS, TARGET}:
        at, values = header.index(name), []
        for row in rows:
            values.append(number(row[at]) if not missing(row[at]) else values[-1])
        series[name] = torch.tensor(values, dtype=torch.float32)
    channels = torch.stack([series[name] for name in CHANNELS], dim=1)
    starts = range(0, len(rows) - WINDOW - HORIZON + 1, STRIDE)
    windows = torch.stack([channels[s : s + WINDOW] for s in starts])
    follow = torch.stack([series[TARGET][s + WINDOW : s + WINDOW + HORIZON] for s in starts])
    return {VALUES_NAME: windows, TARGET: follow}, Sets()
