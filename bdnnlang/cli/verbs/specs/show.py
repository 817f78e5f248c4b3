"""`bdnnc show`: the effective spec, the result of any phase, or the report of a run."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args, Parser, Verb, add_formulation, add_spec, whole
from bdnnlang.cli.shared import Exit, data_of, out, sets_of, show_diagnostics, spec_of
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Spec

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Dataset

ROWS_SHOWN = 20  # of each block, unless `--limit` says otherwise


def show(args: Args) -> Exit:
    from bdnnlang.folder.contents import read_report
    from bdnnlang.language.effective import effective, show_spec
    from bdnnlang.language.syntax.parser import parse
    from bdnnlang.language.syntax.show import show_ast

    if args.rules:
        return out("\n".join(_rules(args)))
    if args.spec.is_dir() and not (args.ast or args.show_spec or args.ir or args.after or args.milp):
        return out(f"{read_report(args.spec)}\nrun folder: {args.spec}")
    if args.ast:
        file, errors = parse(compiler.read_source(args.spec))
        if errors:
            raise Rejected(errors)
        return out(show_ast(file))
    if args.origin:
        return out("\n".join(_origins(args)))
    spec = spec_of(args)
    if args.show_spec or args.format == "json":
        return out(_spec_json(spec) if args.format == "json" else show_spec(spec))
    if args.ir or args.after or args.milp:
        return out(_show_model(spec, data_of(args, spec), args))
    return out(effective(spec))


def _origins(args: Args) -> list[str]:
    """The effective spec, and beside each line where it comes from."""
    from bdnnlang.language.analyse import analyse
    from bdnnlang.language.composition.origin import origins
    from bdnnlang.report.text_table import aligned

    source, read = compiler.read_source(args.spec), compiler.reader_of(args.spec.parent)
    found = analyse(source, read=read, defines=args.define, sets=sets_of(args))
    if found.spec is None:
        raise Rejected(found.diagnostics)
    show_diagnostics(found.diagnostics, args)
    return aligned(origins(found, args.define), left=(0, 1), gap="    ")


def _rules(args: Args) -> list[str]:
    """The network of a run folder in the units of its data."""
    from bdnnlang.folder.contents import read_run
    from bdnnlang.report.rules import rules

    try:
        return rules(read_run(args.spec).trusted(), full=args.full)
    except ValueError as error:
        raise CannotRead(f"{args.spec / 'network.json'} is damaged: {error}") from None


def _show_model(spec: Spec, data: Dataset, args: Args) -> str:
    from bdnnlang.model import passes
    from bdnnlang.model.text import show as show_problem
    from bdnnlang.model.text import show_milp

    limit = ROWS_SHOWN if args.limit is None else args.limit or None
    if args.milp:
        return show_milp(compiler.build_milp(spec, data), limit)
    try:
        return show_problem(compiler.build_problem(spec, data, after=args.after), limit)
    except KeyError:
        known = ", ".join(sorted(passes.names(spec.train.formulation)))
        raise CannotRead(f"there is no pass `{args.after}` in formulation `{spec.train.formulation}`: {known}") from None


def _spec_json(spec: Spec) -> str:
    def plain(value: Any) -> Any:
        if dataclasses.is_dataclass(value):
            fields = {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.compare}
            return {"kind": type(value).__name__, **fields}
        return [plain(item) for item in value] if isinstance(value, tuple) else value

    return json.dumps(plain(spec), indent=2, ensure_ascii=False)


def _add_arguments(parser: Parser) -> None:
    add_spec(parser)
    phase = parser.add_mutually_exclusive_group()
    phase.add_argument("--defaults", action="store_true", help="the effective spec (this is the default)")
    phase.add_argument("--origin", action="store_true", help="the effective spec, and where each line of it comes from")
    phase.add_argument("--ast", action="store_true", help="the syntax tree")
    phase.add_argument("--spec", dest="show_spec", action="store_true", help="the typed spec")
    phase.add_argument("--ir", action="store_true", help="the problem as built")
    phase.add_argument("--after", metavar="PASS", help="the problem after a pass")
    phase.add_argument("--milp", action="store_true", help="the mixed-integer program")
    phase.add_argument("--rules", action="store_true", help="the network of a run folder as rules about the columns of its data")
    parser.add_argument("--full", action="store_true", help="with --rules: every term and every neuron")
    parser.add_argument("--format", choices=("bdnn", "json"), default="bdnn")
    add_formulation(parser)
    parser.add_argument("--limit", type=whole(0), metavar="N", help="rows of each block, 0 for all (default: 20)")


def _contradiction(args: Args) -> str | None:
    is_model = args.ir or args.after or args.milp
    if args.full and not args.rules:
        return "`--full` belongs to `--rules`"
    if args.limit is not None and not is_model:
        return "`--limit` belongs to `--ir`, `--after` and `--milp`"
    if args.format == "json" and (is_model or args.ast or args.rules or args.defaults):
        return "`--format json` writes the typed spec: it goes with `--spec`, or alone"
    if (args.ast or args.rules) and (args.define or args.set or args.formulation or args.without):
        flag = "--ast" if args.ast else "--rules"
        return f"`{flag}` shows what is there: it takes no `-D`, `--set`, `--formulation` or `--without`"
    if args.spec.is_dir() and (args.define or args.set or args.formulation or args.without or args.format == "json"):
        return (
            "the report of a run folder is shown as it is: it takes no `-D`, `--set`, `--formulation`, `--without` or `--format`"
        )
    return None


VERB = Verb(_add_arguments, show, _contradiction)
