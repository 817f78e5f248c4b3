"""Run folders as reports show them, of earlier versions too; what is damaged is said."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Golden
from report.html.seen import Seen

from bdnnlang.compiler import CannotRead
from bdnnlang.folder.reported import reported
from bdnnlang.report.html.page import page
from bdnnlang.report.stated.side_by_side import side_by_side, side_by_side_lines

RUNS = Path(__file__).parent / "runs"
SCHEMAS = ("schema_1", "schema_2", "schema_2_compare")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_folders_of_earlier_versions(schema: str) -> None:
    run = reported(RUNS / schema)
    assert run.name == schema
    assert run.network is not None
    assert run.network.classes == ("no", "yes")
    assert run.trace.stages
    assert run.trace.objective
    seen = Seen(page([run]))
    assert "How to reproduce it" in seen.of("h2")
    assert f"bdnnc verify {RUNS / schema}" in seen.text


def test_compared_models() -> None:
    seen = Seen(page([reported(RUNS / "schema_2_compare")]))
    stated = json.loads((RUNS / "schema_2_compare" / "run.json").read_text())["compare"]
    assert "Compared models" in seen.of("h2")
    assert all(any(cell.startswith(one["model"]) for cell in seen.of("th")) for one in stated)


def test_several_side_by_side() -> None:
    runs = [reported(RUNS / schema) for schema in SCHEMAS]
    table = side_by_side(runs)
    assert table[0] == ["run", *SCHEMAS]
    rows = {name: cells for name, *cells in table[1:]}
    assert rows["network"] == [" → ".join(map(str, run.network.network.widths)) for run in runs if run.network]
    assert rows["loss"] == [str(run.stated.loss) for run in runs]
    assert not {"objective", "certified", "requirements"} & rows.keys()  # none has any
    assert side_by_side_lines(runs)[0].split() == ["run", *SCHEMAS]
    across = side_by_side([*runs, *runs])
    assert [row[0] for row in across] == ["run", *SCHEMAS, *SCHEMAS]  # of many each is a row
    seen = Seen(page(runs))
    assert seen.of("h1") == ["3 runs side by side"]
    assert all(seen.of("h3").count(schema) >= 5 for schema in SCHEMAS)


def altered(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    folder = Path(shutil.copytree(RUNS / "schema_2", tmp_path / "run"))
    content = json.loads((folder / "run.json").read_text())
    change(content)
    (folder / "run.json").write_text(json.dumps(content))
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda run: run["confusion"].update(train=[[1, 2]]),
        lambda run: run["confusion"].update(secret=[[1, 2], [3, 4]]),
        lambda run: run["confusion"].update(train=[[1, 2], [3, -4]]),
        lambda run: run["confusion"].update(train=[[1, 2], [3, 10**25]]),
        lambda run: run["data"].update(rows="many"),
        lambda run: run.update(requirements=[{"text": "features <= 3", "train": {"value": [], "holds": True}}]),
        lambda run: run.update(counts={"train": 3}),
        lambda run: run["result"].update(network_sha256="0" * 64),
    ],
)
def test_damage_is_said(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(CannotRead):
        reported(altered(tmp_path, change))


def test_a_network_of_another_spec(tmp_path: Path) -> None:
    folder = altered(tmp_path, lambda run: None)
    text = (folder / "spec.bdnn").read_text()
    (folder / "spec.bdnn").write_text(text.replace("hidden 2\n", "hidden 2\n  hidden 2\n", 1))
    with pytest.raises(CannotRead, match="another number of layers"):
        reported(folder)


def test_without_a_journal(tmp_path: Path) -> None:
    folder = altered(tmp_path, lambda run: None)
    (folder / "journal.jsonl").unlink()
    run = reported(folder)
    assert len(run.trace.stages) == len(run.stated.stages)


def test_the_page_of_a_folder(golden: Golden) -> None:
    """All of it but for its style, an element a line."""
    run = replace(reported(RUNS / "schema_2_compare"), folder="runs/compared")
    text = re.sub(r"<style>.*?</style>", "<style></style>", page([run]), flags=re.DOTALL)
    golden(Path(__file__).parent / "golden" / "page.html.txt", text.replace("><", ">\n<"))
