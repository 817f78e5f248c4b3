"""`bdnnc show`: the effective spec, the result of any phase, or the report of a run."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args
from bdnnlang.cli.shared import Exit, data_of, out, spec_of
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
    spec = spec_of(args)
    if args.show_spec or args.format == "json":
        return out(_spec_json(spec) if args.format == "json" else show_spec(spec))
    if args.ir or args.after or args.milp:
        return out(_show_model(spec, data_of(args, spec), args))
    return out(effective(spec))


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
            kept = {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.compare}
            return {"kind": type(value).__name__, **kept}
        return [plain(item) for item in value] if isinstance(value, tuple) else value

    return json.dumps(plain(spec), indent=2, ensure_ascii=False)
