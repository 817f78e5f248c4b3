"""`specs/bench/preferences.py`: specs that can be read, and a section of made-up runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scripts import script

import bdnnlang as bd

preferences = script("bench/preferences.py")


@pytest.mark.parametrize("prefer", preferences.PREFERENCES)
def test_specs_can_be_read(prefer: tuple[str, ...]) -> None:
    spec = bd.load_spec(preferences.text("iris", "{-1, 0, 1}", 7, prefer))
    assert (spec.train.seed, spec.data.split_seed, spec.train.prefer) == (7, 7, prefer)
    assert spec.train.time == 1 + 3 * len(prefer)


def trainer(text: str) -> Any:
    """A preference for margins doubles them and brings two hundredths more on even splits."""
    split = int(text.partition("split_seed = ")[2].partition(" ")[0])
    wide = "margin" in text
    return preferences.Trained(1.0, 0.2 if wide else 0.1, 9, 0.9 + (0.02 if wide and split % 2 == 0 else 0.0))


def test_the_section_says_what_a_preference_changes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert preferences.main(["--only", "iris", "--splits", "0-3", "--page", str(page)], trainer) == 0
    rows = [line for line in page.read_text().splitlines() if line.startswith("| iris | `{-1, 0, 1}`")]
    assert rows[:2] == [
        "| iris | `{-1, 0, 1}` | – | 1.00 | 0.100 | 9.0 | 90.0 ± 0.0 % |  |",
        "| iris | `{-1, 0, 1}` | margin | 1.00 | 0.200 | 9.0 | 91.0 ± 1.0 % | +1.0 ± 0.6 |",
    ]
