# SPDX-License-Identifier: Apache-2.0


def place(names, cell):
    """The place of a value among all of its column."""
    return names.index("(missing)" if missing(cell) else cell)
