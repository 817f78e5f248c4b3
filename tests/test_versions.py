"""What is installed was tested: `constraints.txt` fits `pyproject.toml`, README takes it; lower bounds are found."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([\w-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE))


def requirements() -> list[str]:
    project = tomllib.loads(PROJECT)["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    return sorted({*project["dependencies"], *extras} - {"bdnnlang[test]"})


def number(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("requirement", requirements())
def test_a_requirement_is_pinned_within_its_bounds(requirement: str) -> None:
    name, lower = re.split(r">=", requirement.split(",")[0])
    pin = {normal(name): pin for name, pin in PINS.items()}[normal(name)]
    assert number(pin) >= number(lower)
    if upper := re.search(r"<(\d+)", requirement):
        assert number(pin)[0] < int(upper[1])


@pytest.mark.parametrize("mark", ["run", "test"])
def test_readme_installs_what_was_tested(mark: str) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(rf"<!-- {mark} -->\n```sh\n(.*?)\n```", text, re.DOTALL)
    assert command is not None
    assert "pip install -q -c constraints.txt " in command[1]


def test_nothing_tells_to_install_what_is_on_no_index() -> None:
    """The package itself comes from a checkout: a hint names libraries."""
    files = [ROOT / "README.md", *(ROOT / "bdnnlang").rglob("*.py"), *(ROOT / "tests" / "errors").glob("*.err")]
    assert [path for path in files if re.search(r"pip install [^`\n]*bdnnlang", path.read_text(encoding="utf-8"))] == []


def test_lower_bounds_are_those_of_the_project() -> None:
    bounds = runpy.run_path(str(ROOT / ".ci" / "bounds.py"))["lower_bounds"]
    text = """
[project]
dependencies = ["lark>=1.3,<2", "numpy>=1.26"]
[project.optional-dependencies]
test = ["pytest>=8", "bdnnlang[highs]", "numpy>=1.26"]
"""
    assert bounds(text) == ["lark==1.3", "numpy==1.26", "pytest==8"]
    assert len(bounds(PROJECT)) == len(requirements())
