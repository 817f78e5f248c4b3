"""The table of verbs: a file each, its flags beside what it does."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from bdnnlang.cli import verbs
from bdnnlang.cli.parser import parser
from bdnnlang.cli.verbs import VERBS

ROOT = Path(__file__).parents[2]


def test_each_file_is_a_verb_of_the_table() -> None:
    assert {module.name for module in pkgutil.iter_modules(verbs.__path__)} == set(VERBS)
    for name, verb in VERBS.items():
        assert verb is getattr(verbs, name).VERB
        assert verb.run.__module__ == f"bdnnlang.cli.verbs.{name}"


def test_the_help_lists_the_verbs_in_order() -> None:
    words = parser().format_help().split("VERB\n", 1)[1]
    places = [words.index(f"\n    {name} ") if i else words.index(name) for i, name in enumerate(VERBS)]
    assert places == sorted(places)
    assert list(VERBS) == ["check", "show", "plan", "compile", "run", "bench", "verify", "predict", "solvers", "explain"]


@pytest.mark.parametrize("name", VERBS)
def test_the_readme_has_a_line_about_it(name: str) -> None:
    assert f"`bdnnc {name}" in (ROOT / "README.md").read_text()


def test_the_parser_needs_nothing_heavy() -> None:
    heavy = "{'numpy', 'scipy', 'sklearn', 'rich', 'pyscipopt', 'bdnnlang.run', 'bdnnlang.model', 'bdnnlang.problem'}"
    code = f"import sys; from bdnnlang.cli.parser import parser; parser(); sys.exit(' '.join({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.stderr.strip() == ""
