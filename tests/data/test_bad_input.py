"""Every way a csv file can be wrong: one clear error with a place in the spec, a line of the file and a hint."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bdnnlang.data import table as tables
from bdnnlang.data.diagnosis import errors, warnings
from bdnnlang.data.load import load
from bdnnlang.diagnostics import Diagnostic, Rejected, registered
from bdnnlang.language.load import load as load_spec
from bdnnlang.language.spec import Column, Csv, DataSpec, Drop, Impute, Label, OneHot, Random, Sample
from bdnnlang.source import Source, Span

from .conftest import Loader, Refuser, span_of
from .csv_files import FILES, PLAIN, write_files

ROWS = [f"{i},{i * 0.1:.1f},{i % 2}" for i in range(12)]


def table(*rows: str, header: str = "a,b,y") -> str:
    return "\n".join([header, *rows, ""])


def with_row(row: str) -> str:
    """A good table whose sixth line is `row`."""
    return table(*ROWS[:4], row, *ROWS[5:])


def front_end(text: str) -> DataSpec:
    def read(path: str, span: Span) -> Source:
        raise OSError(path)

    return load_spec(Source("t.bdnn", text), read=read)[0].data


PAGES = (*registered(errors.__name__), *registered(warnings.__name__))


@pytest.mark.parametrize("error", PAGES, ids=lambda error: error.code)
def test_the_pages_are_right(error: type[Diagnostic], tmp_path: Path) -> None:
    write_files(tmp_path)
    assert not load(front_end(error.good), tmp_path).warnings
    try:
        found = load(front_end(error.bad), tmp_path).warnings
    except Rejected as rejected:
        found = rejected.diagnostics
    assert {type(d) for d in found} == {error}
    assert all(d.span for d in found)


def test_the_pages_need_no_numpy() -> None:
    code = "import sys, bdnnlang.data.diagnosis.warnings; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_pages_are_complete() -> None:
    for error in PAGES:
        assert error.bad.startswith("bdnn 1\n")
        assert error.good != error.bad
        assert error.why


@pytest.mark.parametrize(
    ("row", "code", "message", "hint"),
    [
        ("4,abc,0", "E209", "line 6 of `t.csv`, column `b`: `abc` is not a number", "onehot"),
        ("4,1_000,0", "E209", "column `b`: `1_000` is not a number", "onehot"),
        ('4,"1,5",0', "E209", "column `b`: `1,5` is not a number", 'write `decimal = ","`'),
        ("4,inf,0", "E209", "line 6 of `t.csv`, column `b`: `inf` is not a finite number", "finite"),
        ("4,-1e400,0", "E209", "`-1e400` is not between 1e-100 and 1e100 in size", "other units"),
        ("4,1e200,0", "E209", "`1e+200` is not between 1e-100 and 1e100 in size", "other units"),
        ("4,1e-200,0", "E209", "`1e-200` is not between 1e-100 and 1e100 in size", "other units"),
        ("4,nan,0", "E209", "line 6 of `t.csv`, column `b`: the value is missing", "impute median"),
        ("4,,0", "E209", "line 6 of `t.csv`, column `b`: the value is missing", "impute median"),
        ("4, NA ,0", "E209", "column `b`: the value is missing", "impute median"),
        ("4,?,0", "E209", "column `b`: the value is missing", "impute median"),
        ("4,1,", "E209", "line 6 of `t.csv`, column `y`: the class is missing", "remove the row"),
        ("4,0", "E213", "line 6 of `t.csv` has 2 values, where 3 are expected", "delimiter"),
        ("4,0,1,1", "E213", "line 6 of `t.csv` has 4 values, where 3 are expected", "delimiter"),
        ('4,"0"x,1', "E211", "line 6: ',' expected after '\"'", "quotes"),
        ('4,"0,1', "E211", "unexpected end of data", "quotes"),
        ("4," + "x" * 200_000 + ",1", "E211", "line 6: field larger than field limit", "quotes"),
        ("4,\0,1", "E211", "line 6 contains a NUL byte", "UTF-8"),
    ],
)
def test_bad_row(refuse_csv: Refuser, row: str, code: str, message: str, hint: str) -> None:
    (diagnostic,) = refuse_csv(with_row(row))
    assert diagnostic.code == code
    assert message in diagnostic.message
    assert hint in diagnostic.hint
    assert diagnostic.span is not None
    assert diagnostic.span.first == (2, 6)


@pytest.mark.parametrize(
    ("text", "code", "message", "hint"),
    [
        ("", "E211", "it is empty", "line per sample"),
        ("\n\n  \n", "E211", "it is empty", "line per sample"),
        ("a,b,y\n", "E211", "it has a header, but no rows", "line per sample"),
        (b"\xff\xfea\x00,\x00b\x00\n\x00", "E211", "NUL byte", "UTF-8"),
        ("a,b,y\n1,2,é\n".encode("latin-1"), "E211", "line 2 is not UTF-8 (byte 5)", "UTF-8"),
        (b"\x1f\x8b\x08\0", "E211", "it is compressed", "unpack"),
        (b"PK\x03\x04\0", "E211", "it is compressed", "spreadsheet"),
        ("a,a,y\n1,2,3\n", "E214", "names two columns `a`", "rename"),
        (FILES["unclear.csv"], "E214", "may name the columns, or be a sample", "`header = true` or `header = false`"),
        (FILES["semicolons.csv"], "E223", "only one column when it is split at `,`", 'delimiter = ";"'),
        ("a\ty\n1\t0\n", "E223", "only one column", r'delimiter = "\t"'),
        ("y\n1\n0\n", "E223", "only one column", "column for the target"),
        (table("1,2,0", "2,1,0", "3,3,0"), "E206", "`0` is the only class", "two classes"),
        (table(*ROWS, "1,2,2"), "E206", "class `2` has 1 row, but 2 are needed", "more rows"),
        (table(*(f"{i},1,{i}.5" for i in range(60))), "E215", "60 different values in 60 rows", "classes"),
        (table(*(f"{i},1,{i}" for i in range(5))), "E215", "5 different values in 5 rows", "classes"),
        (FILES["names.csv"], "E217", "column `name` has 1100 different values", "drop [name]"),
    ],
)
def test_bad_file(refuse_csv: Refuser, text: str | bytes, code: str, message: str, hint: str) -> None:
    (diagnostic,) = refuse_csv(text)
    assert diagnostic.code == code
    assert message in diagnostic.message
    assert hint in diagnostic.hint


def test_several_mistakes_are_told_at_once(refuse_csv: Refuser) -> None:
    text = table("1,x,0", "y,2,1", "3,inf,0", ",4,1", *ROWS)
    found = refuse_csv(text, steps=(Drop((Column("zz", span=span_of("test")),)),))
    assert sorted(d.code for d in found) == ["E201", "E209", "E209", "E209", "E209"]


def test_more_bad_cells_of_a_kind_are_counted(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv(table("1,x,0", "2,y,1", "3,z,1", *ROWS))
    assert "line 2 of `t.csv`, column `b`: `x` is not a number, and in 2 more lines" in diagnostic.message


def test_ragged_rows_are_told_once_for_each_width(refuse_csv: Refuser) -> None:
    short, long = refuse_csv(table(*["1,2,0"] * 60, *["1,2"] * 50, "1,2,3,4", "1,2"))
    assert short.message == "line 62 of `t.csv` has 2 values, where 3 are expected, and in 50 more lines"
    assert long.message == "line 112 of `t.csv` has 4 values, where 3 are expected"
    assert len(refuse_csv(table(*["1,2,0"] * 60, *(",".join("1" * n) for n in range(4, 40))))) == 10


def test_lines_are_those_of_the_file(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv('a,b,y\n\n"1\n",2,0\n2,x,1\n' + "\n".join(ROWS))
    assert "line 5 of" in diagnostic.message


def test_a_header_where_none_is_expected(refuse_csv: Refuser) -> None:
    found = refuse_csv(table(*ROWS), header=False)
    assert {d.hint for d in found} == {"if the first line names the columns, write `header = true`"}


def test_text_column_with_decimal_commas(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv("a;b;y\n" + "".join(f"{i};{i},5;{i % 2}\n" for i in range(8)), delimiter=";")
    assert diagnostic.hint == 'write `decimal = ","`'


@pytest.mark.parametrize("delimiter", ["ab", "\n", '"', ""])
def test_bad_delimiter(refuse_csv: Refuser, delimiter: str) -> None:
    (diagnostic,) = refuse_csv(PLAIN, delimiter=delimiter)
    assert diagnostic.code == "E211"


def test_misspelt_names(refuse_csv: Refuser) -> None:
    place = span_of("25%")
    (target,) = refuse_csv(PLAIN, target=Column("Y2", span=place))
    assert (target.code, target.hint) == ("E201", "did you mean `y`?")
    assert target.span == place
    (step,) = refuse_csv(PLAIN, steps=(OneHot((Column("color", span=place),)),))
    assert (step.code, step.hint) == ("E201", "did you mean `colour`?")
    (number,) = refuse_csv(PLAIN, target=Column(9, span=place))
    assert "the columns are `a`, `b`, `colour`, `y`" in number.hint
    (dropped,) = refuse_csv(PLAIN, steps=(Drop((Column("y", span=place),)),))
    assert "no feature column `y`" in dropped.message
    (late,) = refuse_csv(PLAIN, steps=(Drop((Column("a"),)), OneHot((Column("a", span=place),))))
    assert late.code == "E201"


def test_bad_classes(refuse_csv: Refuser) -> None:
    one, two = span_of("test"), span_of("25%")
    steps = (Drop((Column("y"),)),)
    settings = {"target": Column("colour"), "steps": steps}
    (unknown,) = refuse_csv(PLAIN, classes=(Label("red"), Label("gren", span=one)), **settings)
    assert (unknown.code, unknown.hint, unknown.span) == ("E212", "did you mean `green`?", one)
    (twice,) = refuse_csv(PLAIN, classes=(Label("red", span=one), Label("blue"), Label("red", span=two)), **settings)
    assert (twice.code, twice.span, twice.second) == ("E221", two, one)
    (single,) = refuse_csv(PLAIN, classes=(Label("red", span=one),), **settings)
    assert single.code == "E206"


def test_too_few_rows_for_the_parts(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv(table(*ROWS, "1,2,2", "2,2,2"), validation=0.2)
    assert "class `2` has 2 rows, but 3 are needed" in diagnostic.message
    assert "one for each part (training, validation, test)" in diagnostic.message


def test_sample_larger_than_the_data(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv(PLAIN, steps=(Sample(13, span=span_of("25%")),))
    assert diagnostic.code == "E216"
    assert "cannot sample 13 rows out of 12" in diagnostic.message


def test_nothing_left(refuse_csv: Refuser) -> None:
    drop = Drop((Column("a"), Column("b"), Column("colour")), span=span_of("25%"))
    (diagnostic,) = refuse_csv(PLAIN, steps=(drop,))
    assert diagnostic.code == "E220"


def test_column_without_a_training_value(refuse_csv: Refuser) -> None:
    text = table(*(f"{i},?,{i % 2}" for i in range(12)))
    (diagnostic,) = refuse_csv(text, steps=(Impute("median"),))
    assert "as in all training rows" in diagnostic.message
    assert diagnostic.hint == "write `drop [b]`"


def refused(folder: Path, path: str) -> str:
    with pytest.raises(Rejected) as caught:
        load(DataSpec(Csv(path, span=span_of('csv("t.csv")'))), folder)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "E211"
    assert diagnostic.span is not None
    return f"{diagnostic.message} | {diagnostic.hint}"


def test_paths_outside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(PLAIN)
    folder = tmp_path / "spec"
    (folder / "sub").mkdir(parents=True)
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "up").symlink_to(tmp_path)
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    assert "leads out of the folder" in refused(folder, "../secret.csv")
    assert "leads out of the folder" in refused(folder, "sub/../../secret.csv")
    assert "leads out of the folder" in refused(folder, "..\\secret.csv")
    assert "a link leads out" in refused(folder, "link.csv")
    assert "a link leads out" in refused(folder, "up/secret.csv")
    assert "the path is absolute" in refused(folder, str(tmp_path / "secret.csv"))
    assert "the path is absolute" in refused(folder, "C:\\secret.csv")
    refused(folder, "loop.csv")
    refused(folder, "a\0b")
    refused(folder, "x" * 5000)


def test_files_that_are_not_tables(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "dir.csv").mkdir()
    with (tmp_path / "large.csv").open("wb") as stream:
        stream.truncate(2_000_000_000)
    (tmp_path / "heart.csv").write_text(PLAIN)
    assert "not a regular file" in refused(tmp_path, "pipe.csv")
    assert "it is a folder" in refused(tmp_path, "dir.csv")
    assert "it has 2000 MB" in refused(tmp_path, "large.csv")
    assert "there is no such file | did you mean `heart.csv`?" in refused(tmp_path, "haert.csv")
    assert "there is no such file | paths are relative" in refused(tmp_path, "nowhere/z")
    assert "an absolute" not in refused(tmp_path, "heart.csv/x")


def test_a_link_within_the_folder_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text(PLAIN)
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert load(DataSpec(Csv("link.csv")), tmp_path).rows == 12


def test_a_file_of_one_long_line(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"1" * 20_000_000)
    assert "line 1 is longer than 10 MB" in refused(tmp_path, "t.csv")


def test_too_many_values_are_refused_in_time(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,c,d,e,f,g,h,i,y\n" + "1,2,3,4,5,6,7,8,9,0\n" * 230_000)
    start = time.process_time()  # of this process: others may be busy
    with pytest.raises(Rejected, match="E222"):
        load(DataSpec(Csv("t.csv")), tmp_path)
    assert time.process_time() - start < 4  # two seconds on an idle machine
    with pytest.raises(Rejected, match="200,000 rows"):
        load(DataSpec(Random(10**9, 10**3)), tmp_path)


def test_too_many_columns_are_refused_by_the_first_line(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(",".join(f"c{j}" for j in range(50_001)) + "\n")
    with pytest.raises(Rejected, match="50,000 columns"):
        load(DataSpec(Csv("t.csv")), tmp_path)


def test_too_many_categories_times_rows(refuse_csv: Refuser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_CELLS", 2_000_000)
    header = ",".join([*(f"c{j}" for j in range(8)), "y"])
    rows = [",".join(["k" + str(i % 700)] * 8 + [str(i % 2)]) for i in range(700)]
    (diagnostic,) = refuse_csv(table(*rows, header=header))
    assert diagnostic.code == "E222"


def test_good_variants_load(load_csv: Loader) -> None:
    assert load_csv(b"\xef\xbb\xbf" + PLAIN.encode()).features[0] == "a"
    assert load_csv(PLAIN.replace("\n", "\r\n")).rows == 12
    assert load_csv(PLAIN.replace(",", "\t"), delimiter=r"\t").rows == 12
    assert load_csv(FILES["headless.csv"], header=False).features == ("x1", "x2")
