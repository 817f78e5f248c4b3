"""`--output sarif`: a log whose shape is that of SARIF 2.1.0, whose rules are pages and whose columns are UTF-16."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bdnnlang import cli
from bdnnlang.cli.document import Document, FileReport
from bdnnlang.cli.sarif import sarif_text
from bdnnlang.language.reading.errors import GivenTwice, NoEdition
from bdnnlang.source import Source, Span

BAD = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain {\n  seed = 1, seed = 2\n  exakt 1min\n}\n"

# What the schema of the standard says of the objects that we write: their properties, and those that are required. The whole
# schema (112 kB) accepted the log of every pair in tests/errors when this was written.
REGION = ({"startLine": int, "startColumn": int, "endLine": int, "endColumn": int}, ())
MESSAGE = ({"text": str}, ("text",))
ARTIFACT = ({"uri": str}, ())
PHYSICAL = ({"artifactLocation": ARTIFACT, "region": REGION}, ())
LOCATION = ({"id": int, "physicalLocation": PHYSICAL, "message": MESSAGE}, ())
REPLACEMENT = ({"deletedRegion": REGION, "insertedContent": ({"text": str}, ())}, ("deletedRegion",))
CHANGE = ({"artifactLocation": ARTIFACT, "replacements": [REPLACEMENT]}, ("artifactLocation", "replacements"))
FIX = ({"description": MESSAGE, "artifactChanges": [CHANGE]}, ("artifactChanges",))
RESULT = (
    {
        "ruleId": str,
        "ruleIndex": int,
        "level": str,
        "message": MESSAGE,
        "locations": [LOCATION],
        "relatedLocations": [LOCATION],
        "fixes": [FIX],
    },
    ("message",),
)
RULE = (
    {
        "id": str,
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": ({"text": str, "markdown": str}, ("text",)),
        "defaultConfiguration": ({"level": str}, ()),
    },
    ("id",),
)
DRIVER = ({"name": str, "semanticVersion": str, "rules": [RULE]}, ("name",))
NOTIFICATION = ({"level": str, "message": MESSAGE}, ("message",))
INVOCATION = (
    {"commandLine": str, "executionSuccessful": bool, "exitCode": int, "toolExecutionNotifications": [NOTIFICATION]},
    ("executionSuccessful",),
)
RUN = (
    {"tool": ({"driver": DRIVER}, ("driver",)), "invocations": [INVOCATION], "columnKind": str, "results": [RESULT]},
    ("tool",),
)
LOG = ({"$schema": str, "version": str, "runs": [RUN]}, ("version", "runs"))


def check(value: Any, shape: Any, place: str = "log") -> None:
    """`shape`: a type, a list of one shape, or properties with their shapes and the required ones."""
    if isinstance(shape, list):
        assert isinstance(value, list), place
        for number, item in enumerate(value):
            check(item, shape[0], f"{place}[{number}]")
    elif isinstance(shape, tuple):
        properties, required = shape
        assert set(required) <= set(value) <= set(properties), place
        for name, item in value.items():
            check(item, properties[name], f"{place}.{name}")
    else:
        assert type(value) is shape, place
        assert shape is not int or not place.endswith(("Line", "Column")) or value >= 1, place
        assert not place.endswith(("level", "Level")) or value in ("none", "note", "warning", "error"), place


def log(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = cli.main([*arguments, "--output", "sarif"])
    content = json.loads(capsys.readouterr().err)
    check(content, LOG)
    assert content["version"] == "2.1.0"
    (run,) = content["runs"]
    return code, run


def test_a_result_has_its_rule_its_places_and_its_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a b.bdnn").write_text(BAD)
    code, run = log(["check", "a b.bdnn"], capsys)
    assert (code, run["columnKind"]) == (1, "utf16CodeUnits")
    twice, unknown = run["results"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == ["E105", "E103"]
    assert [rule["id"] for rule in rules] == ["E103", "E105"]
    assert rules[0]["help"]["text"].startswith("error E103: ")
    assert "But like this:\n\n```\nbdnn 1\n" in rules[0]["help"]["markdown"]
    assert twice["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20b.bdnn"},
        "region": {"startLine": 5, "startColumn": 13, "endLine": 5, "endColumn": 21},
    }
    assert twice["relatedLocations"][0]["message"] == {"text": "the first time"}
    assert twice["relatedLocations"][0]["physicalLocation"]["region"]["startColumn"] == 3
    assert unknown["message"]["text"].endswith("(did you mean `exact`?)")
    (replacement,) = unknown["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement == {
        "deletedRegion": {"startLine": 6, "startColumn": 3, "endLine": 6, "endColumn": 8},
        "insertedContent": {"text": "exact"},
    }


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[1] / "errors").glob("E1*.bdnn"))[::4], ids=lambda path: path.stem)
def test_every_error_has_the_shape(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, run = log(["check", "--no-data", str(path)], capsys)
    assert path.stem[:4] in {result["ruleId"] for result in run["results"]}
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert uris == {path.as_uri()}


def test_columns_are_of_utf_16_without_a_byte_order_mark() -> None:
    source = Source("x.bdnn", "\ufeff𝔸é = 1, é𝔸 = 1\n")
    error = GivenTwice(span=Span(source, 9, 11), second=Span(source, 1, 3), name="𝔸é")
    content = json.loads(sarif_text(Document("check", [FileReport("x.bdnn", diagnostics=[error])]), "bdnnc check x.bdnn", 1))
    (result,) = content["runs"][0]["results"]
    places = [result["locations"][0], result["relatedLocations"][0]]
    regions = [place["physicalLocation"]["region"] for place in places]
    assert [(region["startColumn"], region["endColumn"]) for region in regions] == [(10, 13), (1, 4)]


def test_without_a_place_it_is_about_the_file() -> None:
    document = Document("check", [FileReport("x.bdnn", diagnostics=[NoEdition()])])
    content = json.loads(sarif_text(document, "bdnnc check x.bdnn", 0))
    check(content, LOG)
    (result,) = content["runs"][0]["results"]
    assert result["level"] == "warning"
    assert result["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "x.bdnn"}}}]


def test_files_that_cannot_be_read_and_remarks_are_notifications(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ugly = tmp_path / "ugly.bdnn"
    ugly.write_text("a=1\n")
    code, run = log(["fmt", "--check", str(ugly), str(tmp_path / "missing.bdnn")], capsys)
    (invocation,) = run["invocations"]
    assert (code, invocation["exitCode"], invocation["executionSuccessful"]) == (2, 2, False)
    assert [one["level"] for one in invocation["toolExecutionNotifications"]] == ["error", "note"]
    assert invocation["commandLine"].startswith("bdnnc fmt --check ")


def test_nothing_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.bdnn").write_text("a = 1\n")
    code, run = log(["fmt", "--check", str(tmp_path)], capsys)
    assert (code, run["results"], run["tool"]["driver"]["rules"]) == (0, [], [])
    assert run["invocations"][0]["executionSuccessful"]
