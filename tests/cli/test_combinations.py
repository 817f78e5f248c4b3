"""Every pair of flags of a verb: done or refused with a message, never a bug, and nothing ignored in silence."""

from itertools import combinations
from pathlib import Path

import pytest

from bdnnlang import cli

TINY = """bdnn 1
param w = 1
data random(samples=8, features=2) { test = 0% }
network { weights in {-1, 0, 1}, hidden w }
train { exact 1s }
"""
FLAGS = {
    "show": [
        ["--defaults"],
        ["--ast"],
        ["--spec"],
        ["--ir"],
        ["--after", "error_bits"],
        ["--milp"],
        ["--rules"],
        ["--full"],
        ["--format", "json"],
        ["--format", "bdnn"],
        ["--limit", "0"],
        ["--limit", "3"],
        ["--limit", "-1"],
        ["--formulation", "paper"],
        ["--without", "polarity"],
        ["--set", "train.seed=3"],
        ["-D", "w=2"],
        ["--output", "json"],
    ],
    "plan": [
        ["--format", "json"],
        ["--format", "text"],
        ["--formulation", "paper"],
        ["--formulation", "magic"],
        ["--without", "polarity"],
        ["--without", "magic"],
        ["--set", "train.seed=x"],
        ["-D", "v=2"],
        ["--output", "github"],
    ],
    "compile": [
        ["-o", "x.mps"],
        ["-o", "x.lp.gz"],
        ["-o", "x.txt"],
        ["-o", "-"],
        ["--to", "lp"],
        ["--to", "mps"],
        ["--formulation", "paper"],
        ["--names", "short"],
        ["--permute", "7"],
        ["--stats"],
        ["--output", "concise"],
    ],
    "check": [["--no-data"], ["--strict"], ["--output", "json"], ["--output", "github"], ["--output", "yaml"]],
    "explain": [["E107"], ["--output", "json"], ["E999"]],
    "solvers": [["--format", "json"], ["--format", "text"], ["--output", "json"]],
}
PAIRS = [(verb, [*a, *b]) for verb, flags in FLAGS.items() for a, b in combinations(flags, 2)]


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.bdnn").write_text(TINY)
    return "tiny.bdnn"


def run(arguments: list[str]) -> int:
    try:
        return cli.main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)


@pytest.mark.parametrize(("verb", "flags"), PAIRS, ids=[f"{verb} {' '.join(flags)}" for verb, flags in PAIRS])
def test_a_pair_of_flags_is_done_or_refused(verb: str, flags: list[str], spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run([verb, *([spec] if verb not in ("explain", "solvers") else []), *flags])
    out, err = capsys.readouterr()
    assert code in (0, 1, 2)
    assert bool(err) or code == 0
    assert "Traceback" not in err
    if verb in ("show", "plan", "solvers"):
        assert bool(out) == (code == 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("show SPEC --limit -1", "not a whole number from 0"),
        ("show SPEC --limit 1.5 --milp", "not a whole number from 0"),
        ("show SPEC --limit 3", "belongs to"),
        ("show SPEC --milp --format json", "--format json"),
        ("show SPEC --ast --format json", "--format json"),
        ("show SPEC --ir --milp", "not allowed with"),
        ("show . --format json", "run folder"),
        ("show . --set train.seed=3", "run folder"),
        ("show SPEC --full", "belongs to `--rules`"),
        ("show SPEC --ast --set train.seed=3", "takes no"),
        ("compile SPEC -o x.opb --permute 7", "would lose what is what"),
        ("compile SPEC -o x.lp --to mps", "contradicts"),
        ("compile SPEC", "required"),
        ("run SPEC --dask here:8786", "not the address of a Dask scheduler such as tcp://host:8786"),
        ("run SPEC --dask tcp://host:8786", "for stage `prove` and for sweeps"),
        ("run SPEC --workers 2", "for stage `prove` and for sweeps"),
        ("run SPEC --workers 0", "not a whole number from 1"),
        ("run SPEC --time 0", "must be more than 0s"),
        ("run SPEC --time 100000h", "at most 3650d"),
        ("run SPEC --time inf", "not a duration"),
        ("run SPEC --time -5", "not a duration"),
        ("run SPEC --time 10m", "did you mean `10min`?"),
        ("run SPEC --time 20%", "not a duration"),
        ("bench SPEC --time 0", "must be more than 0s"),
        ("bench SPEC --limits paper", "not a list"),
        ("bench SPEC --limits paper=0", "must be more than 0s"),
        ("bench SPEC --repeat 0", "not a whole number from 1"),
        ("bench SPEC --threads 1_0", "not a whole number from 1"),
        ("bench SPEC --json - --format markdown", "standard output"),
    ],
)
def test_nonsense_is_a_usage_error(arguments: str, words: str, spec: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([spec if word == "SPEC" else word for word in arguments.split()]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90.0), ("0.5", 0.5), ("1h30min", 5400.0), ("500ms", 0.5), ("3650d", 315360000.0)]
)
def test_durations_are_those_of_the_language(text: str, seconds: float) -> None:
    from bdnnlang.cli.parser import parser

    words = ["run", "x", "--time", text]
    assert parser(words).parse_args(words).time == seconds
