"""Row 13: limits that are counts, not seconds."""

from __future__ import annotations

import io
import random
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from bdnnlang.cli import main

SPEC = """bdnn 1
data {data}
network {{ weights in {weights}, hidden {hidden} }}
train {{
  seed = {number}
  solver = {solver}
  local_search 10min {{ restarts = 2, sweeps = 6 }}
  exact 10min {{ node_limit = {nodes} }}
}}
"""
IRIS, DRAWN = "iris {{ scale none, sample {} }}", "random(samples={}, features=4, kind={}, seed={})"


def same_bytes(number: int) -> str:
    """Two runs of one spec."""
    chance = random.Random(number)
    finite = chance.random() < 0.5
    samples, kind = chance.randint(30, 80), chance.choice(("noise", "boxes"))
    text = SPEC.format(
        number=number,
        data=f"iris {{ scale none, sample {samples} }}"
        if finite
        else f"random(samples={samples}, features=4, kind={kind}, seed={number})",
        weights="{-1, 0, 1}" if finite else "[-1, 1]",
        hidden=chance.randint(1, 3),
        solver=chance.choice(("scip", "highs", "cpsat") if finite else ("scip", "highs")),
        nodes=chance.choice((1, 20, 200)),
    )
    with tempfile.TemporaryDirectory() as place:
        spec = Path(place) / "s.bdnn"
        spec.write_text(text)
        for name in "ab":
            said = io.StringIO()
            with redirect_stdout(said), redirect_stderr(said):
                code = main(["run", str(spec), "--out", str(Path(place) / name)])
            if code:
                return f"exit {code}: {said.getvalue()[-300:]}"
        first, second = ((Path(place) / name / "network.json").read_bytes() for name in "ab")
    return "" if first == second else f"two networks of {text}"
