"""Row 13: limits that are counts, not seconds."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from bdnnlang.cli import main

SPEC = """bdnn 1
data random(samples={samples}, features=4, kind={kind}, seed={number})
network {{ weights in {weights}, hidden {hidden} }}
train {{
  seed = {number}
  solver = {solver}
  local_search 10min {{ restarts = 2, sweeps = 6 }}
  exact 10min {{ node_limit = {nodes} }}
}}
"""


def same_bytes(number: int) -> str:
    """Two runs of one spec."""
    chance = random.Random(number)
    finite = chance.random() < 0.5
    text = SPEC.format(
        number=number,
        samples=chance.randint(30, 80),
        kind=chance.choice(("noise", "boxes")),
        weights="{-1, 0, 1}" if finite else "[-1, 1]",
        hidden=chance.randint(1, 3),
        solver=chance.choice(("scip", "highs", "cpsat") if finite else ("scip", "highs")),
        nodes=chance.choice((1, 20, 200)),
    )
    with tempfile.TemporaryDirectory() as place:
        spec = Path(place) / "s.bdnn"
        spec.write_text(text)
        for name in "ab":
            if code := main(["run", str(spec), "--out", str(Path(place) / name)]):
                return f"exit {code}"
        first, second = ((Path(place) / name / "network.json").read_bytes() for name in "ab")
    return "" if first == second else f"two networks of {text}"
