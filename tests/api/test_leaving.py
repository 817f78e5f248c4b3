"""`bdnnlang/api/leaving.py`: what it writes answers as `predict`, of a run that has just ended and of one that is read again."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

import bdnnlang as bd

SPEC = """
bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { local_search 1s { restarts = 0 } }
"""
ROWS = [[5.0, 2.0, 3.5, 1.0], [6.0, 3.0, 5.0, 2.0], [6.1, 2.9, 4.7, 1.8], [5.9, 3.0, 4.9, 1.5]]


@pytest.fixture(scope="module")
def result() -> bd.Result:
    return bd.train(SPEC)


def test_a_module_answers_as_the_result(result: bd.Result, tmp_path: Path) -> None:
    (path,) = result.export("python", tmp_path / "net.py", inputs="uint8")
    assert runpy.run_path(str(path))["predict"](ROWS) == result.predict(ROWS).tolist()


def test_a_run_that_is_read_again_exports_the_same(result: bd.Result, tmp_path: Path) -> None:
    again = bd.read_run(result.save(tmp_path / "r"))
    files = [
        one.export("json", tmp_path / f"{k}.json", ranges={"petal_width_cm": (0, 3)}) for k, one in enumerate((result, again))
    ]
    texts = [path.read_text() for (path,) in files]
    assert texts[0] == texts[1]
    assert json.loads(texts[0])["whole"]["readings"][3]["upper"] == 30


def test_what_is_refused(result: bd.Result, tmp_path: Path) -> None:
    place = tmp_path / "net.json"
    for words, message in (
        ({"inputs": "uint9"}, "`inputs` is 'uint9', and not one of uint8, int8"),
        ({"ranges": {"x": (0, 1)}}, "no column `x` is used"),
        ({"units": {"petal_width_cm": 0}}, "which is not above 0"),
    ):
        with pytest.raises(ValueError, match="`") as caught:
            result.export("json", place, **words)  # type: ignore[arg-type]
        assert message in str(caught.value)
    with pytest.raises(ValueError, match="`form` is 'exe', and not one of c, "):
        result.export("exe", place)
    place.write_text("mine")
    with pytest.raises(FileExistsError):
        result.export("json", place)
    result.export("json", place, force=True)
    assert json.loads(place.read_text())["schema"] == 1
