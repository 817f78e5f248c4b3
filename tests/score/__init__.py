"""The scorecard: how often what we promise held, counted (`python -m score`, `make score`).

A row is a measure with many trials. A trial is a function of its number alone, so that a failure can be tried again; it
returns what went wrong, in words, or nothing.
"""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path += [str(TESTS / folder) for folder in ("language", "solve")]  # whose helpers stand beside their tests
