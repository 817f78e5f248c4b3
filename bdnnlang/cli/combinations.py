"""Flags that have nothing to do with each other: refused, rather than one of them ignored."""

from __future__ import annotations

from pathlib import Path

from bdnnlang.cli.arguments import Args


def refused(args: Args) -> str | None:
    """Why a command line makes no sense; None if it does."""
    match args.verb:
        case "show":
            return _show(args)
        case "compile":
            return _compile(args)
        case "bench":
            return _bench(args)
        case _:
            return None


def _show(args: Args) -> str | None:
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


def _compile(args: Args) -> str | None:
    name = Path(args.file.removesuffix(".gz")).suffix.removeprefix(".")
    form = args.to or name
    if args.to and name in ("mps", "lp", "cip") and name != args.to:
        return f"`--to {args.to}` contradicts the name `{args.file}`"
    if args.ranges and form in ("lp", "cip"):
        return "`--ranges` belongs to MPS files"
    return None


def _bench(args: Args) -> str | None:
    if args.json == Path("-") and args.format == "markdown":
        return "`--json -` and `--format markdown` both write standard output: name a file"
    return None
