"""`bdnnc bench`: formulations and solvers side by side, every network verified."""

from __future__ import annotations

import json
from pathlib import Path

from bdnnlang.bench.page import bench_json, measured, page
from bdnnlang.bench.plan import Plan, checked_name, read_kinds, read_problems, run
from bdnnlang.bench.table import Benchmark, disagreements, text
from bdnnlang.budget import Interrupt
from bdnnlang.cli.arguments import Args
from bdnnlang.cli.shared import Exit, cannot_write, out, remark, taken
from bdnnlang.cli.signals import on_signals
from bdnnlang.compiler import CannotRead
from bdnnlang.files import write_text


def bench(args: Args) -> Exit:

    files = [path for path in (args.json, args.markdown, args.cache) if path is not None]
    for path in files:
        if refused := taken(path, [*args.specs, *(other for other in files if other is not path)]):
            return refused
    plan, stop = _plan(args), Interrupt()
    on_signals(stop)
    found = run(plan, _command(args), stop, remark, args.cache)
    out(_product(found, args))
    try:
        _save(found, args)
    except OSError as error:
        return cannot_write(error.filename or "the results", error)
    if disagreements(found.cells):
        return Exit.DISAGREES
    return Exit(128 + stop.number) if found.interrupted else Exit.OK


def _plan(args: Args) -> Plan:
    """What a command line asks for. Raises Rejected, CannotRead."""
    kinds = read_kinds(args.formulations, args.solvers, args.without, schedule=args.schedule)
    for name in args.limits:
        checked_name(
            "formulation to limit", name, list(dict.fromkeys(n for kind in kinds for n in (kind.formulation, kind.name)))
        )
    for file in (args.json, args.markdown, args.cache):
        if file is not None and not file.parent.is_dir():
            raise CannotRead(f"cannot write `{file}`: there is no folder {file.parent}")
    return Plan(read_problems(args.specs), kinds, args.limits, args.time, args.repeat, args.threads)


def _command(args: Args) -> str:
    """The command line that measures the same: folders of specs are not spelled out, and where they lie is left out."""
    folders = dict.fromkeys(path.parent for path in args.specs)
    words = []
    for folder in folders:
        here = [path for path in args.specs if path.parent == folder]
        place = folder.name if folder.is_absolute() else folder.as_posix()
        whole = len(here) > 2 and len(here) == len(list(folder.glob("*.bdnn")))
        words += [f"{place}/*.bdnn"] if whole else [f"{place}/{path.name}" for path in here]
    words += [f"--formulations {args.formulations}"] if args.formulations else []
    words += [f"--solvers {args.solvers}", f"--time {args.time:g}"]
    words += ["--limits " + ",".join(f"{name}={seconds:g}" for name, seconds in args.limits.items())] if args.limits else []
    words += [f"--without {one}" for one in args.without]
    words += ["--schedule"] * args.schedule + [f"--repeat {args.repeat}"] * (args.repeat > 1)
    return " ".join(["bdnnc bench", *words, *[f"--threads {args.threads}"] * (args.threads > 1)])


def _product(found: Benchmark, args: Args) -> str:
    """What goes to standard output."""
    if args.format == "json" or args.json == Path("-"):
        return _json(found)
    return measured(found) if args.format == "markdown" else text(found)


def _save(found: Benchmark, args: Args) -> None:
    """Write the files that are asked for. Raises OSError."""
    if args.json not in (None, Path("-")):
        write_text(args.json, _json(found) + "\n")
    if args.markdown is not None and not found.interrupted:  # half a table is no reason to lose a whole one
        earlier = args.markdown.read_text(encoding="utf-8") if args.markdown.exists() else None
        write_text(args.markdown, page(found, earlier))


def _json(found: Benchmark) -> str:
    return json.dumps(bench_json(found), indent=2, ensure_ascii=False)
