"""Compiled models: the files are those of the command line."""

from pathlib import Path

import pytest

import bdnnlang as bd
from api.texts import IRIS, WITHOUT_DATA
from bdnnlang.cli import main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["x.mps", "x.lp", "x.cip", "x.mps.gz"])
def test_models_are_those_of_the_command_line(name: str, tmp_path: Path) -> None:
    spec = ROOT / "specs" / "iris_integer.bdnn"
    bd.compile_model(spec).write(tmp_path / name)
    assert main(["compile", str(spec), "-o", str(tmp_path / f"same_{name}")]) == 0
    assert (tmp_path / name).read_bytes() == (tmp_path / f"same_{name}").read_bytes()


def test_a_model_for_an_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"the name should end in `\.mps` or `\.mps\.gz`"):
        bd.compile_model(IRIS).write(tmp_path / "x.txt")


def test_a_model_that_a_file_cannot_hold(tmp_path: Path) -> None:
    model = bd.compile_model(IRIS.replace("train {", "train { loss = zero_one + 0.1 * l2,"))
    with pytest.raises(bd.SpecError, match="E204"):
        model.write(tmp_path / "x.mps")
    assert not list(tmp_path.iterdir())


def test_a_model_of_samples_that_are_given(tmp_path: Path) -> None:
    """The same samples as arrays and as a file make the same program."""
    x, y = [[0, 1], [1, 0], [1, 1], [0, 0], [2, 1]], ["b", "a", "a", "b", "b"]
    text = WITHOUT_DATA + "data csv('few.csv') { scale none, test = 0% }\n".replace("'", '"')
    rows = [f"{a},{b},{label}" for (a, b), label in zip(x, y, strict=True)]
    (tmp_path / "few.csv").write_text("\n".join(["x1,x2,class", *rows]), encoding="utf-8")
    (tmp_path / "few.bdnn").write_text(text, encoding="utf-8")
    bd.compile_model(tmp_path / "few.bdnn").write(tmp_path / "file.lp")
    bd.compile_model(WITHOUT_DATA, bd.Dataset.from_arrays(x, y)).write(tmp_path / "arrays.lp")
    programs = [(tmp_path / name).read_text().splitlines() for name in ("arrays.lp", "file.lp")]
    assert (programs[0][0], programs[1][0]) == ("\\ bdnn", "\\ few")
    arrays, file = ([line for line in program if not line.startswith("\\")] for program in programs)
    assert arrays == file
