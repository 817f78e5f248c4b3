"""Writes what `bdnnc bench … --json` found of proofs, `tight` beside the schedules of the specs, as a section of a page.

    python specs/bench/proofs.py runs/proofs.json… [--page BENCHMARKS.md]

A row for each spec that `tight` on SCIP has not proved in `EASY` seconds; the others are counted.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bdnnlang.bench.sections import rewrite

EASY = 5.0  # seconds
FIRST, OTHER = "tight/scip", "schedule"
Json = dict[str, Any]
Specs = dict[str, dict[str, Json]]  # the cells of each spec, by kind


def main(argv: Sequence[str] | None = None) -> int:
    """Read the files and write the section."""
    parser = argparse.ArgumentParser(description="Tabulate what is proved by `tight` and by whole schedules.")
    parser.add_argument("files", type=Path, nargs="+", metavar="JSON")
    parser.add_argument("--page", type=Path, default=Path("BENCHMARKS.md"))
    args = parser.parse_args(argv)
    found = [json.loads(file.read_text(encoding="utf-8")) for file in args.files]
    rewrite(args.page, "proofs", section(found), title="## Proofs")
    return 0


def section(found: Sequence[Json]) -> str:
    """The table and what it comes to."""
    specs: Specs = {}
    for one in found:
        for cell in one["cells"]:
            specs.setdefault(cell["spec"], {})[cell["kind"]] = cell
    hard = {name: cells for name, cells in specs.items() if not _is_easy(cells[FIRST])}
    head = [
        f"`make proofs`, {', '.join(dict.fromkeys(one['date'] for one in found))}: `tight` on SCIP is the exact stage alone;",
        "`schedule` is the spec's own, search, `prove` and `exact`. 60 s each on one core; bound … verified loss, and seconds",
        "where they meet. *At margin*: proved of networks with the margin of the model only, where others may have less.",
        "",
        "| spec | `tight`, SCIP | seconds | `schedule` | seconds | ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    return "\n".join([*head, *(_row(name, cells) for name, cells in hard.items()), "", *_summary(specs, hard)])


def _is_easy(cell: Json) -> bool:
    return bool(cell["proved"]) and float(cell["time"]) <= EASY


def _row(name: str, cells: dict[str, Json]) -> str:
    first, other = cells[FIRST], cells[OTHER]
    cells_of_row = [_interval(first), _seconds(first), _interval(other), _seconds(other), _shown(_ratio(first, other), first)]
    return f"| `{name}` | {' | '.join(cells_of_row)} |"


def _shown(ratio: float | None, first: Json) -> str:
    return "" if ratio is None else f"{'' if first['proved'] else '≥ '}{ratio:.{0 if ratio >= 10 else 1}f}"


def _interval(cell: Json) -> str:
    run = cell["runs"][0]
    closed = {"optimal": "", "at margin": ", at margin"}.get(cell["ended"])
    return f"{run['bound']:g} … {run['verified']:g}" if closed is None else f"{run['verified']:g}{closed}"


def _seconds(cell: Json) -> str:
    return f"{cell['time']:.2f}" if cell["proved"] else "–"


def _ratio(first: Json, other: Json) -> float | None:
    """Time of the first, or its limit, / time of the other; None where the other proves nothing."""
    return float(first["time"]) / float(other["time"]) if other["proved"] else None


def _summary(specs: Specs, hard: Specs) -> Iterator[str]:
    lost = [name for name, cells in specs.items() if cells[FIRST]["proved"] and not cells[OTHER]["proved"]]
    proved = [name for name in hard if hard[name][OTHER]["proved"]]
    yield f"- of these {len(hard)}, `tight` proves {_proofs(hard, FIRST)}, `schedule` {len(proved)}"
    rest = {name: cells for name, cells in specs.items() if name not in hard}
    yield f"- of the other {len(rest)}, which `tight` proves in {EASY:g} s, `schedule` proves {_proofs(rest, OTHER)}"
    yield f"- specs that only `tight` proves: {', '.join(f'`{name}`' for name in lost) or 'none'}"
    ratios = [float(hard[name][FIRST]["time"]) / float(hard[name][OTHER]["time"]) for name in proved]
    if ratios:
        yield f"- geometric mean of the ratios: ≥ {math.exp(sum(map(math.log, ratios)) / len(ratios)):.1f}"


def _proofs(specs: Specs, kind: str) -> int:
    return sum(bool(cells[kind]["proved"]) for cells in specs.values())


if __name__ == "__main__":
    sys.exit(main())
