"""`bdnnc report`: what runs came to, on the terminal or as one HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, cannot_write, out, refuse_overwriting, remark
from bdnnlang.compiler import CannotRead
from bdnnlang.files import write_text


def report(args: Args) -> Exit:
    if args.html is not None:
        return _write(args.runs, args.html)
    if len(args.runs) == 1:
        from bdnnlang.folder.contents import read_report

        return out(f"{read_report(args.runs[0])}\nrun folder: {args.runs[0]}")
    from bdnnlang.folder.reported import reported
    from bdnnlang.report.stated.side_by_side import side_by_side_lines

    return out("\n".join(side_by_side_lines([reported(folder, str(folder)) for folder in args.runs])))


def _write(folders: Sequence[Path], place: Path) -> Exit:
    """All runs on one page."""
    from bdnnlang.folder.reported import reported
    from bdnnlang.report.html.page import page

    if (refused := refuse_overwriting(place, [file for folder in folders for file in folder.glob("*")])) is not None:
        return refused
    runs = [reported(folder, str(folder)) for folder in folders]
    try:
        text = page(runs)
    except ValueError as error:
        raise CannotRead(f"a network is damaged: {error}") from None
    try:
        write_text(place, text)
    except OSError as error:
        return cannot_write(place, error)
    remark(f"wrote {place}")
    return Exit.OK


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("runs", metavar="RUN", nargs="+", type=Path, help="run folders")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write one self-contained page, which needs no script")


VERB = Verb(_add_arguments, report)
