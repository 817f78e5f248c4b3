"""A run, for `bdnnc run` and `bdnnc race`: execute the schedule, verify the network, write the run folder, report."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang import compiler
from bdnnlang.cli.arguments import DOCUMENTS, Args, Parser, add_formulation, add_spec, add_workers, duration
from bdnnlang.cli.product import Product
from bdnnlang.cli.shared import Exit, cannot_write, data_of, fail, points_of, remark, show_diagnostics
from bdnnlang.cli.signals import on_signals
from bdnnlang.folder.storage import LOG, Intent, latest

if TYPE_CHECKING:
    from bdnnlang.budget import Interrupt
    from bdnnlang.folder.execute import Finished
    from bdnnlang.language.spec import Spec
    from bdnnlang.problem.training import TrainingProblem
    from bdnnlang.run.facts import Fact
    from bdnnlang.run.records import Run, StageRecord


def run(args: Args, check: Callable[[Spec], str | None] = lambda spec: None) -> Exit:
    """The exit code of a run. `check`: why a spec is not one for this verb, or None."""
    from bdnnlang.budget import Abandoned, Interrupt
    from bdnnlang.folder import execute as runs
    from bdnnlang.run.start_ahead import start_ahead

    if args.resume and args.force:
        return fail(
            "`--resume` and `--force` do not go together: one keeps the run that is there, the other replaces it", Exit.USAGE
        )
    intent = Intent.RESUME if args.resume else Intent.FORCE if args.force else Intent.NEW
    spec, points = points_of(args)
    for one in (spec, *(point.spec for point in points)):
        if (why := check(one)) is not None:
            return fail(why, Exit.USAGE)
    if points:
        from bdnnlang.cli import sweeping

        return sweeping.run(args, points, intent)
    if args.workers or args.dask:
        if (refused := _cannot_share(spec, args.dask)) is not None:
            return refused
        spec = compiler.shared_out(spec, args.workers)
    start_ahead(spec)
    training = compiler.training_problem(spec, data_of(args, spec))
    show_diagnostics(compiler.model_warnings(training), args)
    folder = args.out or runs.default_folder(spec, args.spec, training.data)
    if args.resume and not args.out:
        folder = latest(folder)
    interrupt, product = Interrupt(), Product()
    on_signals(interrupt)
    try:
        done = _run(args, training, folder, intent, interrupt, product)
    except Abandoned:
        return fail("interrupted before there was a network", Exit(128 + interrupt.number))
    except OSError as error:
        return cannot_write(folder, error)
    _tell_of_failures(done)
    if interrupt.count:
        return Exit(128 + interrupt.number)
    return _run_exit(done.summary.run, args.require_optimal) or product.exit(done.folder)


def _cannot_share(spec: Spec, dask: str | None) -> Exit | None:
    """Why no work of a run can be shared out."""
    from bdnnlang.language.spec import Prove
    from bdnnlang.workers import cluster

    if not any(isinstance(stage, Prove) for stage in spec.train.stages):
        return fail("`--workers` and `--dask` are for stage `prove` and for sweeps: the spec has neither", Exit.USAGE)
    return fail(cluster.INSTALL, Exit.ENVIRONMENT) if dask and not cluster.available() else None


def _run(args: Args, training: TrainingProblem, folder: Path, intent: Intent, interrupt: Interrupt, product: Product) -> Finished:
    from bdnnlang.folder import execute as runs
    from bdnnlang.report.progress.live import Progress
    from bdnnlang.report.stream import Stream
    from bdnnlang.report.terminal import print_report

    with Progress(io.StringIO() if args.diagnostics in DOCUMENTS else sys.stderr) as progress:
        stream = Stream()

        def emit(fact: Fact) -> None:
            if not args.json_stream:
                progress(fact)
                return
            for line in stream(fact):
                product.write(partial(print, json.dumps(line), flush=True))

        place = {"folder": folder, "intent": intent, "command": args.command, "say": remark, "dask": args.dask or ""}
        done = runs.run_spec(training, args.spec, emit=emit, interrupt=interrupt, **place)
    if args.json_stream:
        required = {name: done.json[name] for name in ("requirements",) if name in done.json}
        last = {"type": "result", "folder": str(done.folder), **done.json["result"], **required}
        product.write(lambda: print(json.dumps(last), flush=True))
    else:
        product.write(lambda: print_report(done.summary, sys.stdout))
        product.write(lambda: print(f"\nrun folder: {done.folder}"))
    return done


def _failed(run: Run) -> list[StageRecord]:
    from bdnnlang.run.status import StageStatus

    return [stage for stage in run.stages if stage.status is StageStatus.FAILED]


def _tell_of_failures(done: Finished) -> None:
    for stage in _failed(done.summary.run):
        why = stage.notes[-1] if stage.notes else f"see `{LOG}`"
        remark(f"warning: stage `{stage.stage}` failed: {why}")


def _run_exit(run: Run, required: tuple[str, ...]) -> Exit:
    """A stage that failed has not done what was asked, unless another one has settled the matter."""
    from bdnnlang.run.status import RunStatus

    without = (RunStatus.CLAIM_REJECTED, RunStatus.INFEASIBLE, RunStatus.NO_NETWORK)
    if run.status in without or (required and run.status not in map(RunStatus, required)):
        return Exit.NO_NETWORK
    return Exit.NO_NETWORK if _failed(run) and not run.status.is_proved else Exit.OK


def add_arguments(parser: Parser) -> None:
    """The flags of a run, but for those that say which solver."""
    add_spec(parser)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the run folder (default: runs/<spec>-<hash>); where it holds a run, it gets a number",
    )
    parser.add_argument("--force", action="store_true", help="replace the run in the run folder, once this one has ended")
    parser.add_argument("--time", type=duration, metavar="T", help="for the whole schedule, as 90s, 10min or seconds")
    parser.add_argument("--threads", metavar="N")
    add_workers(parser, "the points of a sweep, or else the parts of stage `prove`")
    parser.add_argument("--seed", metavar="N")
    add_formulation(parser)
    parser.add_argument("--resume", action="store_true", help="carry on with the run in the run folder, from its best network")
    parser.add_argument("--json-stream", action="store_true", help="one JSON object a line instead of the report")
    _add_require_optimal(parser, "", ("optimal",), "exit 3 unless no network of the spec is better, proved")
    text = "exit 3 unless no network with the margin of the model is better, proved"
    _add_require_optimal(parser, "=at-margin", ("optimal", "optimal_at_margin"), text)


def _add_require_optimal(parser: Parser, value: str, statuses: tuple[str, ...], text: str) -> None:
    """A flag for each value: argparse would take what follows a flag with a value that may be missing for it."""
    flag = f"--require-optimal{value}"
    parser.add_argument(flag, dest="require_optimal", action="store_const", const=statuses, default=(), help=text)
