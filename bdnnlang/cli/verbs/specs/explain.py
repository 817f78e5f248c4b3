"""`bdnnc explain`: a page on a diagnostic or a setting."""

from __future__ import annotations

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, fail, out


def explain(args: Args) -> Exit:
    from bdnnlang.catalogue import catalogue
    from bdnnlang.language.explain import explain as page
    from bdnnlang.language.explain import index, suggestions

    text = page(args.topic, catalogue()) if args.topic else index(catalogue())
    if text is not None:
        return out(text)
    near = " or ".join(f"`{name}`" for name in suggestions(args.topic, catalogue()))
    return fail(f"there is no page on `{args.topic}`" + (f"; did you mean {near}?" if near else ""), Exit.USAGE)


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("topic", metavar="CODE|PATH", nargs="?")


VERB = Verb(_add_arguments, explain)
