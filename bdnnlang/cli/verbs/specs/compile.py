"""`bdnnc compile`: the model for any solver."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args, Parser, Verb, add_formulation, add_spec, whole
from bdnnlang.cli.shared import Exit, cannot_write, data_of, fail, refuse_overwriting, remark, show_diagnostics, spec_of
from bdnnlang.files import overwritten, write_text

if TYPE_CHECKING:
    from bdnnlang.arrays import Floats
    from bdnnlang.compiler import ModelFile


def compile_(args: Args) -> Exit:
    from bdnnlang import solve

    spec = spec_of(args)
    inputs = [*compiler.inputs(args.spec, spec), *([args.start] if args.start else [])]
    if refused := refuse_overwriting(args.file, inputs):
        return refused
    data = data_of(args, spec)
    form = args.to or Path(args.file.removesuffix(".gz")).suffix.removeprefix(".") or "mps"
    if form not in solve.FILE_FORMATS:
        return fail(f"cannot write `{args.file}`: the name should end in {_endings(solve.FILE_FORMATS)}", Exit.USAGE)
    built = compiler.build_file(spec, data, form, args.spec.name, permute=args.permute)
    show_diagnostics(built.warnings, args)
    milp = built.milp
    start = None
    if args.start is not None:
        if lost := next((path for path in _starts(args) if overwritten(path, inputs)), None):
            return fail(f"`{lost}` is an input of this command: name another model file", Exit.USAGE)
        if (start := _start(built, args)) is None:
            return fail(f"the network of {args.start} does not satisfy the model, whatever its margins", Exit.NO_NETWORK)
    try:
        solve.save(form, milp, args.file, names=args.names or "long", comments=built.comments())
        if start is not None:
            start = start if milp.order is None else start[milp.order[0]]
            solve.save_starts(milp, start, Path(args.file), names=args.names or "long")
        if args.legend:
            write_text(_legend_path(args.file), built.legend())
    except OSError as error:
        return cannot_write(args.file, error)
    if args.stats:
        remark(f"{milp.columns} columns, {int(milp.binary.sum())} binary, {milp.rows} rows, {milp.nonzeros} nonzeros")
        if milp.unit_text:
            remark(milp.unit_text)
    return Exit.OK


def _starts(args: Args) -> Iterable[Path]:
    from bdnnlang.solve.files import starts

    return starts.paths(Path(args.file)).values()


def _start(built: ModelFile, args: Args) -> Floats | None:
    """The point of the network to start from; None where it does not satisfy the program."""
    from bdnnlang.folder.importing import brought_from, network_file
    from bdnnlang.run.solving import offer

    network = brought_from(built.training, network_file(args.start)).incumbent.network
    point, offered = offer(built.model, network, built.training)
    if point is not None and offered is not network:
        remark(f"the network of {args.start} got wider margins, so that it satisfies the model")
    return point


def _legend_path(file: str) -> Path:
    """`model.columns.json` beside `model.mps.gz`."""
    return Path(file.removesuffix(".gz")).with_suffix(".columns.json")


def _endings(forms: Iterable[str]) -> str:
    return " or ".join(f"`.{form}` or `.{form}.gz`" for form in forms)


def _add_arguments(parser: Parser) -> None:
    from bdnnlang.solve import FILE_FORMATS

    add_spec(parser)
    parser.add_argument(
        "-o",
        dest="file",
        required=True,
        metavar="FILE",
        help="x.mps, x.lp, x.opb, x.cip, each also with .gz, or - for standard output",
    )
    parser.add_argument("--to", choices=tuple(FILE_FORMATS), help="the format, when the file's name does not tell")
    add_formulation(parser)
    parser.add_argument("--names", choices=("long", "short"), help="of columns and rows (default: long)")
    parser.add_argument(
        "--permute", type=whole(0), metavar="SEED", help="columns and rows in another order: solvers take more or less time then"
    )
    parser.add_argument(
        "--start",
        type=Path,
        metavar="RUN",
        help="a run folder, network.json or solution: writes starts beside the model, x.start.sol (SCIP, HiGHS, Gurobi, COPT),"
        " .mst (CPLEX), .cbc, .slx (Xpress)",
    )
    parser.add_argument("--legend", action="store_true", help="what each column and row is, into x.columns.json beside the file")
    parser.add_argument("--stats", action="store_true", help="print the size on standard error")


def _contradiction(args: Args) -> str | None:
    from bdnnlang.solve import FILE_FORMATS

    name = Path(args.file.removesuffix(".gz")).suffix.removeprefix(".")
    form = args.to or name
    if args.to and name in FILE_FORMATS and name != args.to:
        return f"`--to {args.to}` contradicts the name `{args.file}`"
    if args.start is not None and args.file == "-":
        return "`--start` writes files beside the model: name it with `-o`"
    if args.legend and args.file == "-":
        return "`--legend` writes a file beside the model: name it with `-o`"
    if args.permute is not None and form in FILE_FORMATS and not FILE_FORMATS[form].has_names:
        return f"`--permute` would lose what is what in {form.upper()} files: their variables are x1, x2, …"
    if args.names and form in FILE_FORMATS and not FILE_FORMATS[form].has_names:
        return f"`--names` has no meaning in {form.upper()} files: their variables are x1, x2, …"
    if args.start and form in FILE_FORMATS and not FILE_FORMATS[form].has_names:
        return f"`--start` has no form for solvers of {form.upper()} files"
    return None


VERB = Verb(_add_arguments, compile_, _contradiction)
