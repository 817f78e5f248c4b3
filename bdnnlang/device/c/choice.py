"""What a user chooses of C."""

from __future__ import annotations

from enum import Enum


class Style(Enum):
    """How the first layer is written."""

    AUTO = "auto"
    UNROLL = "unroll"
    LIST = "list"
    WALK = "walk"


class Optimise(Enum):
    """What is kept small."""

    BYTES = "bytes"
    CYCLES = "cycles"
