# SPDX-License-Identifier: Apache-2.0
import csv
import gzip
import io
import sys
from itertools import islice


def find_sets(path):
    """The files of training, validation and test; a single file is for training."""
    if not path.is_dir():
        return [path]
    endings = [".csv", ".tsv", ".csv.gz", ".tsv.gz"]

    def first(*stems):
        return next((p for s in stems for e in endings if (p := path / (s + e)).is_file()), None)

    files = [first("train"), first("validation", "val"), first("test")]
    if files[0] is not None:
        return files
    single = [p for p in path.iterdir() if p.name.endswith(tuple(endings))]
    if len(single) != 1:
        sys.exit(f"{path} holds {len(single)} tables, and none is called train.csv.")
    return single


def separator(text):
    """The one that parts the first records into the most fields, equally many in each."""
    best, most = None, 1
    for candidate in ",;\t|":
        if DECIMAL_COMMA and candidate == ",":
            continue
        rows = islice((r for r in csv.reader(io.StringIO(text, newline=""), delimiter=candidate) if r), 20)
        fields = {len(r) for r in rows}
        if len(fields) == 1 and max(fields) > most:
            best, most = candidate, max(fields)
    if best is None:
        line = text.splitlines()[0] if text else ""
        best = max(";\t|," if not DECIMAL_COMMA else ";\t|", key=line.count)
        best = best if line.count(best) else ","
    return best


def read_table(path):
    """The names of the columns, and the rows as texts."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        text = decoded(file.read())
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=SEPARATOR or separator(text))
    rows = [[cell.strip(" \t") for cell in row] for row in lines if row]
    header = rows.pop(0) if HEADER else [""] * len(rows[0])
    return [name or f"column {i}" for i, name in enumerate(header, 1)], rows


def missing(cell):
    return cell == "" or cell in MISSING_WORDS


def number(cell):
    if missing(cell):
        return float("nan")
    return float(cell.replace(",", ".") if DECIMAL_COMMA else cell)
