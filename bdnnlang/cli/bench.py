"""`bdnnc bench`: formulations and solvers side by side, every network verified."""

from __future__ import annotations

from bdnnlang.arguments import Args
from bdnnlang.cli.shared import Exit, fail, out, remark
from bdnnlang.cli.signals import on_signals


def bench(args: Args) -> Exit:
    from bdnnlang import bench as benchmarks
    from bdnnlang.report.bench import disagreements

    plan, stop = benchmarks.read_plan(args), benchmarks.Stop()
    on_signals(stop)
    found = benchmarks.run(plan, benchmarks.read_command(args), stop, remark, args.cache)
    out(benchmarks.product(found, args))
    try:
        benchmarks.save(found, args)
    except OSError as error:
        return fail(f"cannot write `{error.filename}`: {(error.strerror or str(error)).lower()}", Exit.USAGE)
    if disagreements(found.cells):
        return Exit.DISAGREES
    return Exit.INTERRUPTED if found.interrupted else Exit.OK
