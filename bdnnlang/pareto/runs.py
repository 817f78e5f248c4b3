"""Each point of a front is a run of the spec with one more requirement, in a run folder of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.compiler import limited, training_problem
from bdnnlang.device.size.code_bytes import code_bytes
from bdnnlang.files import write_text
from bdnnlang.folder.execute import default_folder, run_spec
from bdnnlang.folder.storage import names
from bdnnlang.language.spec import Bytes, Spec
from bdnnlang.pareto.front import FrontPoint, Solved
from bdnnlang.pareto.table import front_csv, front_json
from bdnnlang.problem.requirement.impossible import least_bytes
from bdnnlang.run.status import RunStatus

if TYPE_CHECKING:
    from bdnnlang.budget import Interrupt
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.folder.execute import Finished
    from bdnnlang.run.facts import Emit


@dataclass(frozen=True)
class PointRuns:
    """What all points have in common; `seconds`: for all of them together, None: the spec's own time for each."""

    spec: Spec
    data: Dataset
    path: Path
    folder: Path
    emit: Emit
    interrupt: Interrupt
    seconds: float | None = None
    command: str = ""
    began: float = 0.0
    clock: Callable[[], float] = time.monotonic

    @property
    def least(self) -> int:
        """Bytes that every network of the spec takes."""
        return least_bytes(training_problem(self.spec, self.data))

    def solve(self, limit: int | None, left: int) -> Solved:
        """One run, with its share of the time that is left; `left`: how many runs there may be, this one included."""
        spec = within(self.spec, limit)
        if self.seconds is not None:
            spec = limited(spec, max(1.0, (self.seconds - (self.clock() - self.began)) / left))
        name = "any" if limit is None else f"bytes-{most_bytes(spec)}"
        training = training_problem(spec, self.data)
        done = run_spec(
            training, self.path, folder=self.folder / name, emit=self.emit, interrupt=self.interrupt, command=self.command
        )
        return _solved(done, limit, spec)


def within(spec: Spec, limit: int | None) -> Spec:
    """The spec with `bytes <= limit` too; a smaller limit of its own stays."""
    if limit is None:
        return spec
    own = most_bytes(spec)
    others = tuple(one for one in spec.require.statements if not isinstance(one, Bytes))
    statement = Bytes(limit if own is None else min(own, limit), span=spec.require.span)
    return replace(spec, require=replace(spec.require, statements=(*others, statement)))


def most_bytes(spec: Spec) -> int | None:
    """The limit of a spec."""
    return min((one.most for one in spec.require.statements if isinstance(one, Bytes)), default=None)


def _solved(done: Finished, limit: int | None, spec: Spec) -> Solved:
    run, result = done.summary.run, done.json["result"]
    best = run.best
    size = None if best is None else code_bytes(spec.network, len(done.summary.data.features)).of_network(best.network)
    return Solved(
        limit,
        None if best is None else best.loss,
        None if best is None else best.objective,
        size,
        float("inf") if run.status is RunStatus.INFEASIBLE else run.bound or 0,
        run.margin,
        run.seconds,
        tuple(_accuracies(result)),
        0 if best is None else sum(int((layer.weights != 0).sum()) for layer in best.network.layers),
        done.folder.name,
        run.interrupted,
    )


def _accuracies(result: dict[str, Any]) -> list[tuple[str, float]]:
    parts = ("train", "validation", "test")
    return [(part, float(value)) for part in parts if (value := result[f"{part}_accuracy"]) is not None]


# ---- the folder


def new_folder(wanted: Path | None, spec: Spec, path: Path, data: Dataset) -> Path:
    """A folder for the runs, made: the first of `wanted`, `wanted-2`, … that is not there. Raises OSError."""
    if wanted is None:
        run = default_folder(spec, path, data)
        stem, _, code = run.name.rpartition("-")
        wanted = run.with_name(f"{stem}-pareto-{code}")
    wanted.parent.mkdir(parents=True, exist_ok=True)
    for folder in names(wanted):
        with suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise AssertionError("numbers do not end")


def write_front(folder: Path, points: Sequence[FrontPoint], solved: Sequence[Solved], origin: dict[str, str]) -> None:
    """Both tables, each whole or not at all. Raises OSError."""
    write_text(folder / "pareto.json", json.dumps(front_json(points, solved, origin), indent=2) + "\n")
    write_text(folder / "pareto.csv", front_csv(points))
