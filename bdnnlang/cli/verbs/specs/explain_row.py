"""`bdnnc explain-row`: a row or column of a model, by the name that it has in the file."""

from __future__ import annotations

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args, Parser, Verb, add_formulation, add_spec
from bdnnlang.cli.shared import Exit, data_of, fail, out, spec_of


def explain_row(args: Args) -> Exit:
    from bdnnlang.model.explanation.page import Explainer, NoSuchName

    spec = spec_of(args)
    training, model = compiler.plain_model(spec, data_of(args, spec))
    try:
        return out(Explainer(training, model).page(args.name))
    except NoSuchName as missing:
        meant = f"; did you mean `{missing.suggestion}`?" if missing.suggestion else ""
        return fail(f"the model has no row and no column `{args.name}`{meant}", Exit.USAGE)


def _add_arguments(parser: Parser) -> None:
    add_spec(parser)
    parser.add_argument("name", metavar="NAME", help="of a row or column, as `bdnnc compile` writes it: on1_17_3, u1_17_3")
    add_formulation(parser)


VERB = Verb(_add_arguments, explain_row)
