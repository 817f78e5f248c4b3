"""A sweep, for `bdnnc run` and `bdnnc race`: its points, one progress display, and the table of all of them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from bdnnlang import compiler
from bdnnlang.cli.arguments import DOCUMENTS, Args
from bdnnlang.cli.product import Product
from bdnnlang.cli.shared import Exit, cannot_write, fail, remark, show_diagnostics
from bdnnlang.cli.signals import on_signals
from bdnnlang.diagnostics import Rejected
from bdnnlang.folder.data import data_folder
from bdnnlang.folder.storage import Intent
from bdnnlang.language.composition.points import Point
from bdnnlang.language.composition.repetitions import without_seeds

if TYPE_CHECKING:
    from bdnnlang.report.sweeps.rows import Follower, PointProgress, PointRow
    from bdnnlang.sweep.execute import SweepFinished
    from bdnnlang.workers.jobs import Workers


def run(args: Args, points: Sequence[Point], intent: Intent) -> Exit:
    """The exit code of a sweep."""
    from bdnnlang.workers.jobs import NoClusterError

    try:
        return _run(args, points, intent)
    except NoClusterError as error:
        return fail(str(error), Exit.ENVIRONMENT)


def _run(args: Args, points: Sequence[Point], intent: Intent) -> Exit:
    from bdnnlang.budget import Interrupt
    from bdnnlang.report.sweeps.plan import plan_sweep
    from bdnnlang.sweep.execute import run_sweep
    from bdnnlang.sweep.folder import default_folder, latest

    workers = _workers(args)
    remark(f"a sweep of {plan_sweep([point.spec for point in points], workers.count)}")
    _look_at_data(args, points)
    folder = args.out or default_folder(args.spec, points)
    if args.resume and not args.out:
        folder = latest(folder)
    interrupt, product = Interrupt(), Product()
    origin = {"created": datetime.now(UTC).isoformat(timespec="seconds"), "command": args.command}
    how: dict[str, Any] = {"folder": folder, "intent": intent, "workers": workers, "origin": origin, "say": remark}
    on_signals(interrupt)
    try:
        with _follower(args, len(points), product) as follower:
            done = run_sweep(points, args.spec, interrupt=interrupt, follower=follower, **how)
    except OSError as error:
        return cannot_write(folder, error)
    _print(args, done, product)
    if interrupt.count:
        return Exit(128 + interrupt.number)
    return _exit(done, args.require_optimal) or product.exit(done.folder)


def _workers(args: Args) -> Workers:
    """Who runs the points. Raises NoClusterError."""
    from bdnnlang.workers import cluster
    from bdnnlang.workers.jobs import Workers

    if not args.dask:
        return Workers(args.workers or 1)
    return Workers(args.workers or cluster.size(Workers(dask=args.dask)), args.dask)


def _look_at_data(args: Args, points: Sequence[Point]) -> None:
    """What is odd about the data is said once. Raises Rejected where no point can have any, as all have the same."""
    first = points[0].spec
    try:
        show_diagnostics(compiler.read_data(first, data_folder(args.spec, first)).warnings, args)
    except Rejected:
        if len({without_seeds(point.spec).data for point in points}) == 1:
            raise


@contextmanager
def _follower(args: Args, points: int, product: Product) -> Iterator[Follower]:
    """What is said while the sweep goes on."""
    from bdnnlang.report.sweeps.progress import SweepProgress

    if args.json_stream:
        yield _Stream(product)
        return
    with SweepProgress(points, io.StringIO() if args.diagnostics in DOCUMENTS else sys.stderr) as progress:
        yield progress


def _print(args: Args, done: SweepFinished, product: Product) -> None:
    from bdnnlang.report.sweeps.text import MOST_ROWS, report_lines

    if args.json_stream:
        last = {"type": "sweep", "folder": str(done.folder), "summary": done.json["summary"]}
        product.write(partial(print, json.dumps(last), flush=True))
    else:
        product.write(partial(print, "\n".join(report_lines(done.table, MOST_ROWS))))
        product.write(partial(print, f"\nsweep folder: {done.folder}"))


@dataclass(frozen=True)
class _Stream:
    """A line for each point that has ended, of an earlier run too."""

    product: Product

    def kept(self, rows: Sequence[PointRow]) -> None:
        for row in rows:
            self.ended(row)

    def now(self, row: PointRow, progress: PointProgress) -> None:
        """Lines are of points that have ended."""

    def ended(self, row: PointRow) -> None:
        from bdnnlang.report.sweeps.as_json import point_json

        self.product.write(partial(print, json.dumps({"type": "point", **point_json(row)}), flush=True))


def _exit(done: SweepFinished, required: tuple[str, ...]) -> Exit:
    rows = done.table.rows
    is_good = not done.table.failed and (not required or all(row.status in required for row in rows))
    return Exit.OK if is_good else Exit.NO_NETWORK
