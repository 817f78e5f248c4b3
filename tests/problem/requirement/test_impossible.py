"""What no network can satisfy is said before anything is solved, and nothing that one does satisfy."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from bdnnlang import compiler
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.problem.requirement.base import Inequality
from bdnnlang.problem.requirement.impossible import _is_impossible
from bdnnlang.render import render

ERRORS = Path(__file__).parents[2] / "errors"
TABLE = "a,b,sex,y\n1,2,f,no\n1,2,m,yes\n2,3,f,no\n2,3,f,no\n2,3,m,yes\n4,4,m,yes\n5,1,f,no\n5,6,m,yes\n"


def said(folder: Path, require: str, weights: str = "{-1, 0, 1}", robust: str = "") -> tuple[Diagnostic, ...]:
    """What is wrong with requirements on a table with equal rows of different classes."""
    (folder / "t.csv").write_text(TABLE)
    data = 'data csv("t.csv") { drop [sex], scale none, test = 0% }'
    text = (
        f"bdnn 1\n{data}\nnetwork {{ weights in {weights}, hidden 2 }}\n{robust}\nrequire {{ {require} }}\ntrain {{ exact 1s }}\n"
    )
    (folder / "x.bdnn").write_text(text)
    spec, _ = compiler.read_spec(folder / "x.bdnn")
    try:
        compiler.training_problem(spec, compiler.read_data(spec, folder))
    except Rejected as rejected:
        return rejected.diagnostics
    return ()


@pytest.mark.parametrize(
    ("require", "wanted"),
    [
        ("errors <= 1", "no network satisfies `errors <= 1`: rows 1 and 2, 3 and 5 are equal, and their classes differ"),
        ("accuracy >= 80%", "rows 1 and 2, 3 and 5 are equal"),
        ('errors("no") <= 0, errors("yes") <= 0', '`errors("no") <= 0`, `errors("yes") <= 0`: rows 1 and 2'),
        ('recall("yes") >= 100%, specificity("yes") >= 70%', "rows 1 and 2"),
        ('errors("no") <= 0, recall("yes") >= 60%', "rows 1 and 2"),
        ('precision("yes") >= 100%, recall("yes") >= 60%', "rows 1 and 2"),
        ("features <= 0, errors <= 3", "a network that may use no feature says one class of all samples"),
        ("never = [a, b], accuracy >= 70%", '`never = ["a", "b"]`, `accuracy >= 70%`: a network that may use no feature'),
        ("neurons <= 0, accuracy >= 70%", "says one class"),
        ("bytes <= 3", "no network satisfies `bytes <= 3`: its networks take 4 at least"),
    ],
)
def test_what_cannot_be(require: str, wanted: str, tmp_path: Path) -> None:
    found = said(tmp_path, require)
    assert {one.code for one in found} == {"E253"}
    assert wanted in " ".join(one.message for one in found)


@pytest.mark.parametrize(
    "require",
    [
        "errors <= 2",
        "accuracy >= 75%",
        'errors("yes") <= 0, recall("no") >= 25%',
        'recall("yes") >= 100%, specificity("yes") >= 25%',
        "features <= 0, errors <= 4",
        "never = [a], accuracy >= 50%",
        'rate_gap("sex") <= 0%',
        "bytes <= 4",
    ],
)
def test_what_can_be(require: str, tmp_path: Path) -> None:
    assert said(tmp_path, require) == ()


def test_what_does_not_go_together(tmp_path: Path) -> None:
    (never,) = said(tmp_path, "never = [a]", weights="{-1, 1}")
    (certified,) = said(tmp_path, "accuracy >= 50%, features <= 1", robust="robust linf(1) { method = certified }")
    assert (never.code, never.message) == ("E252", '`never = ["a"]` does not go together with weights that cannot be 0')
    assert (certified.code, certified.message) == ("E252", "`accuracy >= 50%` does not go together with `method = certified`")


def test_never_said_of_what_is_possible() -> None:
    """Against all ways to put groups of equal samples into classes."""
    rng = np.random.default_rng(1)
    found = 0
    for _ in range(150):
        groups, classes = rng.integers(0, 3, 5), int(rng.integers(2, 4))
        groups = np.unique(groups, return_inverse=True)[1].reshape(-1)
        count = int(groups.max()) + 1
        rows = [Inequality(rng.integers(-3, 4, (5, classes)), int(rng.integers(-8, 1))) for _ in range(2)]
        ways = (np.array(way)[groups] for way in product(range(classes), repeat=count))
        is_possible = any(all(row.at(way) <= row.most for row in rows) for way in ways)
        said_so = _is_impossible(rows, groups)
        assert not (is_possible and said_so)
        found += said_so
    assert found > 20


@pytest.mark.parametrize("name", ["E252", "E253"])
def test_golden(name: str, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ERRORS)
    spec, _ = compiler.read_spec(Path(f"{name}.bdnn"))
    with pytest.raises(Rejected) as rejected:
        compiler.training_problem(spec, compiler.read_data(spec, ERRORS))
    assert {one.code for one in rejected.value.diagnostics} == {name}
    golden(ERRORS / f"{name}.err", render(rejected.value.diagnostics, "full"))
