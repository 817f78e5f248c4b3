"""The command line of `bdnnc`: verbs and their flags."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bdnnlang
from bdnnlang.language.reading.read import MAX_SECONDS, SECONDS
from bdnnlang.language.reading.values import Amount, Scope
from bdnnlang.language.syntax import nodes
from bdnnlang.source import Source, Span

Args = argparse.Namespace


def _duration(text: str) -> float:
    """Seconds: a number, or a duration as the language writes it."""
    scope, span = Scope({}), Span(Source("", text), 0, len(text))
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        found = scope.evaluate(nodes.Quantity(f"{text}s", span))
    elif re.match(r"[0-9]", text):
        found = scope.evaluate(nodes.Quantity(text, span))
    else:
        found = None
    if not isinstance(found, Amount) or found.unit != "time":
        meant = f"; {scope.diagnostics[0].hint}" if scope.diagnostics and scope.diagnostics[0].suggestion else ""
        raise argparse.ArgumentTypeError(f"`{text}` is not a duration such as 90s, 10min or 1h30min{meant}")
    if not 0 < found.value <= MAX_SECONDS:
        raise argparse.ArgumentTypeError(f"`{text}` must be {SECONDS}")
    return float(found.value)


def _limits(text: str) -> dict[str, float]:
    """`paper=120s,tight=30s`."""
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(name and equals for name, equals, _ in pairs):
        raise argparse.ArgumentTypeError(f"`{text}` is not a list such as paper=120s,tight=30s")
    return {name: _duration(seconds) for name, _, seconds in pairs}


def _whole(least: int) -> Callable[[str], int]:
    """A whole number of at least `least`, of at most nine digits."""

    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or int(text) < least:
            raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from {least}")
        return int(text)

    return read


def parser() -> argparse.ArgumentParser:
    """Parses a command line; `verb` of the result names the verb."""
    whole = argparse.ArgumentParser(
        prog="bdnnc", description="Binarized neural networks that are proved, not just trained.", allow_abbrev=False
    )
    whole.add_argument("--version", action="version", version=f"bdnnc {bdnnlang.__version__}")
    verbs = whole.add_subparsers(title="verbs", dest="verb", metavar="VERB", required=True)
    _add_verbs_of_specs(verbs)
    _add_verbs_of_models(verbs)
    _add_bench(verbs)
    _add_verbs_of_runs(verbs)
    return whole


def _add_verbs_of_specs(verbs: Any) -> None:
    one = _verb(verbs, "check", "look for mistakes in specs and their data; nothing is solved")
    one.add_argument("specs", metavar="SPEC", nargs="+", type=Path, help="a spec; - for standard input")
    one.add_argument("--no-data", action="store_true", help="do not read the data")
    one.add_argument("--strict", action="store_true", help="warnings count as errors")

    one = _verb(verbs, "show", "print the effective spec, the result of any phase, or the report of a run folder", spec=True)
    which = one.add_mutually_exclusive_group()
    which.add_argument("--defaults", action="store_true", help="the effective spec (this is the default)")
    which.add_argument("--ast", action="store_true", help="the syntax tree")
    which.add_argument("--spec", dest="show_spec", action="store_true", help="the typed spec")
    which.add_argument("--ir", action="store_true", help="the problem as built")
    which.add_argument("--after", metavar="PASS", help="the problem after a pass")
    which.add_argument("--milp", action="store_true", help="the mixed-integer program")
    which.add_argument("--rules", action="store_true", help="the network of a run folder as rules about the columns of its data")
    one.add_argument("--full", action="store_true", help="with --rules: every term and every neuron")
    one.add_argument("--format", choices=("bdnn", "json"), default="bdnn")
    _add_formulation(one)
    one.add_argument("--limit", type=_whole(0), metavar="N", help="rows of each block, 0 for all (default: 20)")

    one = _verb(verbs, "plan", "sizes, constants and time before anything is solved", spec=True)
    _add_formulation(one)
    one.add_argument("--format", choices=("text", "json"), default="text")


def _add_verbs_of_models(verbs: Any) -> None:
    one = _verb(verbs, "compile", "write the model for any solver", spec=True)
    one.add_argument(
        "-o", dest="file", required=True, metavar="FILE", help="x.mps, x.lp, x.cip, each also with .gz, or - for standard output"
    )
    one.add_argument("--to", choices=("mps", "lp", "cip"), help="the format, when the file's name does not tell")
    _add_formulation(one)
    one.add_argument("--names", choices=("long", "short"), default="long")
    one.add_argument("--ranges", action="store_true", help="use RANGES in MPS: fewer rows")
    one.add_argument("--stats", action="store_true", help="print the size on standard error")

    one = _verb(verbs, "run", "execute the schedule, verify the network, write the run folder", spec=True)
    one.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the run folder (default: runs/<spec>-<hash>); where it holds a run, it gets a number",
    )
    one.add_argument("--force", action="store_true", help="replace the run in the run folder, once this one has ended")
    one.add_argument("--time", type=_duration, metavar="T", help="for the whole schedule, as 90s, 10min or seconds")
    one.add_argument("--threads", metavar="N")
    one.add_argument("--seed", metavar="N")
    one.add_argument("--solver")
    _add_formulation(one)
    one.add_argument("--resume", action="store_true", help="carry on with the run in the run folder, from its best network")
    one.add_argument("--json-stream", action="store_true", help="one JSON object a line instead of the report")
    one.add_argument(
        "--require-optimal",
        action="store_const",
        const=("optimal",),
        default=(),
        help="exit 3 unless no network of the spec is better, proved",
    )
    one.add_argument(
        "--require-optimal=at-margin",
        dest="require_optimal",
        action="store_const",
        const=("optimal", "optimal_at_margin"),
        default=(),
        help="exit 3 unless no network with the margin of the model is better, proved",
    )


def _add_bench(verbs: Any) -> None:
    one = _verb(verbs, "bench", "formulations and solvers side by side on the exact stage alone, every network verified")
    one.add_argument("specs", metavar="SPEC", nargs="+", type=Path)
    one.add_argument(
        "--formulations",
        metavar="NAMES",
        help="as paper,tight or tight-unit_rows, without that pass, or tight/cpsat, with that solver only (default: all)",
    )
    one.add_argument("--solvers", metavar="NAMES", default="scip", help="as scip,highs,cpsat (default: scip)")
    one.add_argument("--time", type=_duration, default=30.0, metavar="T", help="for each run (default: 30s)")
    one.add_argument("--limits", type=_limits, default={}, metavar="NAME=T,…", help="for one formulation, as paper=120s")
    one.add_argument("--repeat", type=_whole(1), default=1, metavar="N", help="runs of each cell, with seeds that count up")
    one.add_argument("--threads", type=_whole(1), default=1, metavar="N")
    one.add_argument("--without", action="append", default=[], metavar="PASS", help="leave this pass out wherever it is")
    one.add_argument("--schedule", action="store_true", help="also run each spec's own schedule, all stages")
    one.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    one.add_argument("--json", type=Path, metavar="FILE", help="write everything, every single run; - for standard output")
    one.add_argument("--markdown", type=Path, metavar="FILE", help="write a page, whose hand-written parts stay")
    one.add_argument("--cache", type=Path, metavar="FILE", help="keep finished runs here, and take them from here")


def _add_verbs_of_runs(verbs: Any) -> None:
    one = _verb(verbs, "verify", "recompute every claim of a run in exact arithmetic; needs no solver")
    one.add_argument("run", metavar="RUN", type=Path, help="a run folder")
    one.add_argument("--data", type=Path, metavar="FOLDER", help="where the data are, if not beside the run folder or in it")

    one = _verb(verbs, "predict", "classes for new rows")
    one.add_argument("run", metavar="RUN", type=Path, help="a run folder")
    one.add_argument("csv", metavar="CSV", help="a file of new rows, or - for standard input")
    one.add_argument("-o", dest="file", default="-", metavar="FILE")
    one.add_argument("--keep", metavar="NAMES", help="input columns to write before the class, as id,name; or all")
    one.add_argument("--scores", action="store_true", help="also write what each output neuron compares with 0")
    one.add_argument("--strict", action="store_true", help="warnings count as errors")

    one = _verb(verbs, "solvers", "the solvers found here and what they take")
    one.add_argument("--format", choices=("text", "json"), default="text")

    one = _verb(verbs, "explain", "a page on a diagnostic (E107) or a setting (train.exact.gap); alone: the list of all pages")
    one.add_argument("topic", metavar="CODE|PATH", nargs="?")


def _add_formulation(one: argparse.ArgumentParser) -> None:
    one.add_argument("--formulation", help="tight or paper")
    one.add_argument("--without", metavar="PASS", action="append", default=[], help="leave out a pass of formulation tight")


def _verb(verbs: Any, name: str, text: str, *, spec: bool = False) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text, allow_abbrev=False)
    one.add_argument(
        "--output",
        dest="diagnostics",
        choices=("full", "concise", "json", "github"),
        default="full",
        help="how errors and warnings are written (default: full); json: one document on standard error, also when all is well:"
        ' {"schema": 1, "verb", "exit", "messages": […], "files": [{"path", "ok", "error", "diagnostics": […]}]}',
    )
    if spec:
        one.add_argument("spec", metavar="SPEC", type=Path, help="a spec; - for standard input")
        one.add_argument("-D", dest="define", action="append", default=[], metavar="NAME=VALUE", help="set a param")
        one.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="override a fact, as train.seed=3")
    return one
