"""The proof in a run folder: replayed without a solver, and compared with what the spec and the data say."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from bdnnlang.compiler import CannotRead
from bdnnlang.folder.claim import Claim
from bdnnlang.folder.contents import read_text
from bdnnlang.folder.storage import PROOF, published
from bdnnlang.network.numbers import Rational, shown, simple
from bdnnlang.report.text_table import counted

if TYPE_CHECKING:
    from pathlib import Path

    from bdnnlang.problem.training import TrainingProblem
    from bdnnlang.prove_check.check import Checked

NOT_REPLAYED = "its conflicts are checked, its lemmas are not: there are too many"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What there is to say of a proof, and the loss that no network is below, if it shows one."""

    claim: Claim
    bound: Rational | None


def replayed(folder: Path, training: TrainingProblem) -> Replayed | None:
    """None where a folder has no proof."""
    if not os.path.lexists(published(folder, PROOF)):
        return None
    from bdnnlang.prove_check.check import check
    from bdnnlang.prove_check.lines import Unproved
    from bdnnlang.prove_check.question import difference

    try:
        checked = check(read_text(folder, PROOF).splitlines())
    except CannotRead as error:
        return Replayed(Claim(PROOF, "a proof", str(error)), None)
    except Unproved as error:
        return Replayed(Claim(f"{PROOF}, line {error.line}", "a step of a proof", f"none: {error.reason}"), None)
    other = difference(checked.head, training)
    if other is not None:
        return Replayed(Claim(f"{PROOF}, line 1", "the problem of this run", f"another: {other}"), None)
    return _shown(checked.total, _steps(checked), replayed=checked.replayed)


def _steps(checked: Checked) -> str:
    """How many there are of each kind."""
    steps = [(checked.conflicts, "conflict"), (checked.lemmas, "lemma"), (checked.enumerations, "enumeration")]
    return ", ".join(counted(number, noun) for number, noun in steps if number or noun != "enumeration")


def _shown(total: Fraction, steps: str, *, replayed: bool) -> Replayed:
    value = simple(total)
    said = f"no network has a loss below {shown(value)}: {steps}"
    claim = Claim(PROOF, said, said, "" if replayed else NOT_REPLAYED)
    return Replayed(claim, value if replayed else None)
