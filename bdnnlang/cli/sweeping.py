"""A sweep, for `bdnnc run` and `bdnnc race`: its points, one progress display, and the table of all of them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang import compiler
from bdnnlang.cli.arguments import DOCUMENTS, Args
from bdnnlang.cli.product import Product
from bdnnlang.cli.shared import Exit, cannot_write, remark, show_diagnostics
from bdnnlang.cli.signals import on_signals
from bdnnlang.diagnostics import Rejected
from bdnnlang.folder.data import data_folder
from bdnnlang.folder.storage import Intent
from bdnnlang.language.composition.points import Point
from bdnnlang.language.composition.repetitions import without_seeds

if TYPE_CHECKING:
    from bdnnlang.budget import Interrupt
    from bdnnlang.report.sweeps.rows import PointRow
    from bdnnlang.run.facts import Fact
    from bdnnlang.sweep.execute import SweepFinished


def run(args: Args, points: Sequence[Point], intent: Intent) -> Exit:
    """The exit code of a sweep."""
    from bdnnlang.budget import Interrupt
    from bdnnlang.report.sweeps.plan import sweep_line
    from bdnnlang.sweep.folder import default_folder, latest

    remark(sweep_line([point.spec for point in points]))
    _look_at_data(args, points)
    folder = args.out or default_folder(args.spec, points)
    if args.resume and not args.out:
        folder = latest(folder)
    interrupt, product = Interrupt(), Product()
    on_signals(interrupt)
    try:
        done = _run(args, points, intent, folder, interrupt, product)
    except OSError as error:
        return cannot_write(folder, error)
    if interrupt.count:
        return Exit(128 + interrupt.number)
    return _exit(done, args.require_optimal) or product.exit(done.folder)


def _look_at_data(args: Args, points: Sequence[Point]) -> None:
    """What is odd about the data is said once. Raises Rejected where no point can have any, as all have the same."""
    first = points[0].spec
    try:
        show_diagnostics(compiler.read_data(first, data_folder(args.spec, first)).warnings, args)
    except Rejected:
        if len({without_seeds(point.spec).data for point in points}) == 1:
            raise


def _run(
    args: Args, points: Sequence[Point], intent: Intent, folder: Path, interrupt: Interrupt, product: Product
) -> SweepFinished:
    from bdnnlang.report.sweeps.as_json import point_json
    from bdnnlang.report.sweeps.progress import SweepProgress
    from bdnnlang.report.sweeps.text import MOST_ROWS, report_lines
    from bdnnlang.sweep.execute import run_sweep

    created = datetime.now(UTC).isoformat(timespec="seconds")
    with SweepProgress(len(points), io.StringIO() if args.diagnostics in DOCUMENTS else sys.stderr) as progress:

        def follow(row: PointRow, fact: Fact | None) -> None:
            if not args.json_stream:
                progress(row, fact)
            elif fact is None:
                product.write(partial(print, json.dumps({"type": "point", **point_json(row)}), flush=True))

        done = run_sweep(
            points,
            args.spec,
            folder=folder,
            interrupt=interrupt,
            follow=follow,
            intent=intent,
            origin={"created": created, "command": args.command},
            say=remark,
        )
    if args.json_stream:
        last = {"type": "sweep", "folder": str(done.folder), "summary": done.json["summary"]}
        product.write(partial(print, json.dumps(last), flush=True))
    else:
        product.write(partial(print, "\n".join(report_lines(done.table, MOST_ROWS))))
        product.write(partial(print, f"\nsweep folder: {done.folder}"))
    return done


def _exit(done: SweepFinished, required: tuple[str, ...]) -> Exit:
    rows = done.table.rows
    is_good = not done.table.failed and (not required or all(row.status in required for row in rows))
    return Exit.OK if is_good else Exit.NO_NETWORK
