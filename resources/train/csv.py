# SPDX-License-Identifier: Apache-2.0
import torch


def read(path):
    """The tables of all sets one after the other, as columns of tensors."""
    features, targets = [], {name: [] for name in TARGETS}
    indexed = {name: [] for name in INDEXED}
    ends = []
    for file in find_sets(path):
        if file is not None:
            header, rows = read_table(file)
            add_rows(header, rows, features, indexed, targets)
        ends.append(len(targets[TARGET]))
    columns = {FEATURES_NAME: torch.tensor(features, dtype=torch.float32)} if FEATURES else {}
    columns |= {name: torch.tensor(values) for name, values in indexed.items()}
    for name, classes in TARGETS.items():
        values = targets[name]
        columns[name] = torch.tensor(values) if classes else torch.tensor(values, dtype=torch.float32).unsqueeze(1)
    if len(ends) == 1:
        return columns, Sets()
    return columns, Sets(ends[0], ends[1] - ends[0], ends[2] > ends[1])


def add_rows(header, rows, features, indexed, targets):
    """A number stays a number; a category becomes one feature for each of its values, or the place of its value."""
    used = {}  # column -> the values of a category, none for a number
    for c, name in enumerate(header):
        values = [f[len(name) + 1 :] for f in FEATURES if f.startswith(name + "=")]
        if name not in TARGETS and (name in FEATURES or values):
            used[c] = [] if name in FEATURES else values
    for row in rows:
        read = [row[c] for c in used] + [row[header.index(name)] for name in INDEXED]
        answers = {name: row[header.index(name)] for name in TARGETS}
        if any(map(missing, answers.values())) or (DROP_MISSING and any(map(missing, read))):
            continue
        sample = []
        for c, values in used.items():
            sample += [float(i == place(values, row[c])) for i in range(len(values))] if values else [number(row[c])]
        features.append(sample)
        for name, values in INDEXED.items():
            indexed[name].append(place(values, row[header.index(name)]))
        for name, cell in answers.items():
            targets[name].append(place(TARGETS[name], cell) if TARGETS[name] else number(cell))
