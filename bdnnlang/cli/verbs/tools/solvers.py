"""`bdnnc solvers`: the solvers there are, which of them are here, and what each can do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, out

if TYPE_CHECKING:
    from bdnnlang.solve import Description

HEAD = ("solver", "version", "start", "bounds", "keeps", "takes")
LEGEND = (
    "start: goes on from a network that is known; bounds: says its bound while it works; keeps: has its solution after Ctrl-C",
    "`solver = NAME` in `train`, or `--solver NAME`; `bdnnc race SPEC --solvers A,B` asks several at once",
)


def solvers(args: Args) -> Exit:
    from bdnnlang import solve

    found = [solve.describe(name) for name in solve.SOLVERS]
    if args.format == "json":
        return out(json.dumps([asdict(solver) for solver in found], indent=2))
    rows = [HEAD, *(tuple(_row(solver)) for solver in found), ("files", "", "", "", "", f"{', '.join(solve.FILE_FORMATS)}: any")]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
    lines = ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows]
    return out("\n".join([*(line.rstrip() for line in lines), "", *LEGEND]))


def _row(solver: Description) -> Iterator[str]:
    """Its cells, under `HEAD`."""
    yield solver.name
    yield solver.version or "not installed"
    for can in (solver.start, solver.bounds, solver.keeps):
        yield "yes" if can else "no"
    notes = [solver.takes]
    notes += [] if "paper" in solver.formulations else ["formulation tight only"]
    notes += [] if solver.nodes else ["no limit of nodes"]
    notes += [] if solver.free_licence is None else [f"without a licence of your own up to {solver.free_licence}"]
    notes += [] if solver.version else [f"to install: {solver.install}"]
    yield "; ".join(notes)


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")


VERB = Verb(_add_arguments, solvers)
