"""Robust sets and attacks: what they mean, and what is said when they are wrong."""

import pytest
from loading import codes, diagnostics_of, good

from bdnnlang.language.spec import (
    L1,
    L2,
    Box,
    BudgetSet,
    Column,
    EvaluateSpec,
    Interval,
    Linf,
    Perturbation,
    RandomSign,
    RobustSpec,
    WorstCase,
)

HEAD = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n"


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("linf(0.1)", Linf(0.1)),
        ("l1(1/2)", L1(0.5)),
        ("l2(0)", L2(0.0)),
        ("box(a=0.1, b=2)", Box(((Column("a"), 0.1), (Column("b"), 2.0)))),
        ("budget(0.1, gamma=3)", BudgetSet(0.1, 3)),
    ],
)
def test_sets(text, around):
    spec = good(f"{HEAD}robust {text}\nevaluate {{ attack {text} }}\n")
    assert spec.robust == RobustSpec(Perturbation(around))
    assert spec.evaluate == EvaluateSpec((WorstCase(Perturbation(around)),))


def test_a_param_can_be_a_radius():
    spec = good("bdnn 1\nparam r = 0.5 in [0, 1]\n" + HEAD.removeprefix("bdnn 1\n") + "robust linf(r)\n")
    assert spec.robust.perturbation.set == Linf(0.5)


def test_an_attack_takes_over_what_it_does_not_say():
    spec = good(
        HEAD + "robust linf(0.1) { features = [a], clip in [0, 1] }\n"
        "evaluate { attack linf(0.2), attack l1(1) { features = [b] }, attack box(c=1) { clip in [-1, 1] }, attack l2(1) }\n"
    )
    a, unit = (Column("a"),), Interval(0, 1)
    assert [attack.perturbation for attack in spec.evaluate.attacks] == [
        Perturbation(Linf(0.2), a, unit),
        Perturbation(L1(1.0), (Column("b"),), unit),
        Perturbation(Box(((Column("c"), 1.0),)), None, Interval(-1, 1)),
        Perturbation(L2(1.0), a, None),
    ]


def test_without_blocks_there_is_neither():
    spec = good(HEAD)
    assert (spec.robust, spec.evaluate.attacks) == (None, ())


def test_random_signs():
    spec = good(HEAD + "evaluate { attack random_sign([0, 0.5, 0.5]) }\n")
    assert spec.evaluate.attacks == (RandomSign((0.0, 0.5, 0.5)),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("robust", "E118"),
        ("robust linf", "E118"),
        ("robust linf()", "E118"),
        ("robust linf(1, 2)", "E118"),
        ("robust linf(0.1) linf(0.2)", "E118"),
        ("robust linf(-1)", "E114"),
        ("robust linf(10%)", "E111"),
        ('robust linf("a")', "E111"),
        ("robust 0.1", "E111"),
        ("robust linff(0.1)", "E116"),
        ("robust max(0.1)", "E116"),
        ("robust lonf", "E116"),
        ("robust random_sign([1])", "E116"),
        ("robust budget(0.1)", "E118"),
        ("robust budget(0.1, gamma=0)", "E114"),
        ("robust budget(0.1, gama=2)", "E102"),
        ("robust box()", "E118"),
        ("robust box(0.1)", "E118"),
        ("robust box(a=1, a=2)", "E105"),
        ("robust box(a=-1)", "E114"),
        ("robust box(a=1) { features = [b] }", "E124"),
        ("robust l1(0.1) { clip in [0, 1] }", "E124"),
        ("robust linf(0.1) { clip in int[0, 1] }", "E111"),
        ("robust linf(0.1) { clip in [1, 0] }", "E112"),
        ("robust linf(0.1) { clip = [0, 1] }", "E107"),
        ("robust linf(0.1) { method = certifed }", "E116"),
        ("robust linf(0.1) { features = [] }", "E114"),
        ("robust linf(0.1)\nrobust l1(0.1)", "E105"),
        ("evaluate linf(0.1)", "E118"),
        ("evaluate { attack }", "E118"),
        ("evaluate { attak linf(0.1) }", "E103"),
        ("evaluate { attack random_sign(0.1) }", "E111"),
        ("evaluate { attack random_sign([-1]) }", "E114"),
        ("evaluate { attack random_sign([1]) { clip in [0, 1] } }", "E124"),
        ("evaluate { attack l2(0.1) { clip in [0, 1] } }", "E124"),
    ],
)
def test_what_is_wrong(text, code):
    assert code in codes(f"{HEAD}{text}\n")


def test_the_likely_meaning():
    assert [d.suggestion for d in diagnostics_of(HEAD + "robust linff(0.1)\n")] == ["linf"]
    assert [d.suggestion for d in diagnostics_of(HEAD + "robust max(0.1)\n")] == ["linf"]
    assert [d.suggestion for d in diagnostics_of(HEAD + "evaluate { attack random_sgn([1]) }\n")] == ["random_sign"]


def test_one_fact_on_the_command_line():
    spec = good(HEAD + "robust linf(0.1) { clip in [0, 1] }\n", sets=["robust.clip=[0, 2]"])
    assert spec.robust.perturbation.clip == Interval(0, 2)


def test_a_used_file_can_bring_the_set():
    files = {"r.bdnn": "bdnn 1 fragment\nrobust linf(0.1) { clip in [0, 1] }\n"}
    spec = good(HEAD.replace("bdnn 1\n", 'bdnn 1\nuse "r.bdnn"\n'), files)
    assert spec.robust == RobustSpec(Perturbation(Linf(0.1), None, Interval(0, 1)))
