# SPDX-License-Identifier: Apache-2.0


def place(names, cell):
    """The place of a value among all of its column; of a text those of its letters, filled up with 0."""
    if names[0] != "(padding)":
        return names.index("(missing)" if missing(cell) else cell)
    called = {" ": "(space)", "\t": "(tab)", "\u00a0": "(no-break space)"}
    numbers = [names.index(called.get(c, c)) for c in ("" if missing(cell) else cell)[:TEXT_LENGTH]]
    filler = [0] * (TEXT_LENGTH - len(numbers))
    return filler + numbers if PADS_START else numbers + filler
