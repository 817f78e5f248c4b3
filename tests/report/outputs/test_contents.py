"""The files of the block `report`: scores with exact numbers, and drawings that are whole without a page around them."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from bdnnlang.api.training import train
from bdnnlang.language.spec import Plot
from bdnnlang.problem.class_scores import Confusion
from bdnnlang.report.outputs.confusion_chart import confusion_chart
from bdnnlang.report.outputs.contents import contents, svg_file
from bdnnlang.report.outputs.metrics import metrics_json
from bdnnlang.report.stated.of_summary import reported_of
from bdnnlang.report.stated.reported import Reported

SVG = "{http://www.w3.org/2000/svg}"
SPEC = """bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { local_search 20s { restarts = 0 } }
"""


@pytest.fixture(scope="module")
def run() -> Reported:
    result = train(SPEC)
    assert result.run is not None
    return reported_of(result.run, result.facts, "a run")


def texts(file: str) -> list[str]:
    """What a drawing shows; its parser refuses what is no XML."""
    root = ElementTree.fromstring(file.encode())
    assert root.tag == f"{SVG}svg"
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_scores_are_those_of_the_confusion(run: Reported) -> None:
    made = metrics_json(run)
    assert list(made) == ["schema", "status", "loss", "objective", "bound", "gap", "seconds", "classes", "parts"]
    assert (made["schema"], made["classes"], list(made["parts"])) == (1, ["versicolor", "virginica"], ["train", "test"])
    part = made["parts"]["train"]
    (a, b), (c, d) = part["confusion"]
    assert part["samples"] == a + b + c + d == 75
    assert made["loss"] == {"name": "zero_one", "value": b + c}
    assert part["accuracy"] == (a + d) / 75
    assert part["recall"] == [a / (a + b), d / (c + d)]
    assert part["precision"] == [a / (a + c), d / (b + d)]


def test_drawings_are_files_of_their_own(run: Reported) -> None:
    made = dict(contents(run, [Plot(("progress", "network", "confusion"))]))
    assert list(made) == ["progress.svg", "network.svg", "confusion.svg"]
    seen = {name: texts(file or "") for name, file in made.items()}
    assert "seconds" in " ".join(seen["progress.svg"])
    assert {"h1", "virginica"} <= set(seen["network.svg"])
    assert [text.partition(":")[0] for text in seen["confusion.svg"] if "right" in text] == ["train", "test"]


def test_a_matrix_has_a_row_for_each_true_class() -> None:
    drawn = svg_file(confusion_chart({"test": Confusion(np.array([[7, 1], [0, 12]]))}, ("a<b", "&")))
    assert texts(drawn) == ["test: 19 of 20 right, 95.0 %", "as a<b", "as &", "a<b", "&", "7", "1", "0", "12"]
    bold = [text.text for text in ElementTree.fromstring(drawn.encode()).iter(f"{SVG}text") if text.get("style")]
    assert bold == ["test: 19 of 20 right, 95.0 %", "7", "12"]
    shades = [float(cell.get("fill-opacity", "-1")) for cell in ElementTree.fromstring(drawn.encode()).iter(f"{SVG}rect")]
    assert shades == [0.29, 0.04, 0.0, 0.5]
