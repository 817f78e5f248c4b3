"""The losses by name, for specs and networks; `losses.py` has what they are. No numpy, so that reading a spec loads none."""

from collections.abc import Mapping
from typing import Literal

Loss = Literal["zero_one", "hamming", "pattern"]

COUNTED: Mapping[str, str] = {
    "zero_one": "Number of wrong samples",
    "hamming": "Number of wrong output bits",
    "pattern": "Number of samples with any wrong output bit",
}
