"""`bdnnc new`: a commented spec to begin with, from a template or for a csv file. No file is ever replaced."""

from __future__ import annotations

import os
from pathlib import Path

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, cannot_write, fail, out, remark

PRINT = "-"  # in place of a name: standard output
SUFFIX = ".bdnn"


def new(args: Args) -> Exit:
    from bdnnlang.proposal.template import Template, template_text

    place = _place(args)
    if place is not None and os.path.lexists(place):
        return _is_there(place)
    if args.table is None:
        text = template_text(Template(args.template or Template.EXACT))
    else:
        folder = Path() if place is None else place.parent
        if (file := _inside(args.table, folder)) is None:
            where = "the current folder" if place is None else f"the folder of {place}"
            return fail(f"{args.table} is not in {where} or below, where a spec can name it", Exit.USAGE)
        from bdnnlang.proposal.spec_text import proposed_spec

        text = proposed_spec(folder, file)
    return out(text) if place is None else _write(place, text)


def _place(args: Args) -> Path | None:
    """The file to write; None: standard output. Beside a csv file and called as it is, if nothing else is said."""
    if args.name == PRINT:
        return None
    if args.name is None:
        return Path(args.table).with_suffix(SUFFIX)
    return Path(args.name if args.name.endswith(SUFFIX) else f"{args.name}{SUFFIX}")


def _inside(table: Path, folder: Path) -> str | None:
    """The path of a csv file as a spec in `folder` names it."""
    try:
        return table.resolve().relative_to(folder.resolve()).as_posix()
    except (OSError, RuntimeError, ValueError):
        return None


def _write(place: Path, text: str) -> Exit:
    try:
        with place.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return _is_there(place)
    except OSError as error:
        return cannot_write(place, error)
    remark(f"wrote {place}: `bdnnc check {place}` shows what its data hold, `bdnnc run {place}` trains")
    return Exit.OK


def _is_there(place: Path) -> Exit:
    return fail(f"{place} is there already, and stays: give another name, or `-` to print the spec", Exit.REJECTED)


def _add_arguments(parser: Parser) -> None:
    from bdnnlang.proposal.template import Template

    parser.add_argument("name", metavar="NAME", nargs="?", help="of the spec, with or without .bdnn; - for standard output")
    parser.add_argument("--template", choices=tuple(Template), help="what it is an example of (default: exact)")
    parser.add_argument(
        "--from",
        dest="table",
        type=Path,
        metavar="CSV",
        help="a spec for this table: columns, target, what to drop, gaps, scaling and sizes proposed, each with its reason",
    )


def _contradiction(args: Args) -> str | None:
    if args.table is not None and args.template is not None:
        return "`--from` proposes a spec for a table: it takes no `--template`"
    if args.table is None and args.name is None:
        return "name the spec, as in `bdnnc new first`"
    return None


VERB = Verb(_add_arguments, new, _contradiction)
