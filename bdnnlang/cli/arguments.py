"""What the verbs of `bdnnc` have in common: what a verb is, the flags that several have, and how their values are read.

A file in a room of `cli/verbs/` defines a verb; the table of that package lists it. What is imported here delays `--help`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bdnnlang.cli.shared import Exit

Args = argparse.Namespace
Parser = argparse.ArgumentParser
DOCUMENTS = ("json", "sarif")  # of `--output`: diagnostics and messages as one document, at the end


def _no_contradiction(args: Args) -> None:
    """Whatever argparse accepts makes sense."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its flags, what it does, and which flags it refuses together rather than ignore one of them."""

    add_arguments: Callable[[Parser], None]
    run: Callable[[Args], Exit]
    contradiction: Callable[[Args], str | None] = _no_contradiction  # why a command line makes no sense, or None


def duration(text: str) -> float:
    """Seconds: a number, or a duration as the language writes it."""
    from bdnnlang.language.reading.read import MAX_SECONDS, SECONDS
    from bdnnlang.language.reading.values import Amount, Scope
    from bdnnlang.language.syntax import nodes
    from bdnnlang.source import Source, Span

    scope, span = Scope({}), Span(Source("", text), 0, len(text))
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        amount = scope.evaluate(nodes.Quantity(f"{text}s", span))
    elif re.match(r"[0-9]", text):
        amount = scope.evaluate(nodes.Quantity(text, span))
    else:
        amount = None
    if not isinstance(amount, Amount) or amount.unit != "time":
        meant = f"; {scope.diagnostics[0].hint}" if scope.diagnostics and scope.diagnostics[0].suggestion else ""
        raise argparse.ArgumentTypeError(f"`{text}` is not a duration such as 90s, 10min or 1h30min{meant}")
    if not 0 < amount.value <= MAX_SECONDS:
        raise argparse.ArgumentTypeError(f"`{text}` must be {SECONDS}")
    return float(amount.value)


def whole(least: int) -> Callable[[str], int]:
    """A whole number of at least `least`, of at most nine digits."""

    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or int(text) < least:
            raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from {least}")
        return int(text)

    return read


def scheduler(text: str) -> str:
    """The address of a Dask scheduler."""
    if not re.fullmatch(r"(tcp|tls)://[^\s/:]+:[0-9]{1,5}", text):
        raise argparse.ArgumentTypeError(f"`{text}` is not the address of a Dask scheduler such as tcp://host:8786")
    return text


def add_workers(parser: Parser, what: str) -> None:
    """Who does the parts of a job that do not depend on each other."""
    parser.add_argument("--workers", type=whole(1), metavar="N", help=f"processes that share {what}")
    text = f"the scheduler of a Dask cluster, as tcp://host:8786, whose workers share {what} (extra `dask`)"
    parser.add_argument("--dask", type=scheduler, metavar="ADDRESS", help=text)


def add_spec(parser: Parser) -> None:
    """The one spec of a verb, and what changes it."""
    parser.add_argument("spec", metavar="SPEC", type=Path, help="a spec; - for standard input")
    parser.add_argument("-D", dest="define", action="append", default=[], metavar="NAME=VALUE", help="set a param")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="override a setting, as train.seed=3")
    add_help_params(parser)


def add_help_params(parser: Parser) -> None:
    """What the params of a spec are."""
    parser.add_argument("--help-params", action="store_true", help="list the params of the spec, and do nothing else")


def add_run(parser: Parser) -> None:
    """The run folder that a verb reads."""
    parser.add_argument("run", metavar="RUN", type=Path, help="a run folder")


def add_formulation(parser: Parser) -> None:
    """The formulation, and the passes that are left out of it."""
    parser.add_argument("--formulation", help="tight or paper")
    parser.add_argument("--without", metavar="PASS", action="append", default=[], help="leave out a pass of formulation tight")


def add_output(parser: Parser) -> None:
    """How any verb writes its diagnostics."""
    parser.add_argument(
        "--output",
        dest="diagnostics",
        choices=("full", "concise", "github", *DOCUMENTS),
        default="full",
        help="how errors and warnings are written (default: full); json: one document on standard error, also when all is well:"
        ' {"schema": 1, "verb", "exit", "messages": […], "files": [{"path", "ok", "error", "diagnostics": […]}]};'
        " sarif: the same as a log in SARIF 2.1.0",
    )
