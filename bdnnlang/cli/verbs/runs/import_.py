"""`bdnnc import`: the answer of any solver, or a network made anywhere, becomes a verified network with a run folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args, Parser, Verb, add_formulation, add_spec, whole
from bdnnlang.cli.shared import Exit, cannot_write, data_of, fail, remark, spec_of
from bdnnlang.folder.storage import Intent


def import_(args: Args) -> Exit:
    from bdnnlang.folder.execute import default_folder
    from bdnnlang.folder.importing import import_file
    from bdnnlang.imports.bring import Word
    from bdnnlang.report.terminal import print_report

    spec = spec_of(args)
    training = compiler.training_problem(spec, data_of(args, spec))
    folder = args.out or default_folder(spec, args.spec, training.data)
    word = None if args.bound is None else Word(args.bound, args.by)
    how = {"intent": Intent.FORCE if args.force else Intent.NEW, "command": args.command, "say": remark}
    how |= {"permute": args.permute, "names": args.names}
    try:
        done = import_file(training, args.spec, args.file, word, folder=folder, **how)
    except OSError as error:
        return cannot_write(folder, error)
    print_report(done.summary, sys.stdout)
    print(f"\nrun folder: {done.folder}")
    run = done.summary.run
    if run.best is None:
        return fail("the network has not the certificate that `robust` asks for", Exit.NO_NETWORK)
    if run.imported is not None and run.imported.rejected:
        return fail(run.imported.rejected[0], Exit.DISAGREES)
    return Exit.OK


def _number(text: str) -> float:
    from bdnnlang.solve.answers.base import NUMBER

    if not NUMBER.fullmatch(text):
        raise argparse.ArgumentTypeError(f"`{text}` is not a number")
    return float(text)


def _add_arguments(parser: Parser) -> None:
    add_spec(parser)
    parser.add_argument("file", metavar="FILE", type=Path, help="the solution of any solver, a network.json, or weights as csv")
    add_formulation(parser)
    parser.add_argument(
        "--bound", type=_number, metavar="B", help="the bound that the solver claims, of the objective as it states it"
    )
    parser.add_argument(
        "--permute", type=whole(0), metavar="SEED", help="that of `compile`, for answers without names (GLPK `-w`, COPT `.json`)"
    )
    parser.add_argument("--names", choices=("long", "short"), help="that of `compile` (default: recognised by the file)")
    parser.add_argument("--by", default="", metavar="NAME", help="the solver whose word `--bound` is")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the run folder (default: runs/<spec>-<hash>); where it holds a run, it gets a number",
    )
    parser.add_argument("--force", action="store_true", help="replace the run in the run folder")


def _contradiction(args: Args) -> str | None:
    if (args.bound is None) != (not args.by):
        return "`--bound` and `--by` go together: a bound, and the solver whose word it is"
    return None


VERB = Verb(_add_arguments, import_, _contradiction)
