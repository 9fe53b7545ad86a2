# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass


@dataclass
class Sets:
    """What the data says of its own division into sets."""

    train: int | None = None  # so many samples at the beginning are for training; None: all
    validation: int = 0  # so many behind them for validation
    has_test: bool = False
