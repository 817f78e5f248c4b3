"""`bdnnc pareto`: the least loss for each number of bytes, each point a run with its own bound."""

from __future__ import annotations

import io
import json
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang import compiler
from bdnnlang.cli.arguments import DOCUMENTS, Args, Parser, Verb, add_formulation, add_spec, duration, whole
from bdnnlang.cli.product import Product
from bdnnlang.cli.shared import Exit, cannot_write, data_of, fail, remark, show_diagnostics, spec_of
from bdnnlang.cli.signals import on_signals

if TYPE_CHECKING:
    from bdnnlang.pareto.front import FrontPoint, Tracing
    from bdnnlang.pareto.runs import PointRuns

POINTS = 8


def pareto(args: Args) -> Exit:
    from bdnnlang.budget import Abandoned, Interrupt
    from bdnnlang.pareto.runs import PointRuns, new_folder
    from bdnnlang.report.progress.live import Progress

    spec = spec_of(args)
    data = data_of(args, spec)
    training = compiler.training_problem(spec, data)
    show_diagnostics(compiler.model_warnings(training), args)
    interrupt, product = Interrupt(), Product()
    on_signals(interrupt)
    try:
        folder = new_folder(args.out, spec, args.spec, data)
        with Progress(io.StringIO() if args.diagnostics in DOCUMENTS else sys.stderr) as progress:
            runs = PointRuns(spec, data, args.spec, folder, progress, interrupt, args.total, args.command, time.monotonic())
            points = _trace(args, runs, product)
    except Abandoned:
        return fail("interrupted before there was a network", Exit(128 + interrupt.number))
    except OSError as error:
        return cannot_write(args.out or "runs", error)
    if interrupt.count:
        return Exit(128 + interrupt.number)
    return product.exit(folder) if points else Exit.NO_NETWORK


def _trace(args: Args, runs: PointRuns, product: Product) -> list[FrontPoint]:
    """Run after run, written down after each; the table at the end."""
    from bdnnlang.pareto.front import Tracing, front
    from bdnnlang.pareto.runs import write_front

    tracing = Tracing(runs.least, args.points)
    points: list[FrontPoint] = []
    origin = {"created": datetime.now(UTC).isoformat(timespec="seconds"), "command": args.command}
    for one in tracing.trace(runs.solve):
        points = front(tracing.solved, tracing.least)
        write_front(runs.folder, points, tracing.solved, origin)
        known = "no network" if one.bytes is None else f"{one.bytes} bytes, objective {float(one.objective or 0):g}"
        remark(f"{'any size' if one.limit is None else f'bytes <= {one.limit}'}: {known}, bound {float(one.bound):g}")
    product.write(partial(print, _text(args, points, tracing, origin, runs), end=""))
    return points


def _text(args: Args, points: list[FrontPoint], tracing: Tracing, origin: dict[str, str], runs: PointRuns) -> str:
    from bdnnlang.pareto.table import front_csv, front_json, front_text

    if args.json:
        return json.dumps(front_json(points, tracing.solved, origin), indent=2) + "\n"
    if args.csv:
        return front_csv(points)
    return "\n".join([*front_text(points, bool(runs.spec.train.penalties)), "", f"folder: {runs.folder}"]) + "\n"


def _add_arguments(parser: Parser) -> None:
    add_spec(parser)
    parser.add_argument("--points", type=whole(1), default=POINTS, metavar="N", help=f"runs at most (default: {POINTS})")
    parser.add_argument(
        "--time", dest="total", type=duration, metavar="T", help="for all runs together (default: the time of the spec for each)"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="for runs and tables (default: runs/<spec>-pareto-<hash>)")
    add_formulation(parser)
    parser.add_argument("--json", action="store_true", help="print JSON, as in pareto.json")
    parser.add_argument("--csv", action="store_true", help="print a csv table, as in pareto.csv")


def _contradiction(args: Args) -> str | None:
    return "`--json` and `--csv` do not go together" if args.json and args.csv else None


VERB = Verb(_add_arguments, pareto, _contradiction)
