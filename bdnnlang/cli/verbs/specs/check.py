"""`bdnnc check`: all mistakes of specs and data at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args, Parser, Verb, add_help_params
from bdnnlang.cli.shared import Exit, add_data, begin_file, cannot_read, fail, out, remark, show_diagnostics
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Rejected

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Dataset


def check(args: Args) -> Exit:
    """Every file is checked, whatever is wrong with the others."""
    if args.specs.count(Path(compiler.STANDARD_INPUT)) > 1:
        return fail("standard input can be read once only", Exit.USAGE)
    return max(_check(path, args) for path in args.specs)


def _check(path: Path, args: Args) -> Exit:
    begin_file(path, args)
    try:
        spec, _, warnings = compiler.read_points(path)
        data = None
        if not args.no_data:
            data = compiler.read_data(spec, path.parent)
            warnings += compiler.model_warnings(compiler.training_problem(spec, data))
    except Rejected as rejected:
        show_diagnostics(rejected.diagnostics, args)
        return Exit.REJECTED
    except CannotRead as error:
        return cannot_read(error)
    show_diagnostics(warnings, args)
    if data is not None:
        _show(data, args)
    if args.strict and warnings:
        return Exit.REJECTED
    if args.diagnostics == "full":
        remark(f"{path}: no mistakes")
    return Exit.OK


def _show(data: Dataset, args: Args) -> None:
    """What the data hold: a table for people, facts for machines."""
    from bdnnlang.report.data_facts import data_facts, data_lines

    if args.diagnostics == "full":
        out("\n".join(data_lines(data)))
    elif args.diagnostics == "json":
        add_data(data_facts(data))


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("specs", metavar="SPEC", nargs="+", type=Path, help="a spec; - for standard input")
    add_help_params(parser)
    parser.add_argument("--no-data", action="store_true", help="do not read the data")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")


VERB = Verb(_add_arguments, check)
