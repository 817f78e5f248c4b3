"""Run folders, for Python programs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from bdnnlang.api.result import PARTS, Result
from bdnnlang.compiler import CannotRead, reader_of
from bdnnlang.folder import contents
from bdnnlang.folder.claim import Claim, claim_lines
from bdnnlang.folder.verify import verify_run
from bdnnlang.language.load import load
from bdnnlang.network.numbers import Rational, simple
from bdnnlang.source import Source
from bdnnlang.strict_json import Malformed, read

if TYPE_CHECKING:
    from bdnnlang.folder.contents import RunFolder


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What `result` of `run.json` states."""

    OTHERS: ClassVar = True

    verified_loss: int | Fraction | None
    bound: int | Fraction | None
    gap: float | None
    margin: float | None
    train_accuracy: float | None
    validation_accuracy: float | None
    test_accuracy: float | None
    verified_objective: int | Fraction | None = None  # not in files of version 0.1


def read_run(folder: str | Path) -> Result:
    """The result of the run in a folder, as it stands there: `verify` says whether it is true.

    Raises CannotRead for a folder that is not whole, or whose network is another one than its `run.json` speaks of.

    >>> import bdnnlang as bd
    >>> bd.read_run("runs/no_such_run")
    Traceback (most recent call last):
    bdnnlang.compiler.CannotRead: runs/no_such_run is not a whole run folder: run.json: there is no such file
    """
    run_folder = contents.read_run(Path(folder))
    spec, _ = load(Source(str(run_folder.path / "spec.bdnn"), run_folder.spec_text), read=reader_of(run_folder.path))
    numbers = _numbers(run_folder)
    objective = numbers.verified_loss if numbers.verified_objective is None else numbers.verified_objective
    shares = {part: getattr(numbers, name) for part, name in PARTS.items()}
    return Result(
        status=run_folder.stated.result.status,
        loss=_exact(numbers.verified_loss),
        objective=_exact(objective),
        bound=_exact(numbers.bound),
        gap=numbers.gap,
        margin=numbers.margin,
        accuracies={part: share for part, share in shares.items() if share is not None},
        notes=tuple(f"{stage.stage}: {note}" for stage in run_folder.stated.stages for note in stage.notes),
        facts=(),
        spec=spec,
        file=None if run_folder.network is None else replace(run_folder.trusted(), preprocessing=run_folder.recipe().to_json()),
        report=_report(run_folder),
        folder=run_folder.path,
    )


def _numbers(run_folder: RunFolder) -> _Numbers:
    try:
        numbers: _Numbers = read(_Numbers, run_folder.run.get("result"), "result")
    except Malformed as error:
        raise contents.Damaged(f"{run_folder.path / 'run.json'} is damaged: {error}") from None
    return numbers


def _exact(value: Rational | None) -> Rational | None:
    return simple(value) if isinstance(value, Fraction) else value


def _report(run_folder: RunFolder) -> str:
    """Empty where an earlier version wrote none."""
    try:
        return contents.read_report(run_folder.path)
    except CannotRead:
        return ""


@dataclass(frozen=True)
class Verification:
    """Each claim of a run folder beside what it comes to now. It is true if no claim is wrong: `assert bd.verify(folder)`."""

    claims: tuple[Claim, ...]

    @property
    def wrong(self) -> tuple[Claim, ...]:
        """Those that do not hold: `name`, what is `stated`, and what was `found`."""
        return tuple(claim for claim in self.claims if not claim.holds)

    @property
    def unchecked(self) -> tuple[Claim, ...]:
        """Those that cannot be checked, `why_not`: a solver's word, a clock."""
        return tuple(claim for claim in self.claims if claim.holds and claim.why_not)

    def __bool__(self) -> bool:
        return not self.wrong

    def __str__(self) -> str:
        """A line for each claim; those that are wrong come last."""
        return "\n".join(claim_lines(self.claims))

    def __repr__(self) -> str:
        return f"Verification({len(self.claims)} claims, {len(self.wrong)} wrong, {len(self.unchecked)} not checked)"


def verify(folder: str | Path, data: str | Path | None = None) -> Verification:
    """Every claim of a run folder, or of the folder of a sweep, again, in exact arithmetic: what `bdnnc verify` does.

    `data`: the folder of the data, if they are not where they were. Raises CannotRead, SpecError.
    """
    from bdnnlang.sweep.folder import is_sweep
    from bdnnlang.sweep.verify import verify_sweep

    check = verify_sweep if is_sweep(Path(folder)) else verify_run
    return Verification(tuple(check(Path(folder), None if data is None else Path(data))))
