"""`bdnnc export`: the network of a run in whole numbers, in any form that leaves the tool."""

from __future__ import annotations

import argparse
import importlib.util
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.cli.arguments import Args, Parser, Verb, add_run, whole
from bdnnlang.cli.shared import Exit, cannot_write, fail, out, remark
from bdnnlang.device.c.choice import Optimise, Style
from bdnnlang.device.formats import FORMS
from bdnnlang.folder.contents import read_run

if TYPE_CHECKING:
    from bdnnlang.device.formats.form import Exported
    from bdnnlang.device.readings import Declared

STDOUT = "-"
INPUTS = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "int64")


def export(args: Args) -> Exit:
    from bdnnlang.device.export import TooWide, exported
    from bdnnlang.device.formats import form_of
    from bdnnlang.device.readings import CannotDeclare
    from bdnnlang.device.rounding import TooFewBits
    from bdnnlang.folder.data import table_of

    run, form = read_run(args.run), form_of(args.format)
    if form.library and importlib.util.find_spec(form.library) is None:
        return fail(f"`--format {args.format}` needs a library: pip install {form.library}", Exit.ENVIRONMENT)
    file = replace(run.trusted(), preprocessing=run.recipe().to_json())
    table, why_not = table_of(run, args.data)
    if table is None:
        remark(f"{why_not}: units are those of the numbers in network.json, and no row is counted")
    try:
        found = exported(
            file,
            form,
            name=args.name or Path(run.stated.spec.path).stem,
            sha256=run.stated.result.network_sha256 or "",
            declared=_declared(args),
            table=table,
            bits=args.round,
        )
        found = replace(found, style=Style(args.style), optimise=Optimise(args.optimise))
        written = form.files(found)
    except (CannotDeclare, TooFewBits, TooWide) as error:
        return fail(f"cannot export {args.run}: {error}", Exit.USAGE)
    _tell(found, args)
    return _write(written, found.name, args)


def _declared(args: Args) -> Declared:
    from bdnnlang.device.readings import Declared, InputType

    inputs = None if args.inputs is None else InputType(args.inputs)
    return Declared(inputs, dict(args.range), dict(args.unit), args.levels)


def _tell(found: Exported, args: Args) -> None:
    """What the network takes, and what of it was not declared."""
    from bdnnlang.device.readings import smallest_type
    from bdnnlang.device.simplify import live_weights
    from bdnnlang.device.width import widths

    network = found.network
    layers = ", ".join(str(max(bits)) for bits in widths(network))
    weights = f"{live_weights(network)} weights, {found.trained_weights} before it was simplified"
    remark(f"{len(network.readings)} columns, {weights}; bits of the sums, layer by layer: {layers}")
    if FORMS[args.format].startswith("bdnnlang.device.c."):
        from bdnnlang.device.size.prediction import predicted_flash

        size = predicted_flash(network, found.style, found.optimise)
        remark("bytes of flash on AVR: not known for such code" if size is None else f"about {size} bytes of flash on AVR")
    declared = _declared(args)
    open_ = [one for one in network.readings if declared.range_of(one.column) is None and not one.categories]
    if open_ and args.inputs is None and not args.levels:
        kinds = dict.fromkeys(kind.value for one in open_ if (kind := smallest_type(one.lower, one.upper)))
        remark(
            f"no range is declared of {len(open_)} columns: they have that of the type that holds the data, {', '.join(kinds)}"
        )
    if found.rounding is not None:
        for line in found.rounding.lines():
            remark(line)


def _write(files: Mapping[str, bytes], name: str, args: Args) -> Exit:
    """One file, or a folder of files; nothing is replaced unless with `--force`."""
    place = args.file or _usual_place(list(files.values()), name)
    if place == STDOUT:
        return _print(list(files.values()), args)
    from bdnnlang.device.export import write

    try:
        paths = write(files, Path(place), force=args.force)
    except FileExistsError as error:
        return fail(f"{error.filename} is there already, and stays: name another place, or use `--force`", Exit.USAGE)
    except OSError as error:
        return cannot_write(error.filename or place, error)
    remark(f"wrote {', '.join(map(str, paths))}")
    return Exit.OK


def _usual_place(contents: Sequence[bytes], name: str) -> str:
    """Of several files a folder with the network's name, of one that is no text the working folder."""
    if len(contents) > 1:
        return name
    return "." if b"\0" in contents[0] else STDOUT


def _print(contents: Sequence[bytes], args: Args) -> Exit:
    if len(contents) > 1:
        return fail(f"`--format {args.format}` makes several files: name their folder with `-o`", Exit.USAGE)
    if b"\0" in contents[0]:
        return fail(f"`--format {args.format}` is no text: name a file with `-o`", Exit.USAGE)
    return out(contents[0].decode())


NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,3})?"


def _range(text: str) -> tuple[str, tuple[Fraction, Fraction]]:
    """`COL=LOW..HIGH`, in the units of the column."""
    match = re.fullmatch(rf"(.+)=({NUMBER})\.\.({NUMBER})", text, re.DOTALL | re.ASCII)
    if match is None or Fraction(match[2]) > Fraction(match[3]):
        raise argparse.ArgumentTypeError(f"`{text}` is not a range such as age=0..120")
    return match[1], (Fraction(match[2]), Fraction(match[3]))


def _unit(text: str) -> tuple[str, Fraction]:
    """`COL=UNIT`."""
    match = re.fullmatch(rf"(.+)=({NUMBER}|[0-9]+/[1-9][0-9]*)", text, re.DOTALL | re.ASCII)
    if match is None or Fraction(match[2]) <= 0:
        raise argparse.ArgumentTypeError(f"`{text}` is not a unit such as temperature=0.1 or volts=5/1023")
    return match[1], Fraction(match[2])


def _add_arguments(parser: Parser) -> None:
    add_run(parser)
    parser.add_argument("--format", choices=tuple(FORMS), required=True, help="the form in which the network leaves")
    parser.add_argument(
        "-o",
        dest="file",
        metavar="PLACE",
        help="a file, or a folder for several; -: standard output (default: - for a text, a folder NAME for several files)",
    )
    parser.add_argument("--force", action="store_true", help="replace files that are there")
    parser.add_argument("--name", help="of the network in the files (default: that of the spec)")
    parser.add_argument("--inputs", choices=INPUTS, help="the type of what the device reads: any of its numbers may come")
    parser.add_argument(
        "--range",
        type=_range,
        action="append",
        default=[],
        metavar="COL=LOW..HIGH",
        help="what a column can be, in its units; *: all others",
    )
    parser.add_argument(
        "--unit",
        type=_unit,
        action="append",
        default=[],
        metavar="COL=UNIT",
        help="what 1 stands for (default: its last decimal)",
    )
    parser.add_argument("--levels", action="store_true", help="columns of `quantize` are read as their levels")
    parser.add_argument("--round", type=whole(2), metavar="BITS", help="rows in so many bits; where that may differ is proved")
    _add_c_arguments(parser)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="where the data are, if not beside the run folder or in it")


def _add_c_arguments(parser: Parser) -> None:
    styles, aims = [style.value for style in Style], [aim.value for aim in Optimise]
    parser.add_argument(
        "--style",
        choices=styles,
        default="auto",
        help="of C: comparisons one after another, lists of inputs, or masks of all inputs (default: auto, by size)",
    )
    parser.add_argument("--optimise", choices=aims, default="bytes", help="of C: what is kept small (default: bytes)")


VERB = Verb(_add_arguments, export)
