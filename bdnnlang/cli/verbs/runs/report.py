"""`bdnnc report`: what runs and sweeps came to, on the terminal or as one HTML file."""

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
        return out(_printed(args.runs[0]))
    from bdnnlang.report.stated.side_by_side import side_by_side_lines
    from bdnnlang.sweep.reported import runs_in

    return out("\n".join(side_by_side_lines([run for folder in args.runs for run in runs_in(folder)])))


def _printed(folder: Path) -> str:
    """The report of a run or a sweep as it was printed."""
    from bdnnlang.folder.contents import read_report
    from bdnnlang.sweep.folder import is_sweep

    return f"{read_report(folder)}\n{'sweep' if is_sweep(folder) else 'run'} folder: {folder}"


def _write(folders: Sequence[Path], place: Path) -> Exit:
    """All of it on one page."""
    inputs = [file for folder in folders for file in folder.rglob("*")]
    if (refused := refuse_overwriting(place, inputs)) is not None:
        return refused
    try:
        text = _page(folders)
    except ValueError as error:
        raise CannotRead(f"a network is damaged: {error}") from None
    try:
        write_text(place, text)
    except OSError as error:
        return cannot_write(place, error)
    remark(f"wrote {place}")
    return Exit.OK


def _page(folders: Sequence[Path]) -> str:
    """That of a sweep alone has its tables; of several folders every run is on it."""
    from bdnnlang.report.html.page import page
    from bdnnlang.sweep.folder import is_sweep
    from bdnnlang.sweep.reported import runs_in, sweep_html

    if len(folders) == 1 and is_sweep(folders[0]):
        return sweep_html(folders[0])
    runs = [run for folder in folders for run in runs_in(folder)]
    if not runs:
        raise CannotRead("no run there has ended")
    return page(runs)


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("runs", metavar="RUN", nargs="+", type=Path, help="run folders, and folders of sweeps")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write one self-contained page, which needs no script")


VERB = Verb(_add_arguments, report)
