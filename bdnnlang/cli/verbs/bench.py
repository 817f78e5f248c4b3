"""`bdnnc bench`: formulations and solvers side by side, every network verified."""

from __future__ import annotations

from bdnnlang.arguments import Args
from bdnnlang.cli.shared import Exit, cannot_write, out, remark, taken
from bdnnlang.cli.signals import on_signals


def bench(args: Args) -> Exit:
    from bdnnlang import bench as benchmarks
    from bdnnlang.report.bench import disagreements
    from bdnnlang.runtime.types import Interrupt

    files = [path for path in (args.json, args.markdown, args.cache) if path is not None]
    for path in files:
        if refused := taken(path, [*args.specs, *(other for other in files if other is not path)]):
            return refused
    plan, stop = benchmarks.read_plan(args), Interrupt()
    on_signals(stop)
    found = benchmarks.run(plan, benchmarks.read_command(args), stop, remark, args.cache)
    out(benchmarks.product(found, args))
    try:
        benchmarks.save(found, args)
    except OSError as error:
        return cannot_write(error.filename or "the results", error)
    if disagreements(found.cells):
        return Exit.DISAGREES
    return Exit(128 + stop.number) if found.interrupted else Exit.OK
