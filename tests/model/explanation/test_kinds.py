"""Every family of columns and rows that any form of the language makes has a kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdnnlang.model.blocks import Role
from bdnnlang.model.explanation.kinds import COLUMNS, ROWS, row_kind
from model.explanation.specs import SPECS, built

KINDS = {name: built(name) for name in SPECS}


IN_FILES = set(Role) - {Role.DISTANCE}  # the programs of preferences are in no file


def test_every_role_has_a_kind_and_is_in_some_spec() -> None:
    assert set(COLUMNS) == IN_FILES
    assert {family.role for file in KINDS.values() for family in file.model.problem.columns} == IN_FILES


def test_every_family_of_rows_has_one_kind() -> None:
    """As many indices as its names have, and all kinds are used."""
    used = set()
    for file in KINDS.values():
        for family in file.milp.row_families:
            kind = row_kind(family.name)
            assert [k for k in ROWS if k.pattern.fullmatch(family.name)] == [kind]
            assert len(kind.indices) == len(family.shape), family.name
            used.add(kind)
    assert used == set(ROWS)


@pytest.mark.parametrize("name", SPECS)
def test_columns_have_as_many_indices_as_names(name: str) -> None:
    for family in KINDS[name].model.problem.columns:
        assert len(COLUMNS[family.role].indices) == len(family.shape), family.name


def test_sections_exist() -> None:
    page = (Path(__file__).parents[3] / "docs" / "models.md").read_text()
    for kind in ROWS:
        assert f"\n### {kind.section} " in page
