"""`bdnnc bench`: formulations and solvers side by side, every network verified."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.cli.arguments import Args, Parser, Verb, duration, whole
from bdnnlang.cli.shared import Exit, cannot_write, out, refuse_overwriting, remark
from bdnnlang.cli.signals import on_signals
from bdnnlang.compiler import CannotRead
from bdnnlang.files import write_text

if TYPE_CHECKING:
    from bdnnlang.bench.comparison import Benchmark
    from bdnnlang.bench.request import Request


def bench(args: Args) -> Exit:
    from bdnnlang.bench.comparison import disagreements
    from bdnnlang.bench.runner import run
    from bdnnlang.budget import Interrupt

    files = [path for path in (args.json, args.markdown, args.cache) if path is not None]
    for path in files:
        if refused := refuse_overwriting(path, [*args.specs, *(other for other in files if other is not path)]):
            return refused
    request, stop = _request(args), Interrupt()
    on_signals(stop)
    benchmark = run(request, _command(args), stop, remark, args.cache)
    out(_product(benchmark, args))
    try:
        _save(benchmark, args)
    except OSError as error:
        return cannot_write(error.filename or "the results", error)
    if disagreements(benchmark.cells):
        return Exit.DISAGREES
    return Exit(128 + stop.number) if benchmark.interrupted else Exit.OK


def _request(args: Args) -> Request:
    """What a command line asks for. Raises Rejected, CannotRead."""
    from bdnnlang.bench.request import Request, checked_name, read_problems, read_variants

    variants = read_variants(args.formulations, args.solvers, args.without, schedule=args.schedule)
    names = list(dict.fromkeys(name for variant in variants for name in (variant.formulation, variant.name)))
    for name in args.limits:
        checked_name("formulation to limit", name, names)
    for file in (args.json, args.markdown, args.cache):
        if file is not None and not file.parent.is_dir():
            raise CannotRead(f"cannot write `{file}`: there is no folder {file.parent}")
    return Request(read_problems(args.specs), variants, args.limits, args.time, args.repeat, args.threads)


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
    words += [f"--without {name}" for name in args.without]
    words += ["--schedule"] * args.schedule + [f"--repeat {args.repeat}"] * (args.repeat > 1)
    return " ".join(["bdnnc bench", *words, *[f"--threads {args.threads}"] * (args.threads > 1)])


def _product(benchmark: Benchmark, args: Args) -> str:
    """What goes to standard output."""
    from bdnnlang.bench.markdown import measured
    from bdnnlang.bench.text import text

    if args.format == "json" or args.json == Path("-"):
        return _json(benchmark)
    return measured(benchmark) if args.format == "markdown" else text(benchmark)


def _save(benchmark: Benchmark, args: Args) -> None:
    """Write the files that are asked for. Raises OSError."""
    from bdnnlang.bench.markdown import page

    if args.json not in (None, Path("-")):
        write_text(args.json, _json(benchmark) + "\n")
    if args.markdown is not None and not benchmark.interrupted:  # half a table is no reason to lose a whole one
        earlier = args.markdown.read_text(encoding="utf-8") if args.markdown.exists() else None
        write_text(args.markdown, page(benchmark, earlier))


def _json(benchmark: Benchmark) -> str:
    from bdnnlang.bench.as_json import bench_json

    return json.dumps(bench_json(benchmark), indent=2, ensure_ascii=False)


def _limits(text: str) -> dict[str, float]:
    """Seconds of each name in a list such as `paper=120s,tight=30s`."""
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(name and equals for name, equals, _ in pairs):
        raise argparse.ArgumentTypeError(f"`{text}` is not a list such as paper=120s,tight=30s")
    return {name: duration(seconds) for name, _, seconds in pairs}


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("specs", metavar="SPEC", nargs="+", type=Path)
    parser.add_argument(
        "--formulations",
        metavar="NAMES",
        help="as paper,tight or tight-unit_rows, without that pass, or tight/cpsat, with that solver only (default: all)",
    )
    parser.add_argument("--solvers", metavar="NAMES", default="scip", help="as scip,highs,cpsat (default: scip)")
    parser.add_argument("--time", type=duration, default=30.0, metavar="T", help="for each run (default: 30s)")
    parser.add_argument("--limits", type=_limits, default={}, metavar="NAME=T,…", help="for one formulation, as paper=120s")
    parser.add_argument("--repeat", type=whole(1), default=1, metavar="N", help="runs of each cell, with seeds that count up")
    parser.add_argument("--threads", type=whole(1), default=1, metavar="N")
    parser.add_argument("--without", action="append", default=[], metavar="PASS", help="leave this pass out wherever it is")
    parser.add_argument("--schedule", action="store_true", help="also run each spec's own schedule, all stages")
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything, every single run; - for standard output")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write a page, whose hand-written parts stay")
    parser.add_argument("--cache", type=Path, metavar="FILE", help="keep finished runs here, and take them from here")


def _contradiction(args: Args) -> str | None:
    if args.json == Path("-") and args.format == "markdown":
        return "`--json -` and `--format markdown` both write standard output: name a file"
    return None


VERB = Verb(_add_arguments, bench, _contradiction)
