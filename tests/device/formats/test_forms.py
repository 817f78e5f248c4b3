"""The forms that Python reads: what they hold answers as `bdnnc predict` does."""

from __future__ import annotations

import importlib
import io
import itertools
import json
import runpy
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bdnnlang import device
from bdnnlang.device.export import TooWide, exported, identifier
from bdnnlang.device.formats import FORMS, form_of
from bdnnlang.device.formats.form import Exported
from bdnnlang.device.readings import Declared
from bdnnlang.language.spec import Scale

from ..networks import Example, declared, example

DEVICE = Path(device.__file__).parent


def leaving(given: Example, form: str, **more: Any) -> Exported:
    return exported(given.file, form_of(form), name="a net", sha256="00", declared=declared(given.recipe, is_level=False), **more)


def wide(folder: Path) -> Example:
    """Means and deviations of `standard` make numbers of more than 64 bits."""
    return example(9, folder, given=(Scale("standard"),), has_gaps=False)


def module(given: Example, folder: Path, **more: Any) -> dict[str, Any]:
    ((name, text),) = form_of("python").files(leaving(given, "python", **more)).items()
    (folder / name).write_bytes(text)
    return runpy.run_path(str(folder / name))


def test_every_file_here_is_a_form_of_the_table() -> None:
    rooms = {"formats": "*_form.py", "c/layouts": "*.py"}
    files = {path for room, names in rooms.items() for path in (DEVICE / room).glob(names)}
    others = {DEVICE / "c/layouts" / name for name in ("__init__.py", "headers.py")}
    assert {Path(importlib.import_module(module).__file__ or "") for module in FORMS.values()} == files - others
    assert all(callable(form_of(name).files) for name in FORMS)


@pytest.mark.parametrize(("name", "plain"), [("a net", "a_net"), ("Ü-1", "network_1"), ("", "network"), ("3/8", "network_3_8")])
def test_names(name: str, plain: str) -> None:
    assert identifier(name) == plain


@pytest.mark.parametrize("number", range(0, 24, 2))
def test_python_answers_as_predict(number: int, tmp_path: Path) -> None:
    given = example(number, tmp_path)
    code = module(given, tmp_path)
    rows = list(itertools.islice(given.rows(), 0, None, 11))
    answers = given.predict(rows, tmp_path)
    assert code["predict_whole"](rows).tolist() == answers
    values = [[cell.removesuffix("kg") for cell in map(given.cell, given.readings, row)] for row in rows]
    assert code["predict"](values) == [given.file.classes[k] for k in answers]
    names = [reading.column for reading in given.readings]
    assert code["predict"](dict(zip(names, row, strict=True)) for row in values) == code["predict"](values)


def test_python_without_an_end_of_its_numbers(tmp_path: Path) -> None:
    given = wide(tmp_path)
    code = module(given, tmp_path)
    assert code["IS_WIDE"]
    rows = list(itertools.islice(given.rows(), 0, None, 13))
    assert code["predict_whole"](rows).tolist() == given.predict(rows, tmp_path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((0.05, 0, 1, "red", 2), "t: 0.05 is no whole number of 0.1"),
        ((0.5, 0, 1, "red", 2), "t: 0.5 is 5 in units of 0.1, which is not from -2 to 2"),
        ((None, 0, 1, "red", 2), "t: the value is missing"),
        ((0.1, 0, 1, "red"), "a row has 5 values: t, n, dose, colour, code"),
    ],
)
def test_python_refuses_what_is_not_read(row: tuple[object, ...], message: str, tmp_path: Path) -> None:
    code = module(example(1, tmp_path), tmp_path)
    with pytest.raises(ValueError, match=r"^(t: |a row)") as caught:
        code["predict"]([row])
    assert str(caught.value) == message


def test_python_takes_values_of_many_types(tmp_path: Path) -> None:
    given = example(3, tmp_path)
    code = module(given, tmp_path)
    alike = [
        [0.1, -1, 2, "red", 1.5],
        [np.float64(0.1), np.int8(-1), "2.0", " red ", "1.50"],
        ["1e-1", Fraction(-1), 2.0, "red", 3 / 2],
    ]
    assert len({tuple(code["whole"](row)) for row in alike}) == 1
    gaps = [[None, float("nan"), "", None, None], ["", None, np.nan, "", float("nan")]]
    assert [code["whole"](row) for row in gaps] == [[one.missing for one in given.readings]] * 2
    assert code["whole"]([0, 0, 0, "violet", 99])[3:] == [3, 3]  # unknown categories


@pytest.mark.parametrize("number", range(1, 24, 4))
def test_npz_holds_the_network(number: int, tmp_path: Path) -> None:
    given = example(number, tmp_path)
    try:
        ((name, content),) = form_of("npz").files(leaving(given, "npz")).items()
    except TooWide:
        ((name, content),) = form_of("npz").files(leaving(given, "npz", bits=40)).items()
    assert name == "a_net.npz"
    data = np.load(io.BytesIO(content))
    network = leaving(given, "npz", bits=60).network if "rounding" not in data else leaving(given, "npz", bits=40).network
    rows = list(itertools.islice(given.rows(), 0, None, 29))
    assert [_class(data, row) for row in rows] == [network.predict(row) for row in rows]
    assert data["column"].tolist() == [one.column for one in given.readings]


def _class(data: Any, row: tuple[int, ...]) -> int:
    """By the keys that docs/device.md describes."""
    ends = np.cumsum(data["level_counts"])
    values = []
    for s, (kind, at, number) in enumerate(zip(data["signal"], data["signal_reading"], data["signal_number"], strict=True)):
        r, bounds = row[at], data["level_bounds"][ends[s] - data["level_counts"][s] : ends[s]]
        is_there = not (data["can_miss"][at] and r == data["missing"][at])
        number = {"Count": r, "AtLeast": int(r >= number), "Equals": int(r == number), "Level": int((bounds <= r).sum())}[
            str(kind)
        ]
        values.append(number if is_there or kind == "Equals" else 0)
    inputs = np.array(values, dtype=np.int64)
    layer = 1
    while f"weights_{layer}" in data:
        inputs = (data[f"weights_{layer}"] @ inputs >= data[f"thresholds_{layer}"]).astype(np.int64)
        layer += 1
    return int(inputs[0]) if len(inputs) == 1 else int(inputs.argmax())


def test_json_has_numbers_of_any_size(tmp_path: Path) -> None:
    given = wide(tmp_path)
    ((_, text),) = form_of("json").files(leaving(given, "json")).items()
    found = leaving(given, "json").network
    layers = json.loads(text)["whole"]["layers"]
    assert [[(tuple((p, int(w)) for p, w in n["weights"]), int(n["threshold"])) for n in layer] for layer in layers] == [
        [(neuron.weights, neuron.threshold) for neuron in layer] for layer in found.layers
    ]
    assert max(neuron["bits"] for neuron in layers[0]) > 64


def test_too_many_bits_name_the_columns(tmp_path: Path) -> None:
    given = wide(tmp_path)
    with pytest.raises(TooWide, match=r"^the sums of layer 1 take \d+ bits, most for `") as caught:
        leaving(given, "npz")
    assert "this form holds 60. `--round 60` rounds them and says what that may change" in str(caught.value)


def test_ranges_of_the_data_only_set_defaults(tmp_path: Path) -> None:
    given = example(1, tmp_path)
    found = exported(given.file, form_of("json"), name="x", sha256="", declared=Declared())
    assert [(one.lower, one.upper) for one in found.network.readings[:3]] == [(-128, 127), (-128, 127), (0, 255)]
