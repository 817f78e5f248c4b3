"""`bdnnc run`: execute the schedule, verify the network, write the run folder, report."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang import compiler, runs
from bdnnlang.arguments import Args
from bdnnlang.cli.shared import Exit, cannot_write, fail, spec_of, tell
from bdnnlang.cli.signals import on_signals
from bdnnlang.cli.streams import OutputLost

if TYPE_CHECKING:
    from bdnnlang.runtime.types import Event


def run(args: Args) -> Exit:
    from bdnnlang.report.as_json import event_json
    from bdnnlang.report.terminal import Progress, print_report
    from bdnnlang.runtime.types import Abandoned, Interrupt

    spec = spec_of(args)
    data = compiler.read_data(spec, args.spec.parent)
    tell(compiler.model_warnings(spec, data), args)
    folder = args.out or runs.default_folder(spec, args.spec)
    interrupt, product = Interrupt(), _Product()
    on_signals(interrupt)
    try:
        with Progress(io.StringIO() if args.diagnostics == "json" else sys.stderr) as progress:

            def listen(event: Event) -> None:
                if args.json_stream:
                    product.write(lambda: print(json.dumps(event_json(event)), flush=True))
                else:
                    progress(event)

            done = runs.run_spec(spec, args.spec, data, folder=folder, listen=listen, interrupt=interrupt, resume=args.resume)
    except Abandoned:
        return fail("interrupted before there was a network", Exit(128 + interrupt.number))
    except OSError as error:
        return cannot_write(folder, error)
    if args.json_stream:
        last = {"type": "result", "folder": str(folder), **done.json["result"]}
        product.write(lambda: print(json.dumps(last), flush=True))
    else:
        product.write(lambda: print_report(done.summary, str(folder), sys.stdout))
    if interrupt.count:
        return Exit(128 + interrupt.number)
    return _run_exit(str(done.summary.run.status), args.require_optimal) or product.exit(folder)


@dataclass
class _Product:
    """What goes to standard output. That it is lost is no reason to abandon a run."""

    lost: OutputLost | None = None

    def write(self, write: Callable[[], None]) -> None:
        if self.lost is None:
            try:
                write()
                sys.stdout.flush()
            except OutputLost as lost:
                self.lost = lost

    def exit(self, folder: Path) -> Exit:
        if self.lost is None or self.lost.is_closed:
            return Exit.OK
        return fail(f"{self.lost}; the run folder {folder} is whole", Exit.ENVIRONMENT)


def _run_exit(status: str, required: tuple[str, ...]) -> Exit:
    if status in ("claim_rejected", "infeasible", "no_network") or (required and status not in required):
        return Exit.NO_NETWORK
    return Exit.OK
