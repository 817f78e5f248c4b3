"""`onnx` and `onnx-float`: the graph has the classes that `bdnnc predict` gives the cells, and what does not fit is refused."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import numpy as np
import pytest
from scripts import script

from bdnnlang import cli
from bdnnlang.device.export import TooWide
from bdnnlang.device.fold import fold
from bdnnlang.device.formats import form_of
from bdnnlang.device.formats.form import Exported
from bdnnlang.device.whole import Count, Neuron, Reading, WholeNetwork
from device.networks import Example, example

DOCS = Path(__file__).resolve().parents[3] / "docs"
Captured = pytest.CaptureFixture[str]
SPEC = """bdnn 1
data iris { scale none, test = 0% }
network { weights in {-1, 0, 1}, hidden 2 }
train { local_search { restarts = 20, steps = 100 } }
"""


def needs_onnx() -> None:
    pytest.importorskip("onnx", reason="extra `onnx`")
    pytest.importorskip("onnxruntime", reason="onnxruntime")


def exported(given: Example) -> Exported:
    return Exported("net", fold(given.file, given.readings), given.file, "abc")


@pytest.mark.parametrize("form", ["onnx", "onnx-float"])
@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5, 9, 18])
def test_every_reading_has_the_class_of_its_cells(number: int, form: str, tmp_path: Path) -> None:
    needs_onnx()
    import onnxruntime

    given = example(number, tmp_path, is_level=number % 4 == 1)
    content = form_of(form).files(exported(given))["net.onnx"]
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    rows = list(given.rows())[::5]
    readings = np.array(rows, np.float32 if form == "onnx-float" else np.int64)
    assert session.run(None, {"readings": readings})[0].tolist() == given.predict(rows, tmp_path)


@pytest.mark.parametrize(
    ("form", "number", "message"),
    [
        (
            "onnx",
            7,
            r"^the sums of layer 1 may come to .* exact up to 9,223,372,036,854,775,807\. Narrower ranges \(`--range`\), ",
        ),
        (
            "onnx-float",
            23,
            r"^the sums of layer 1 may come to 1,813,260,071,048,248, and floats of 32 bits are exact up to 16,777",
        ),
        ("onnx-float", 23, r"16,777,216\. `--format onnx` computes in whole numbers\. Narrower ranges"),
    ],
)
def test_sums_that_would_be_rounded_are_refused(form: str, number: int, message: str, tmp_path: Path) -> None:
    needs_onnx()
    with pytest.raises(TooWide, match=message):
        form_of(form).files(exported(example(number, tmp_path)))


@pytest.mark.parametrize(("form", "bits"), [("onnx", 62), ("onnx-float", 23)])
def test_what_the_form_holds_fits_in_its_numbers(form: str, bits: int, tmp_path: Path) -> None:
    """Two sums of as many bits, one of which is subtracted."""
    needs_onnx()
    assert form_of(form).most_bits == bits
    most = 2**bits - 1
    largest = Neuron(((0, most), (1, -most)), 0)
    network = WholeNetwork((Reading("a", 0, 1), Reading("b", 0, 1)), (Count(0), Count(1)), ((largest,),), ("no", "yes"))
    assert form_of(form).files(Exported("net", network, example(0, tmp_path).file, ""))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("onnx")
    (folder / "iris.bdnn").write_text(SPEC)
    assert cli.main(["run", str(folder / "iris.bdnn"), "--out", str(folder / "run")]) == 0
    return folder / "run"


def test_the_verb_writes_a_model_that_answers_as_predict(run: Path, tmp_path: Path, capsys: Captured) -> None:
    needs_onnx()
    import onnx

    files = [tmp_path / "one.onnx", tmp_path / "two.onnx"]
    for file in files:
        assert cli.main(["export", str(run), "--format", "onnx", "-o", str(file)]) == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    said = {prop.key: prop.value for prop in onnx.load(files[0]).metadata_props}
    assert (said["name"], json.loads(said["classes"])) == ("iris", ["setosa", "versicolor", "virginica"])
    assert said["sha256"] == json.loads((run / "run.json").read_text())["result"]["network_sha256"]
    capsys.readouterr()
    assert script("onnx_rows.py").main(run, files[0], 400) == 0
    assert capsys.readouterr().out.startswith("400 rows, 3")
    assert cli.main(["export", str(run), "--format", "onnx", "-o", "-"]) == 2
    assert "`--format onnx` is no text: name a file with `-o`" in capsys.readouterr().err


def test_the_example_of_the_page(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    needs_onnx()
    (code,) = re.findall(r"```python\n(import json\n\nimport numpy.*?)```", (DOCS / "device.md").read_text(), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", str(run), "--format", "onnx", "-o", "iris.onnx"]) == 0
    names = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm"
    Path("new.csv").write_text(f"{names}\n5.1,3.5,1.4,0.2\n6.7,3.1,4.7,1.5\n")
    capsys.readouterr()
    assert cli.main(["predict", str(run), "new.csv"]) == 0
    classes = capsys.readouterr().out.split()[1:]
    exec(code, {})
    assert capsys.readouterr().out == f"{classes}\n"


def test_without_the_library(run: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "onnx" else found(name, *rest))
    assert cli.main(["export", str(run), "--format", "onnx"]) == 5
    assert "`--format onnx` needs a library: pip install onnx" in capsys.readouterr().err
