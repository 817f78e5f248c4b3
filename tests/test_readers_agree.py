"""Random specs, as files, in the hands of every reader that is here: all find one optimum.

MPS, LP in another order of columns and rows (`--permute`), and OPB where a network is a program of whole numbers. Of 200 specs a
tenth in the default run, all of them in `make slow`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from random_specs import random_spec
from readers import HIGHS, HIGHS_READS, SCIP, as_one_sided, ask, cbc, glpsol, within

from bdnnlang import solve
from bdnnlang.compiler import build_file
from bdnnlang.diagnostics import Rejected
from bdnnlang.solve.pseudo_boolean import pseudo_boolean

ALL, FEW = 200, 20
TOLERANCE = 1e-5
SECONDS = 3  # for a solver and a file: what it does not finish is not compared


@dataclass(frozen=True)
class Written:
    """A spec as files; `shift` and `scale` take the objective of its OPB file to that of the others."""

    number: int
    mps: Path
    lp: Path
    opb: Path | None
    shift: float = 0.0
    scale: float = 1.0
    is_tight: bool = True


def written(number: int, folder: Path) -> Written:
    """The same program in each form that holds it, LP in another order of columns and rows."""
    spec, data = random_spec(number)
    paths = [folder / f"{number}.{form}" for form in ("mps", "lp", "opb")]
    built = build_file(spec, data, "mps")
    other = build_file(spec, data, "lp", permute=number)
    for form, file, path in (("mps", built, paths[0]), ("lp", other, paths[1])):
        solve.save(form, file.milp, path, comments=file.comments())
    is_tight = spec.train.formulation == "tight"
    try:
        whole = build_file(spec, data, "opb")
    except Rejected:
        return Written(number, paths[0], paths[1], None, is_tight=is_tight)
    solve.save("opb", whole.milp, paths[2], comments=whole.comments())
    program = pseudo_boolean(whole.milp, "")
    return Written(number, *paths, program.offset, program.scale, is_tight)


def optima(files: list[Written], every: int) -> Iterator[tuple[int, dict[str, float]]]:
    """What each reader finds, by its name and the form of the file; programs, which start anew, get one spec of `every`.

    SCIP and HiGHS read all files in a process each; where not all of them, SCIP those in MPS and HiGHS those in LP.
    """
    scips = [file.mps for file in files] + [file.opb for file in files if file.opb is not None]
    highs = [file.lp for file in files]
    if every == 1:
        scips, highs = scips + highs, highs + [file.mps for file in files]
    by_scip, by_highs = solved(SCIP, scips), solved(HIGHS, highs)
    for k, file in enumerate(files):
        found = {f"SCIP {path.suffix}": by_scip[path] for path in (file.mps, file.lp) if path in by_scip}
        found |= {f"HiGHS {path.suffix}": by_highs[path] for path in (file.mps, file.lp) if path in by_highs}
        if file.opb in by_scip:
            found["SCIP .opb"] = (by_scip[file.opb] + file.shift) / file.scale
        if k % every == 0:
            found |= by_programs(file)
        yield file.number, found


def solved(script: str, paths: list[Path]) -> dict[Path, float]:
    """The optima of those files that are done in time."""
    said = zip(paths, ask(within(SECONDS, script), *paths), strict=True)
    return {path: one["optimum"] for path, one in said if one["status"].lower() == "optimal"}


def by_programs(file: Written) -> dict[str, float]:
    """CBC gets LP, which it reads exactly, and GLPK the formulation that its tolerances allow."""
    found = {}
    if shutil.which("cbc") and (best := cbc(file.lp, SECONDS)) is not None:
        found["CBC .lp"] = best
    if file.is_tight and shutil.which("glpsol") and (best := glpsol(file.mps, SECONDS)) is not None:
        found["GLPK .mps"] = best
    return found


def check(numbers: range, folder: Path, every: int) -> dict[str, int]:
    """All readers agree; how often each of them had an answer."""
    counts: dict[str, int] = {}
    for number, found in optima([written(number, folder) for number in numbers], every):
        if not found:  # infeasible, as it may be under method `pattern`, or too hard for all
            continue
        far = max(found.values()) - min(found.values())
        assert far <= TOLERANCE * max(1.0, abs(max(found.values()))), f"spec {number}: {found}"
        for name in found:
            counts[name] = counts.get(name, 0) + 1
    return counts


def test_files_are_the_program_bit_for_bit(tmp_path: Path) -> None:
    """MPS and LP of a few specs, as the matrices that HiGHS reads in them, are the arrays that solvers get live."""
    programs, paths = [], []
    for number in range(0, ALL, 12):
        spec, data = random_spec(number)
        programs.append(build_file(spec, data, "mps").milp)
        for form in ("mps", "lp"):
            paths.append(tmp_path / f"{number}.{form}")
            solve.save(form, programs[-1], paths[-1])
    said = ask(HIGHS_READS, *paths)
    for milp, by_mps, by_lp in zip(programs, said[::2], said[1::2], strict=True):
        as_one_sided(milp, by_mps)
        as_one_sided(milp, by_lp)


def test_readers_agree(tmp_path: Path) -> None:
    """Those that are always here have an answer to each file, or nearly so."""
    counts = check(range(FEW), tmp_path, every=4)
    assert min(counts["SCIP .mps"], counts["HiGHS .lp"]) >= FEW - 2
    assert counts["SCIP .opb"] >= FEW // 4


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, ALL, FEW))
def test_readers_agree_on_all(first: int, tmp_path: Path) -> None:
    check(range(first, first + FEW), tmp_path, every=1)
