"""`bdnnc run`: execute the schedule, verify the network, write the run folder, report."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from bdnnlang import compiler, runs
from bdnnlang.arguments import Args
from bdnnlang.cli.shared import Exit, fail, spec_of, tell
from bdnnlang.cli.signals import on_signals
from bdnnlang.files import reason

if TYPE_CHECKING:
    from bdnnlang.runtime.types import Event


def run(args: Args) -> Exit:
    from bdnnlang.report.as_json import event_json
    from bdnnlang.report.terminal import Progress, print_report
    from bdnnlang.runtime.types import Interrupt

    spec = spec_of(args)
    data = compiler.read_data(spec, args.spec.parent)
    tell(compiler.model_warnings(spec, data), args)
    folder = args.out or runs.default_folder(spec, args.spec)
    interrupt = Interrupt()
    on_signals(interrupt)
    try:
        with Progress(sys.stderr) as progress:

            def listen(event: Event) -> None:
                if args.json_stream:
                    print(json.dumps(event_json(event)), flush=True)
                else:
                    progress(event)

            done = runs.run_spec(spec, args.spec, data, folder=folder, listen=listen, interrupt=interrupt, resume=args.resume)
    except OSError as error:
        return fail(f"cannot write the run folder {folder}: {reason(error)}", Exit.USAGE)
    if args.json_stream:
        print(json.dumps({"type": "result", "folder": str(folder), **done.json["result"]}), flush=True)
    else:
        print_report(done.summary, str(folder), sys.stdout)
    return _run_exit(str(done.summary.run.status), args.require_optimal)


def _run_exit(status: str, required: tuple[str, ...]) -> Exit:
    if status == "interrupted":
        return Exit.INTERRUPTED
    if status in ("claim_rejected", "infeasible", "no_network") or (required and status not in required):
        return Exit.NO_NETWORK
    return Exit.OK
