"""`bdnnc predict`: classes for new rows."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.cli.arguments import Args, Parser, Verb, add_run
from bdnnlang.cli.shared import Exit, refuse_overwriting, remark, say, show_diagnostics, write_lines
from bdnnlang.compiler import reader_of
from bdnnlang.diagnostics import Rejected
from bdnnlang.folder.contents import RunFolder, read_run
from bdnnlang.folder.storage import FILES
from bdnnlang.language.load import load
from bdnnlang.language.spec import Csv
from bdnnlang.source import Source

if TYPE_CHECKING:
    from fractions import Fraction

    from bdnnlang.arrays import Ints
    from bdnnlang.data.new_rows import NewRows

STDIN = "-"


def predict(args: Args) -> Exit:
    inputs = [args.run / name for name in FILES] + ([Path(args.csv)] if args.csv != STDIN else [])
    if (refused := refuse_overwriting(args.file, inputs)) is not None:
        return refused
    run = read_run(args.run)
    with _file(args.csv) as (path, name):
        return _predict(run, path, name, args)


def _predict(run: RunFolder, path: Path, name: str, args: Args) -> Exit:
    from bdnnlang.data.new_rows import load_rows
    from bdnnlang.network.exact import activations, output_scores
    from bdnnlang.network.losses import classify

    file = run.trusted()
    rows = load_rows(path, run.recipe(), _reading(run), name)
    titles, columns = _kept_columns(rows, args.keep) if args.keep else ([], [])
    network = file.network
    layers = activations(network, rows)
    classes = classify(layers[-1])
    _tell(rows, classes, file.classes, args)
    lines: list[list[str]] = [[*titles, _unused_title("class", titles)]]
    lines[0] += _score_titles(file.classes, network.widths[-1]) if args.scores else []
    scores = output_scores(network, rows, layers) if args.scores else None
    for i, place in enumerate(classes.tolist()):
        line = [*(columns[i] if columns else []), file.classes[place]]
        lines.append(line + [_number(score) for score in scores[i]] if scores else line)
    return write_lines([_csv(lines)], args.file)


@contextmanager
def _file(name: str) -> Iterator[tuple[Path, str]]:
    """The file of new rows and what it is called; standard input becomes a file, which can be read twice."""
    if name != STDIN:
        yield Path(name), Path(name).name
        return
    import tempfile

    with tempfile.NamedTemporaryFile(prefix="bdnnc-", suffix=".csv") as file:
        from bdnnlang.data.text.files import MAX_BYTES

        file.write(sys.stdin.buffer.read(MAX_BYTES + 1))
        file.flush()
        yield Path(file.name), "standard input"


def _reading(run: RunFolder) -> Csv | None:
    """How the training file was read, which holds for new rows as well."""
    spec, _ = load(Source(str(run.path / "spec.bdnn"), run.spec_text), read=reader_of(run.path))
    return spec.data.source if isinstance(spec.data.source, Csv) else None


def _tell(rows: NewRows, classes: Ints, names: tuple[str, ...], args: Args) -> None:
    """Warnings about the rows, and how many classes are right where the file has them. Raises Rejected if `--strict`."""
    from bdnnlang.data.diagnosis.oddities import unknown_labels
    from bdnnlang.data.target import labels_among
    from bdnnlang.problem.class_scores import confusion
    from bdnnlang.report.confusion import confusion_lines

    target = rows.target
    warnings = [*rows.warnings, *(unknown_labels(rows.table, target, names) if target else ())]
    if warnings and args.strict:
        raise Rejected(warnings)
    show_diagnostics(warnings, args)
    true = labels_among(target, names) if target else classes[:0]
    known = true >= 0
    if args.diagnostics != "full" or not known.any():
        return
    matrix = confusion(classes[known], true[known], len(names))
    of = f"{matrix.right:,} of {int(known.sum()):,} rows with a class"
    remark(f"accuracy {100 * matrix.accuracy:.1f} %, {of} in column `{rows.recipe.target}`")
    say("\n".join(confusion_lines("rows", matrix, names)))


def _kept_columns(rows: NewRows, keep: str) -> tuple[list[str], list[list[str]]]:
    """Titles and cells of the columns to keep."""
    import csv

    from bdnnlang.data.diagnosis.errors import NoSuchColumn
    from bdnnlang.data.table import Names, closest, listed

    titles = rows.titles
    if keep == "all":
        return titles, rows.cells(range(len(titles)))
    names = next(csv.reader([keep]))
    index = Names(titles)
    places = [index.find(name.strip()) for name in names]
    missing = [name for name, place in zip(names, places, strict=True) if place is None]
    if missing:
        file, what = f"`{rows.reader.file}`", "column"
        raise Rejected(
            NoSuchColumn(source=file, what=what, name=name, columns=listed(titles), suggestion=closest(name, titles))
            for name in missing
        )
    known = [place for place in places if place is not None]
    return [titles[place] for place in known], rows.cells(known)


def _unused_title(name: str, taken_names: Sequence[str]) -> str:
    """A title that no kept column has."""
    return name if name not in taken_names else _unused_title(f"predicted_{name}", taken_names)


def _score_titles(classes: tuple[str, ...], outputs: int) -> list[str]:
    return ["score"] if outputs == 1 else [f"score_{name}" for name in classes]


def _number(score: Fraction) -> str:
    """Its decimal, or the nearest float's where there is none or a long one."""
    from bdnnlang.data.exact import decimal, is_decimal

    exactly = decimal(score) if is_decimal(score) else ""
    return exactly if 0 < len(exactly) <= 20 else repr(float(score))


def _csv(lines: list[list[str]]) -> str:
    return "\n".join(map(_row, lines))


def _row(cells: list[str]) -> str:
    """One row; written with both line endings, so that a cell with either of them is quoted."""
    import csv

    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n")


def _add_arguments(parser: Parser) -> None:
    add_run(parser)
    parser.add_argument("csv", metavar="CSV", help="a file of new rows, or - for standard input")
    parser.add_argument("-o", dest="file", default="-", metavar="FILE")
    parser.add_argument("--keep", metavar="NAMES", help="input columns to write before the class, as id,name; or all")
    parser.add_argument("--scores", action="store_true", help="also write what each output neuron compares with 0")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")


VERB = Verb(_add_arguments, predict)
