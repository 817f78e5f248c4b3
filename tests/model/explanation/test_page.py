"""A row or column in words: golden pages, and that every name of a model has one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bdnnlang import cli
from bdnnlang.model import passes
from bdnnlang.model.explanation.page import Explainer, NoSuchName
from model.explanation.specs import SPECS, built

GOLDEN = Path(__file__).parent / "golden"


def explainer(name: str) -> Explainer:
    file = built(name)
    return Explainer(file.training, file.model)


PAGES = (
    ("whole", "u1_2_1"),
    ("whole", "on1_2_1"),
    ("whole", "off1_2_1"),  # which polarity leaves out
    ("whole", "s2_at_least_u_2_0_1"),  # and this one as well
    ("real", "W1_0_1"),
    ("gaps", "choice_b1_0"),
    ("priced", "nz_W2_1_0"),
    ("three", "e_3"),
    ("clipped", "size1_0"),
    ("certified", "tz2_at_least_w_0_0_1"),
)


@pytest.mark.parametrize(("name", "member"), PAGES, ids=[f"{name}-{member}" for name, member in PAGES])
def test_a_page(name: str, member: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{name}.{member}.txt", explainer(name).page(member) + "\n")


@pytest.mark.parametrize("name", SPECS)
def test_every_family_has_pages(name: str) -> None:
    """Of its first and its last member; of rows the page quotes the row of the program, and its history ends with that."""
    of = explainer(name)
    milp = of.model.milp
    for family in (*milp.col_families, *milp.row_families):
        if family.size:
            for member in (family.names()[0].decode(), family.names()[-1].decode()):
                page = of.page(member)
                assert page.startswith(f"{member}\n\n")
                assert f"\nasked by   {name}.bdnn:" in page or "which is a default" in page
    for family in (family for family in milp.row_families if family.size):
        name_of_row = family.names()[0].decode()
        page = of.page(name_of_row)
        row = " ".join(page.partition("\nrow ")[2].partition("\ncolumns ")[0].split())
        assert f"{name_of_row}: {row}" in " ".join(page.split())


def test_rows_that_a_pass_left_out_name_it() -> None:
    """Each row of the published model that `tight` has not."""
    of, has = explainer("whole"), {name.decode() for name in built("whole").milp.row_names()}
    gone = [f"{side}1_{i}_{j}" for side in ("on", "off") for i in range(5) for j in range(2)]
    gone = [name for name in gone if name not in has]
    assert gone
    for name in gone:
        page = of.page(name)
        assert "row        not in the model" in page
        assert "polarity: the row is left out" in page


def test_unknown_names_get_a_suggestion() -> None:
    of = explainer("whole")
    for name, meant in (
        ("u1_99_1", "u1_4_1"),
        ("U1_0_0", "u1_0_0"),
        ("x_3", None),
        ("on1_0", "on1_2_0"),  # the first that there is
        ("s2_at_mst_u_0_0_0", "s2_at_most_u_2_0_0"),
    ):
        with pytest.raises(NoSuchName) as missing:
            of.page(name)
        assert missing.value.suggestion == meant, name
        if meant:
            of.page(meant)


def test_the_constant_and_the_objective_have_pages() -> None:
    assert "fixed at 1" in explainer("whole").page("ONE")
    assert "objective" in explainer("whole").page("COST")


def test_passes_are_those_of_the_pipeline() -> None:
    page = explainer("whole").page("on1_2_1")
    said = [line.split(":")[0].removeprefix("history").strip() for line in page.splitlines() if ": " in line]
    assert {word for word in said if word in passes.names("tight")} >= {"lattice_gap", "steps_to_big_m"}


def test_the_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain-row", "specs/iris_integer.bdnn", "u1_3_0"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    for part in ("row 57 (versicolor)", "petal_length_cm", "arXiv 2110.11382", "specs/iris_integer.bdnn:11: hidden 1"):
        assert part in said.out
    assert cli.main(["explain-row", "specs/iris_integer.bdnn", "u1_300_0"]) == 2
    assert "did you mean `u1_74_0`?" in capsys.readouterr().err
