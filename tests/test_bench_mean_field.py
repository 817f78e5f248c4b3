"""`specs/bench/mean_field.py`: specs that can be read, and a section of made-up runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scripts import script

import bdnnlang as bd

mean_field = script("bench/mean_field.py")


@pytest.mark.parametrize("target", mean_field.TARGETS, ids=lambda target: f"{target.name} {target.loss}")
@pytest.mark.parametrize("method", mean_field.METHODS)
def test_specs_can_be_read(target: Any, method: str) -> None:
    spec = bd.load_spec(target.text(7, method))
    assert (spec.train.seed, spec.data.split_seed, spec.train.loss) == (7, 7, target.loss)
    assert [stage.time for stage in spec.train.stages] == [target.seconds]


def trainer(text: str, folder: Path) -> Any:
    """Loss 0 by mean-field, on every split but one; 30 by coordinate search."""
    is_auto, split = "method = auto" in text, int(text.partition("split_seed = ")[2].partition(",")[0])
    return mean_field.Trained(30.0 if not is_auto else float(split == 21), 0.96 if is_auto else 0.7, 1.5)


def run(tmp_path: Path, *argv: str) -> list[str]:
    page = tmp_path / "page.md"
    assert mean_field.main([*argv, "--page", str(page)], trainer) == 0
    return [line for line in page.read_text().splitlines() if line.startswith("| digits")]


def test_the_section_says_what_is_reached(tmp_path: Path) -> None:
    rows = run(tmp_path, "--only", "digits, 1 × 100 hamming", "--splits", "20-23")
    assert rows == [
        "| digits, 1 × 100 | hamming | 2 | `coordinate` | 1.50 | 30.0 | 0 of 4 | 70.0 ± 0.0 % |  |  |",
        "| digits, 1 × 100 | hamming | 2 | `auto` | 1.50 | 0.2 | 3 of 4 | 96.0 ± 0.0 % | loss ≤ 0, test ≥ 96 % | **no** |",
    ]
    rows = run(tmp_path, "--only", "digits, 1 × 100 hamming", "--splits", "22")
    assert rows[1].endswith("| 1 of 1 | 96.0 ± 0.0 % | loss ≤ 0, test ≥ 96 % | yes |")


def test_rows_without_their_data_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mean_field.main(["--only", "*iform*", "--data", str(tmp_path), "--page", str(tmp_path / "page.md")], trainer) == 0
    assert "Uniform_N10_0, 1 × 100: left out" in capsys.readouterr().err


def test_a_run_is_a_whole_one(tmp_path: Path) -> None:
    text = mean_field.SPEC.format(
        data="random(samples=24, features=2, seed=1, kind=boxes)",
        split=1,
        steps="scale minmax",
        hidden="hidden 2 { biases in int[-9, 9] }",
        loss="zero_one",
        seconds=1,
        method="coordinate",
    )
    done = mean_field.train(text, tmp_path)
    assert done.loss >= 0
    assert 0 <= done.test <= 1
    assert done.seconds > 0
