"""Model files: what they say, byte for byte, and what solvers read in them."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from milps import INF, brute_force, make, mixed, random_integer, random_mixed
from readers import HIGHS, SCIP, as_one_sided, ask, by_names, cbc, glpsol

import bdnnlang as bd
from bdnnlang import compiler, solve
from bdnnlang.model.milp import Family, Milp
from bdnnlang.solve.files import lp, mps, repeats, text

GOLDEN = Path(__file__).parent.parent / "golden"


def text_of(form: str, milp: Milp, **options: Any) -> str:
    stream = io.BytesIO()
    solve.write(form, milp, stream, **options)
    return stream.getvalue().decode()


@pytest.mark.parametrize(
    ("name", "form", "options"),
    [("mixed.mps", "mps", {}), ("mixed.lp", "lp", {}), ("mixed_short.mps", "mps", {"names": "short"})],
)
def test_golden(name: str, form: str, options: dict[str, Any], golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / name, text_of(form, mixed(), **options))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Milp, Path]]:
    """Each program as MPS and as LP."""
    folder = tmp_path_factory.mktemp("files")
    programs = [mixed(), *map(random_mixed, range(4)), *filter(brute_force, map(random_integer, range(6)))]
    made = []
    for k, milp in enumerate(programs):
        for name in ("a.mps", "b.lp"):
            milp = replace(milp, unit=Fraction(1, 1 + k % 3))  # a comment that no reader minds
            path = folder / f"{k}{name}"
            solve.save(path.suffix[1:], milp, path)
            made.append((milp, path))
    return made


def test_highs_reads_the_very_same_program(files: list[tuple[Milp, Path]]) -> None:
    for (milp, path), said in zip(files, ask(HIGHS, *(path for _, path in files)), strict=True):
        assert "olwise" in said["format"], path
        as_one_sided(milp, said)


@pytest.mark.parametrize("form", ["mps", "lp", "cip"])
def test_no_reader_minds_comments(form: str, tmp_path: Path) -> None:
    paths = [tmp_path / f"without.{form}", tmp_path / f"with.{form}"]
    for path, comments in zip(paths, ((), SAYINGS), strict=True):
        solve.save(form, random_integer(0), path, comments=comments)
    for reader in (SCIP,) if form == "cip" else (HIGHS, SCIP):
        without, with_ = ask(reader, *paths)
        assert without == with_


def test_all_readers_agree_on_the_optimum(files: list[tuple[Milp, Path]]) -> None:
    paths = [path for _, path in files]
    for (milp, path), highs, scip in zip(files, ask(HIGHS, *paths), ask(SCIP, *paths), strict=True):
        assert (highs["status"], scip["status"]) == ("Optimal", "optimal"), path
        assert scip["optimum"] == pytest.approx(highs["optimum"], abs=1e-5, rel=1e-5), path
        if milp.integrality.all():
            assert highs["optimum"] == pytest.approx(brute_force(milp), abs=1e-6), path


@pytest.mark.parametrize("reader", [cbc, glpsol], ids=["cbc", "glpsol"])
def test_other_readers_agree(reader: Any, files: list[tuple[Milp, Path]]) -> None:
    if shutil.which(reader.__name__) is None:
        pytest.skip(f"{reader.__name__} is not installed")
    paths = [path for _, path in files]
    for path, highs in zip(paths, ask(HIGHS, *paths), strict=True):
        assert reader(path) == pytest.approx(highs["optimum"], abs=1e-4, rel=1e-4), path


@pytest.mark.parametrize("form", ["mps", "lp"])
def test_blocks_leave_no_seam(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = [mixed(), random_mixed(7)]
    whole = [text_of(form, milp) for milp in programs]
    monkeypatch.setattr(mps, "ENTRIES", 3)
    monkeypatch.setattr(lp, "ENTRIES", 3)
    monkeypatch.setattr(lp, "BLOCK", 3)
    monkeypatch.setattr(text, "LINES", 2)
    assert [text_of(form, milp) for milp in programs] == whole


@pytest.mark.parametrize("form", ["mps", "lp"])
def test_memory_does_not_grow_with_coefficients(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 48,000 coefficients more, none leaves as much as a byte behind."""
    monkeypatch.setattr(mps, "ENTRIES", 1 << 12)
    monkeypatch.setattr(repeats, "KEPT", 1 << 16)
    monkeypatch.setattr(lp, "ENTRIES", 1 << 12)
    monkeypatch.setattr(lp, "BLOCK", 1 << 13)
    monkeypatch.setattr(text, "LINES", 1 << 9)
    small, large = full(columns=40, rows=600), full(columns=120, rows=600)
    assert peak_of_writing(form, large) - peak_of_writing(form, small) < large.nonzeros - small.nonzeros


def full(*, columns: int, rows: int) -> Milp:
    """Coefficients everywhere, of a thousand values."""
    rng = np.random.default_rng(columns)
    matrix = rng.choice(rng.normal(size=1000), size=(rows, columns))
    return make(matrix, np.full(rows, -INF), np.ones(rows), *np.array([[-1.0], [0.0], [1.0]]) * np.ones(columns))


def peak_of_writing(form: str, milp: Milp) -> int:
    """Bytes above what there was before; what is written goes nowhere."""
    with open(os.devnull, "wb", buffering=0) as nowhere:
        solve.write(form, mixed(), nowhere)  # what is made once
        tracemalloc.start()
        try:
            solve.write(form, milp, nowhere)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


NEURONS = """
bdnn 1
data random(samples=30, features=3, seed=1) { test = 0% }
network { hidden 12 }
train { formulation = paper, exact 10s }
"""


@pytest.fixture(scope="module")
def neurons() -> Milp:
    """Twelve neurons that share the coefficients of thirty samples, some of which are 0: names get longer on the way."""
    spec = bd.load_spec(NEURONS)
    return compiler.build_milp(spec, compiler.read_data(spec, Path()))


@pytest.mark.parametrize(("kept", "shifts"), [(1 << 26, 8), (1 << 26, 0), (1, 8)])
def test_repeated_columns_are_as_if_written_anew(kept: int, shifts: int, neurons: Milp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether their texts are changed, or not remembered, or cannot be changed."""
    mixed_up = replace(neurons, value=np.where(np.arange(neurons.nonzeros) % 70 == 0, 0.5, neurons.value))
    dear = replace(neurons, col_cost=np.ones(neurons.columns))
    programs = [neurons, mixed_up, dear, mixed()]
    monkeypatch.setattr(mps, "LONG", 1 << 30)
    whole = [text_of("mps", milp) for milp in programs]
    monkeypatch.setattr(mps, "LONG", 2)
    monkeypatch.setattr(repeats, "KEPT", kept)
    monkeypatch.setattr(repeats, "SHIFTS", shifts)
    assert [text_of("mps", milp) for milp in programs] == whole


def test_repeated_columns_are_found(neurons: Milp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the weights of twelve neurons those of the first with one digit and with two are laid out."""
    made: list[str] = []
    make = repeats.RepeatedColumns._made

    def noted(self: repeats.RepeatedColumns, name: bytes, *rest: Any) -> Any:
        made.append(name.decode())
        return make(self, name, *rest)

    monkeypatch.setattr(repeats.RepeatedColumns, "_made", noted)
    monkeypatch.setattr(mps, "LONG", 50)
    text_of("mps", neurons)
    assert [name for name in made if name.startswith("W1_")] == [f"W1_{k}_{f}" for k in (0, 10) for f in range(3)]


@pytest.mark.parametrize("names", ["long", "short"])
@pytest.mark.parametrize("form", ["mps", "lp"])
def test_a_permuted_file_is_the_same_program(form: str, names: str, tmp_path: Path) -> None:
    """By names, bit for bit; and its optimum."""
    programs = [mixed(), random_integer(0), random_mixed(1)]
    paths = []
    for k, milp in enumerate(programs):
        rng = np.random.default_rng(k)
        permuted = milp.permuted(rng.permutation(milp.columns), rng.permutation(milp.rows))
        assert not np.array_equal(permuted.start, milp.start)
        for which, one in (("a", milp), ("b", permuted)):
            paths.append(tmp_path / f"{k}{which}.{form}")
            solve.save(form, one, paths[-1], names=names)
    said = ask(HIGHS, *paths)
    for plain, permuted in zip(said[::2], said[1::2], strict=True):
        assert plain["names"] != permuted["names"]
        assert by_names(plain) == by_names(permuted)
        assert plain["optimum"] == pytest.approx(permuted["optimum"], abs=1e-9)


@pytest.mark.parametrize(("form", "mark"), [("mps", "*"), ("lp", "\\")])
def test_the_unit_of_the_objective_is_said(form: str, mark: str) -> None:
    """A comment on the second line; the first names the program, as CBC wants it."""
    lines = text_of(form, replace(mixed(), unit=Fraction(1, 4))).splitlines()
    assert lines[1] == f"{mark} the objective counts units of 1/4: times 1/4 it is the loss with its penalties"
    del lines[1]
    assert lines == text_of(form, mixed()).splitlines()


SAYINGS = ("a spec: spécs/x.bdnn", "two\nlines", "w" * 300, "")


@pytest.mark.parametrize(("form", "mark"), [("mps", "*"), ("lp", "\\")])
def test_comments_stand_below_the_first_line(form: str, mark: str) -> None:
    first, *rest = text_of(form, mixed()).splitlines()
    lines = text_of(form, mixed(), comments=SAYINGS).splitlines()
    said = [f"{mark} a spec: sp\\xe9cs/x.bdnn", f"{mark} two lines", *[f"{mark} {'w' * k}" for k in (120, 120, 60)], mark]
    assert lines == [first, *said, *rest]


def test_lines_of_lp_stay_short() -> None:
    name = "w" * 90
    milp = replace(random_mixed(3), col_families=(Family(name, (8,)),), row_families=(Family(name, (6,)),))
    assert max(map(len, text_of("lp", milp).splitlines())) < 200
    assert max(map(len, text_of("mps", milp, names="short").splitlines())) < 100


@pytest.mark.parametrize("form", ["mps", "lp"])
@pytest.mark.parametrize("offset", [0.0, -2.0])
def test_nothing_at_all(form: str, offset: float, tmp_path: Path) -> None:
    none = make(np.zeros((0, 0)), [], [], [], [], [], offset=offset)
    rows = make(np.zeros((2, 0)), [0, -INF], [1, INF], [], [], [], offset=offset)
    columns = make(np.zeros((0, 2)), [], [], [0, 1], [0, 3], [1, 5], offset=offset)
    paths = []
    for k, milp in enumerate((none, rows, columns)):
        paths.append(tmp_path / f"{k}.{form}")
        solve.save(form, milp, paths[-1])
    optima = [said["optimum"] for said in ask(HIGHS, *paths)]
    assert optima == [offset, offset, 3 + offset]


@pytest.mark.parametrize(
    "families",
    [
        (Family("e1", (5,)),),
        (Family("x y", (5,)),),
        (Family("st", (5,)),),
        (Family("ONE", (5,)),),
        (Family("x_lo", (5,)),),
        (Family("x", (2,)), Family("x", (3,))),
        (Family("x_1", (2,)), Family("x", (1, 3))),
        (Family("x" * 100, (5,)),),
    ],
)
@pytest.mark.parametrize("form", ["mps", "lp"])
def test_unsafe_names_are_refused(families: tuple[Family, ...], form: str) -> None:
    milp = replace(random_integer(0), col_families=families)
    with pytest.raises(ValueError, match="name"):
        text_of(form, milp)
    text_of(form, milp, names="short")


@pytest.mark.parametrize("form", ["mps", "lp"])
def test_conditional_rows_are_refused(form: str) -> None:
    with pytest.raises(ValueError, match="conditional"):
        text_of(form, random_integer(0, conditional=True))


@pytest.mark.parametrize("form", ["mps", "lp"])
def test_packed_files_are_reproducible(form: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        solve.save(form, mixed(), tmp_path / f"{name}.{form}.gz")
    packed = (tmp_path / f"one.{form}.gz").read_bytes()
    assert packed == (tmp_path / f"two.{form}.gz").read_bytes()
    assert gzip.decompress(packed).decode() == text_of(form, mixed())


def test_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    solve.save("mps", mixed(), "-")
    assert capfdbinary.readouterr().out.decode() == text_of("mps", mixed())


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "model.mps"
    path.write_text("old")
    with pytest.raises(ValueError, match="conditional"):
        solve.save("mps", random_integer(0, conditional=True), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    solve.save("mps", mixed(), path)
    assert path.read_text() == text_of("mps", mixed())
    assert list(tmp_path.iterdir()) == [path]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=50))
def test_numbers_survive(values: list[float]) -> None:
    numbers = np.array(values, dtype=np.float64)
    ids, pool = text.pooled(numbers)
    np.testing.assert_array_equal(pool[ids].view(np.int64), numbers.view(np.int64))
    read = [float(word) for word in text.shortest(numbers)]
    np.testing.assert_array_equal(read, numbers)


def test_a_pool_is_small() -> None:
    rng = np.random.default_rng(0)
    values = rng.choice(rng.random(5000), 100_000)
    ids, pool = text.pooled(values)
    np.testing.assert_array_equal(pool[ids], values)
    assert len(pool) == len(np.unique(values))
