"""`bdnnc versions`: the version of bdnnlang and of what it rests on."""

from __future__ import annotations

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, out


def versions(args: Args) -> Exit:
    from importlib.metadata import version

    names = ("bdnnlang", "lark", "numpy", "scikit-learn", "pyscipopt", "rich")
    return out("\n".join(f"{name:13}{version(name)}" for name in names))


def _add_arguments(parser: Parser) -> None:
    """None of its own."""


VERB = Verb("versions", "the version of bdnnlang and of what it rests on", _add_arguments, versions)
