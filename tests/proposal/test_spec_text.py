"""A spec proposed for a csv file: what it says of each kind of file, and that it holds."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bdnnlang import compiler
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Spec
from bdnnlang.proposal.spec_text import proposed_spec

GOLDEN = Path(__file__).parent / "patients.bdnn"
Propose = Callable[[str], str]


@pytest.fixture
def propose(tmp_path: Path) -> Propose:
    """The spec that is proposed for a file of these contents; it has been checked as `bdnnc check --strict` does."""

    def made(contents: str) -> str:
        (tmp_path / "t.csv").write_text(contents, encoding="utf-8")
        text = proposed_spec(tmp_path, "t.csv")
        _, warnings = checked(tmp_path, text)
        assert warnings == ()
        return text

    return made


def checked(folder: Path, text: str) -> tuple[Spec, tuple[object, ...]]:
    (folder / "t.bdnn").write_text(text, encoding="utf-8")
    spec, warnings = compiler.read_spec(folder / "t.bdnn")
    data = compiler.read_data(spec, folder)
    return spec, warnings + compiler.model_warnings(compiler.training_problem(spec, data))


def statements(text: str, block: str = "data") -> list[str]:
    """The lines inside a block, without comments."""
    inside = text.split(f"\n{block}", 1)[1].split("{\n", 1)[1].split("\n}", 1)[0]
    return [line.split("  #")[0].strip() for line in inside.splitlines()]


def rows(count: int = 40, head: str = "a,b,y", cells: Callable[[int], str] = lambda i: f"{i % 7}.5,{i % 5}.25,{i % 2}") -> str:
    return "\n".join([head, *map(cells, range(count))]) + "\n"


def patients() -> str:
    dice = random.Random(4)
    lines = ["Patient ID;Name;Visit;Alter;Gewicht;Blutgruppe;Gerät;Dosis;Leer;Antwort;Diagnosis"]
    for i in range(60):
        age = -999 if i in (11, 30, 44) else dice.randint(20, 80)
        weight = {5: "", 9: "n.a."}.get(i, f"{60 + 15 * (i % 2) + dice.random() * 20:.1f}".replace(".", ","))
        blood, answer = dice.choice(["A", "B", "AB"]), ["no", "yes"][i % 2]
        cells = [
            1000 + i,
            f"Anna {i}",
            f"2024-03-{1 + i % 28:02}",
            age,
            weight,
            blood,
            "X1",
            f"{dice.randint(1, 9)} mg",
            "",
            answer,
        ]
        lines.append(";".join(map(str, [*cells, ["benign", "malignant"][i % 2]])))
    return "\n".join(lines) + "\n"


def test_the_whole_text_for_a_file_with_all_that_can_be_odd(propose: Propose, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN, propose(patients()))


def test_a_plain_file_needs_few_lines(propose: Propose) -> None:
    assert statements(propose(rows())) == ['target = "y"', "test = 25%", "scale minmax"]


@pytest.mark.parametrize(
    ("contents", "line", "why"),
    [
        (rows().replace(",", ";"), 'delimiter = ";"', "the file has only one column"),
        (rows().replace(",", "\t"), r'delimiter = "\t"', "only one column"),
        ("sep=|\n" + rows().replace(",", "|"), 'delimiter = "|"', "the first line of the file says so"),
        ("# made by hand\n" + rows(), 'comment = "#"', "a line marked by `#`"),
        (rows(head="1.5,2.25,0"), "header = false", "columns are called x1 and so on"),
        (rows().replace(",", ";").replace(".", ","), 'decimal = ","', "numbers are written like `0,5`, in column `a`"),
        (rows(cells=lambda i: f'"{i % 7 + 1},000.5",{i % 5}.25,{i % 2}'), 'thousands = ","', "like `1,000.5`"),
        (
            rows(cells=lambda i: f'"{i % 7 + 1},250",{i % 5}.25,{i % 2}'),
            'thousands = ","',
            "if it is no thousand, write `decimal`",
        ),
        (rows().replace("3.5", "-"), 'missing = ["-"]', "`-` among the numbers of column `a`"),
        (rows().replace("3.5", "-").replace("2.5", "NA"), 'missing = ["-", "NA"]', "`-` among the numbers"),
        (rows().replace("3.5", "-999"), "missing = [-999]", "`-999` among the numbers of column `a`"),
        (rows().replace("3.5", ""), "impute median", "fills what is missing, 6 of a"),
        (rows().replace("3.5", "3.50000000000000000001"), "round_to = 15", "`3.50000000000000000001`"),
        (rows(cells=lambda i: f"{i % 7} kg,{i % 5},{i % 2}"), 'units ["a"]', "`0 kg` is read as a number"),
        (rows(cells=lambda i: f"2024-01-{1 + i % 9:02},{i % 5},{i % 2}"), 'drop ["a"]', "dates"),
        (rows(cells=lambda i: f"n{i},{i % 5},{i % 2}"), 'drop ["a"]', "names: 40 different texts in 40 rows"),
        (rows(cells=lambda i: f"{['no', 'yes'][i % 2]},{i % 5},{i % 2}"), 'drop ["a"]', "tells the class of every row"),
        (rows(cells=lambda i: f",{i % 5},{i % 2}"), 'drop ["a"]', "no row has a value"),
        (rows(head="a,c,b,y", cells=lambda i: f"7,9,{i % 5},{i % 2}"), 'drop ["a", "c"]', "one value in all rows"),
        (rows(cells=lambda i: f"{'xyz'[i % 3]},{i % 5},{i % 2}"), 'onehot ["a"]', "3 for a"),
        (rows(cells=lambda i: f"{i % 7},{i % 5},{i % 2}"), "scale none", "whole numbers up to 6"),
        (rows(12), "test = 0%", "12 rows are too few"),
        (rows(cells=lambda i: f"{i % 7},{i % 5},{'odd' if i == 3 else 'ab'[i % 2]}"), 'classes = ["a", "b"]', "not `odd`"),
        (rows(60, head="class,b,z", cells=lambda i: f"{i}.5,{i % 5}.25,{i % 2}"), 'target = "z"', "the last column"),
        (rows(head="a,Class,y", cells=lambda i: f"{i % 7}.5,{i % 2},{i % 3}"), 'target = "Class"', "its name says so"),
        (rows(cells=lambda i: f"{i % 7}.5,{i % 2},{i}.5"), 'target = "b"', "the last column that can be classes: `y` cannot"),
        (rows(head='"a\nb",b,y', cells=lambda i: f"7,{i % 5},{i % 2}"), "drop [1]", "one value in all rows"),
        (rows(head='"say ""a""",b,y', cells=lambda i: f"7,{i % 5},{i % 2}"), r'drop ["say \"a\""]', "one value in all rows"),
    ],
)
def test_what_a_file_asks_for_is_written_with_its_reason(propose: Propose, contents: str, line: str, why: str) -> None:
    text = propose(contents)
    assert line in statements(text)
    (written,) = [one for one in text.splitlines() if one.strip().startswith(line) and not one.startswith("#")]
    assert why in written.split("  # ", 1)[1]


def test_a_gap_in_a_column_that_is_dropped_is_not_filled(propose: Propose) -> None:
    text = propose(rows(cells=lambda i: f"{'' if i == 3 else f'n{i}'},{i % 5},{i % 2}"))
    assert not [line for line in statements(text) if line.startswith("impute")]


@pytest.mark.parametrize(("classes", "width"), [(2, 2), (3, 3), (10, 5)])
def test_the_width_follows_the_classes(propose: Propose, classes: int, width: int) -> None:
    text = propose(rows(60, cells=lambda i: f"{i % 7}.5,{i % 5}.25,{i % classes}"))
    assert f"hidden {width}" in statements(text, "network")


def test_the_time_follows_the_size(propose: Propose) -> None:
    stages = [statements(propose(rows(m)), "train")[1:] for m in (100, 2_000)]
    assert stages == [["exact 1min"], ["time = 2min", "local_search 40s", "exact rest"]]


def test_a_problem_too_large_for_a_solver_gets_a_search(propose: Propose, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bdnnlang.run.choose.MANY_NONZEROS", 100)
    assert statements(propose(rows()), "train") == ["seed = 0", "time = 1min", "local_search rest"]


def test_of_too_many_rows_some_are_drawn(propose: Propose, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bdnnlang.data.table.MAX_ROWS", 100)
    monkeypatch.setattr("bdnnlang.proposal.reading.DRAWN", 50)
    assert "sample 50" in statements(propose(rows(200)))


@pytest.mark.parametrize(
    ("contents", "code"),
    [
        ("a,b,y\n1,2\n", "E213"),  # a row that is not whole
        (rows().replace("3.5", "many"), "E209"),  # what no setting reads
        (rows(cells=lambda i: f"{i},{i}.5,{i}.25"), "E215"),  # nothing to learn
        ("", "E211"),  # no line at all
    ],
)
def test_what_no_line_of_a_spec_mends_is_said(propose: Propose, contents: str, code: str) -> None:
    with pytest.raises(Rejected) as rejected:
        propose(contents)
    assert {error.code for error in rejected.value.diagnostics} == {code}
