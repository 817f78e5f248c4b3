"""The effective spec: every default written out, in canonical layout. `test_round_trip` reads random ones again."""

from loading import MINIMAL, diagnostics_of, good

from bdnnlang.language.effective import effective, show_spec
from bdnnlang.language.format.canonical import laid_out
from bdnnlang.language.spec import Binarize, Column, Drop, Quantize, Scale
from bdnnlang.source import Source


def test_params_have_done_their_work():
    spec = good(MINIMAL.replace("data", "param w = 3\ndata").replace("hidden 2", "hidden w"))
    assert "# param w = 3" in effective(spec)
    assert diagnostics_of(effective(spec)) == ()


def test_text():
    assert effective(good(MINIMAL)) == (
        "bdnn 1\n\n"
        "data iris {\n  test = 25%\n  validation = 0%\n  split_seed = 0\n  stratify = true\n  scale minmax\n}\n\n"
        "network {\n  weights in [-1, 1]\n  thresholds = per_neuron\n  hidden 2\n  output { encoding = auto }\n}\n\n"
        "train {\n  seed = 0\n  threads = 1\n  solver = auto\n  formulation = tight\n"
        "  exact 1min { gap = 0%, parts = 1, by_function = false, warm_start = true }\n}\n"
    )


def test_the_default_scaling_stands_before_the_levels():
    spec = good(MINIMAL.replace("data iris", "data iris { quantize 4, drop [1] }"))
    assert spec.data.steps == (Scale("minmax"), Quantize(4), Drop((Column(1),)))
    assert "  scale minmax\n  quantize 4\n  drop [1]\n" in effective(spec)


def test_what_binarize_compares_is_not_scaled():
    spec = good(MINIMAL.replace("data iris", "data iris { binarize 0.5, drop [1] }"))
    assert spec.data.steps == (Scale("none"), Binarize(0.5), Drop((Column(1),)))
    assert "  scale none\n  binarize 0.5\n  drop [1]\n" in effective(spec)


def test_dump_shows_types():
    dump = show_spec(good(MINIMAL))
    assert "weights: Interval\n          lower: -1.0\n" in dump
    assert "span" not in dump


def test_it_is_formatted():
    columns = ", ".join(f'"{letter * 9}"' for letter in "abcdefghijkl")
    text = effective(good(MINIMAL.replace("data iris", f'data csv("a.csv") {{ drop [{columns}] }}')))
    assert '\n  drop [\n    "aaaaaaaaa", ' in text
    assert laid_out(Source("x.bdnn", text)) == text
