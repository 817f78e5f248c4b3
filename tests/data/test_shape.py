"""Lines before a table, between its rows, and delimiters at the ends of lines: said once, with the cause, or read as meant."""

from __future__ import annotations

import pytest

from .conftest import Loader, Refuser

ROWS = ["46,7.9,ill", "67,4.7,ill", "50,7.8,ill", "30,2.5,well", "24,4.6,well", "27,1.7,well"] * 2
HEADER = "age,dose,state"
TABLE = "\n".join([HEADER, *ROWS, ""])
WANTED = [[46.0, 7.9], [67.0, 4.7], [50.0, 7.8]]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(line + "," for line in (HEADER, *ROWS)),
        "\n".join([HEADER, *(line + "," for line in ROWS)]),
        "\n".join([HEADER + ",", *ROWS]),
        "\n".join([HEADER + ", ", *(line + ", " for line in ROWS)]),
        "\n".join(line + ",,," for line in (HEADER, *ROWS)),
        "\n".join([HEADER, *(line + ",," for line in ROWS)]),
    ],
)
def test_a_delimiter_at_the_ends_of_lines(load_csv: Loader, text: str) -> None:
    data = load_csv(text, test=0)
    assert data.features == ("age", "dose")
    assert data.train.raw[:3].tolist() == WANTED
    assert [one.code for one in data.warnings].count("W242") == 1


def test_a_value_behind_the_last_delimiter(refuse_csv: Refuser) -> None:
    lines = [line + "," for line in (HEADER, *ROWS * 100)]
    lines[-1] += "x"
    (diagnostic,) = refuse_csv("\n".join(lines))
    assert diagnostic.code == "E213"
    assert f"line {len(lines)} of `t.csv` has 4 values, where 3 are expected" in diagnostic.message


def test_a_remark_behind_the_last_delimiter_of_a_short_file(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv("\n".join([HEADER, *(f"{i}," + line[3:] + "," for i, line in enumerate(ROWS))]) + "x")
    assert diagnostic.code == "E214"
    assert "most lines below it end with a delimiter" in diagnostic.message


def test_a_blank_between_a_delimiter_and_a_quote(load_csv: Loader) -> None:
    text = "age, dose, state\n" + "".join(f'{i}, {i % 7}, "{"ill, very" if i % 2 else "well"}"\n' for i in range(12))
    assert load_csv(text, test=0).classes == ("ill, very", "well")


def test_a_column_without_any_value(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv("\n".join("," + line for line in (HEADER, *ROWS)))
    assert "column `x1`: the value is missing, as in all rows" in diagnostic.message
    assert diagnostic.hint == "write `drop [x1]`"


def test_an_empty_last_column_with_a_name_stays(load_csv: Loader, refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv("\n".join([HEADER + ",note", *(line + "," for line in ROWS)]))
    assert "column `note`" in diagnostic.message


@pytest.mark.parametrize(
    ("head", "message", "hint"),
    [
        ("# made by a tool\n# on a Monday\n", "begins with `#`, as a comment does", '`comment = "#"`'),
        ("% made by a tool\n", "begins with `%`, as a comment does", '`comment = "%"`'),
        ("// made by a tool\n", "begins with `//`, as a comment does", '`comment = "//"`'),
        ("Patients of 2024\n\n", "it has 1 value, the lines below it 3", "remove lines 1 to 2 before the table"),
        ("Patients of 2024,,\n", "it has 1 value, the lines below it 3", "remove line 1 before the table"),
    ],
)
def test_lines_before_the_table(refuse_csv: Refuser, head: str, message: str, hint: str) -> None:
    (diagnostic,) = refuse_csv(head + TABLE)
    assert diagnostic.code == "E214"
    assert message in diagnostic.message
    assert hint in diagnostic.hint


def test_row_names(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv("\n".join([HEADER, *(f"r{i},{line}" for i, line in enumerate(ROWS))]))
    assert "has 3 values, but all lines below it have one value more: do they begin with row names?" in diagnostic.message
    (comma,) = refuse_csv("\n".join([HEADER, *(line.replace(".", ",") for line in ROWS)]))
    assert "does a decimal comma split them?" in comma.message


def test_an_arff_file(refuse_csv: Refuser) -> None:
    head = "% a title\n@relation pills\n@attribute age numeric\n@attribute dose numeric\n@attribute state {ill,well}\n@data\n"
    (diagnostic,) = refuse_csv(head + "\n".join(ROWS))
    assert "it is an ARFF file" in diagnostic.message
    assert "`header = false`" in diagnostic.hint


def test_comments(load_csv: Loader, refuse_csv: Refuser) -> None:
    text = TABLE.replace("67,", "  # a note, with commas\n67,")
    data = load_csv("# made by a tool\n" + text, comment="#", test=0)
    assert data.train.raw[:3].tolist() == WANTED
    (diagnostic,) = refuse_csv(text.replace("note, with", "note with"))
    assert (diagnostic.code, diagnostic.hint) == ("E213", 'if it is a comment, write `comment = "#"`')


def test_lines_are_counted_with_comments(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv("# one\n" + TABLE.replace("67,", '#\n"67\n",').replace("50,", "x,", 1), comment="#")
    assert "line 7 of `t.csv`, column `age`: `x`" in diagnostic.message


def test_a_name_may_begin_as_a_comment_does(load_csv: Loader) -> None:
    assert load_csv("#" + TABLE).features == ("#age", "dose")


def test_sep(load_csv: Loader, refuse_csv: Refuser) -> None:
    text = "sep=;\n" + TABLE.replace(",", ";")
    assert load_csv(text, delimiter=";", test=0).train.raw[:3].tolist() == WANTED
    (diagnostic,) = refuse_csv(text)
    assert "its first line says that columns are separated by `;`" in diagnostic.message
    assert diagnostic.hint == 'write `delimiter = ";"`'


@pytest.mark.parametrize("blanks", [" ", "   ", "\t", " \t "])
def test_blanks_separate(load_csv: Loader, refuse_csv: Refuser, blanks: str) -> None:
    text = "\n".join(f"  {line}  " for line in TABLE.splitlines()).replace(",", blanks)
    data = load_csv(text.replace("well", '"quite well"'), delimiter=" ", test=0)
    assert data.train.raw[:3].tolist() == WANTED
    assert data.classes == ("ill", "quite well")
    if blanks == "   ":
        (diagnostic,) = refuse_csv(text)
        assert (diagnostic.code, diagnostic.hint) == ("E223", 'write `delimiter = " "`')


def test_another_delimiter_that_decimal_commas_hide(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv(TABLE.replace(",", ";").replace(".", ","))
    assert (diagnostic.code, diagnostic.hint) == ("E223", 'write `delimiter = ";"`')
    assert "rows of different lengths" in diagnostic.message
