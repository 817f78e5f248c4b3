"""The table of verbs: a file each, its flags beside what it does."""

import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bdnnlang.cli import verbs
from bdnnlang.cli.parser import parser
from bdnnlang.cli.verbs import VERBS, load, module_of

ROOT = Path(__file__).parents[2]


def test_each_file_is_a_verb_of_the_table() -> None:
    found = pkgutil.walk_packages(verbs.__path__, f"{verbs.__name__}.")
    assert {module.name for module in found if not module.ispkg} == set(map(module_of, VERBS))
    assert {load(name).run.__module__ for name in VERBS} == set(map(module_of, VERBS))


def test_the_help_lists_the_verbs_in_order() -> None:
    words = parser([]).format_help().split("VERB\n", 1)[1]
    found = [re.search(rf"(?:^|\n) {{0,6}}{name}\s", words) for name in VERBS]  # what is said of them stands further right
    places = [match.start() for match in found if match]
    assert len(places) == len(VERBS)
    assert places == sorted(places)


@pytest.mark.parametrize("name", VERBS)
def test_the_readme_has_a_line_about_it(name: str) -> None:
    assert f"`bdnnc {name}" in (ROOT / "README.md").read_text()


def imported(words: list[str], *packages: str) -> list[str]:
    """The modules of these packages that parsing a command line imports."""
    code = (
        "import sys; from bdnnlang.cli.dispatch import parser, run_verb\n"
        f"try:\n    run_verb({words})\n"
        f"finally:\n    print(*sorted(name for name in sys.modules if f'{{name}}.'.startswith({packages})), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert "usage: bdnnc" in done.stdout
    return done.stderr.split()


def test_the_help_imports_no_verb() -> None:
    assert imported(["--help"], "bdnnlang.cli.verbs.", "bdnnlang.language.", "bdnnlang.compiler.", "lark.", "numpy.") == [
        "bdnnlang.cli.verbs"
    ]


@pytest.mark.parametrize("name", VERBS)
def test_the_help_of_a_verb_imports_no_other_and_nothing_heavy(name: str) -> None:
    libraries = ("numpy.", "scipy.", "sklearn.", "rich.", "pyscipopt.")
    heavy = (*libraries, "bdnnlang.run.schedule.", "bdnnlang.model.", "bdnnlang.problem.")
    assert imported([name, "--help"], "bdnnlang.cli.verbs.", *heavy) == [
        "bdnnlang.cli.verbs",
        module_of(name).rpartition(".")[0],
        module_of(name),
    ]
