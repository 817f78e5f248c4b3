"""`bdnnc fmt`: specs in their canonical layout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, begin_file, cannot_read, cannot_write, fail, remark, show_diagnostics
from bdnnlang.compiler import CannotRead
from bdnnlang.files import replacing
from bdnnlang.language.format.canonical import formatted
from bdnnlang.source import Source

SUFFIX = ".bdnn"
OF_A_RUN = "run.json"  # beside the spec of a run, which is a record and stays as it is


def fmt(args: Args) -> Exit:
    """Every file is formatted, whatever is wrong with the others."""
    if args.specs.count(Path(compiler.STANDARD_INPUT)) > 1:
        return fail("standard input can be read once only", Exit.USAGE)
    codes = [_format_named(path, args) for path in dict.fromkeys(args.specs)]
    return max(codes)


def _format_named(path: Path, args: Args) -> Exit:
    """A file, or all specs in a folder."""
    if not path.is_dir():
        return _format(path, args)
    found = sorted(_specs_in(path))
    if not found:
        return fail(f"there is no {SUFFIX} file in {path}", Exit.USAGE)
    return max(_format(inner, args) for inner in found)


def _specs_in(folder: Path) -> Iterator[Path]:
    """Hidden folders are left out, and so are run folders."""
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        if OF_A_RUN not in files:
            yield from (Path(place, name) for name in files if name.endswith(SUFFIX))


def _format(path: Path, args: Args) -> Exit:
    begin_file(path, args)
    try:
        source = compiler.read_source(path)
    except CannotRead as error:
        return cannot_read(error)
    result = formatted(source)
    show_diagnostics(result.diagnostics, args)
    if result.text is None:
        return Exit.REJECTED
    is_changed = result.text != source.text
    if args.diff and is_changed:
        _print(_difference(source, result.text))
    if args.diff or args.check:
        return _would_change(path) if is_changed else Exit.OK
    if str(path) == compiler.STANDARD_INPUT:
        _print(result.text)
        return Exit.OK
    return _replace(path, result.text) if is_changed else Exit.OK


def _would_change(path: Path) -> Exit:
    remark(f"{path}: not in canonical layout")
    return Exit.REJECTED


def _replace(path: Path, text: str) -> Exit:
    try:
        with replacing(path) as stream:
            stream.write(text.encode())
    except OSError as error:
        return cannot_write(path, error)
    remark(f"{path}: formatted")
    return Exit.OK


def _difference(source: Source, text: str) -> str:
    """As `diff -u` writes it."""
    from difflib import unified_diff

    lines = unified_diff(_lines(source.text), _lines(text), source.path, source.path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> Sequence[str]:
    """With their ends; only a newline ends one."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [text.rpartition("\n")[2]] * (not text.endswith("\n"))


def _print(text: str) -> None:
    """On standard output, every line end as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("specs", metavar="SPEC", nargs="+", type=Path, help="a spec, or a folder of them; - for standard input")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if a file would change")
    parser.add_argument("--diff", action="store_true", help="the same, and print what would change")


VERB = Verb(_add_arguments, fmt)
