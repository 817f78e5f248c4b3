"""What a run came to, for Python programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.language.spec import Csv, Spec
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational
from bdnnlang.run.facts import Fact
from bdnnlang.run.status import RunStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bdnnlang.data.dataset import Rows
    from bdnnlang.data.preprocessing.recipe import Recipe
    from bdnnlang.report.summary import Summary

PARTS = {"train": "train_accuracy", "validation": "validation_accuracy", "test": "test_accuracy"}


class NoNetwork(Exception):  # noqa: N818  (it says what happened)
    """A run found no network that could answer; its `status` says why."""


@dataclass(frozen=True)
class Result:
    """What a run came to. Every number about the network was recomputed from it, in exact arithmetic.

    `loss` (of the training part) and `objective` (the loss and the penalties, what is minimised) are exact, an int or a Fraction,
    and None where there is no network. No network has a lesser objective than `bound`: of those with at least `margin` if that is
    not None, else of all; `gap` is (objective − bound) / objective. `status` is also a string: `result.status == "optimal"`.

    >>> import bdnnlang as bd
    >>> result = bd.train('''
    ... bdnn 1
    ... data iris { classes = ["versicolor", "virginica"], scale none }
    ... network { weights in {-1, 0, 1}, hidden 1 }
    ... train { local_search 1s { restarts = 0 } }
    ... ''')
    >>> result
    Result(status='feasible', loss=3, bound=0, gap=1.0, accuracies={'train': 0.96, 'test': 0.96})
    >>> result.network.layers[0].weights
    array([[0., 0., 1., 1.]])
    >>> result.predict([[5.0, 2.0, 3.5, 1.0], [6.0, 3.0, 5.0, 2.0]])
    array(['versicolor', 'virginica'], dtype='<U10')
    >>> print(*result.rules(), sep="\\n")
    h1 if petal_length_cm + petal_width_cm >= 6.5
    virginica if h1
    else versicolor
    """

    status: RunStatus
    loss: Rational | None
    objective: Rational | None
    bound: Rational | None
    gap: float | None
    margin: float | None
    accuracies: Mapping[str, float]  # share of right classes, of the parts there are: "train", "validation", "test"
    notes: tuple[str, ...]  # what the run has to say of itself
    facts: tuple[Fact, ...]  # in the order in which they became known; none of a run that was read from a folder
    spec: Spec
    file: NetworkFile | None = field(repr=False)  # the network, and what it takes to ask it
    report: str = field(repr=False)
    run: Summary | None = field(default=None, repr=False, compare=False)  # None: it was read from a folder …
    folder: Path | None = field(default=None, repr=False, compare=False)  # … this one

    @property
    def network(self) -> Network | None:
        return None if self.file is None else self.file.network

    @property
    def classes(self) -> tuple[str, ...]:
        """Their names, in the order of the network's outputs; none without a network."""
        return () if self.file is None else self.file.classes

    def predict(self, x: object) -> NDArray[Any]:
        """The class of each row, (rows,): names, as integers if all of them are whole numbers.

        `x`: an array (rows, columns) of numbers or texts in the units of the training data, not scaled; or columns by name, as in
        a dict or a DataFrame; or the path of a csv file. Answers are exact. What training has not seen is a `SpecWarning`.
        Raises SpecError for values that cannot be read, NoNetwork.
        """
        from bdnnlang.network.exact import outputs
        from bdnnlang.network.losses import classify

        file = self._trained()
        return _named(file.classes)[classify(outputs(file.network, self._rows(x, _recipe(file))))]

    def rules(self, *, full: bool = False) -> list[str]:
        """The network as rules about the columns of its data, a line each; `full`: every term. Raises NoNetwork."""
        from bdnnlang.report.rules import rules

        return rules(self._trained(), full)

    def summary(self) -> str:
        """The report of the run, the page that `bdnnc run` prints."""
        return self.report or "\n".join(f"{name:9} {value}" for name, value in self.lines())

    def lines(self) -> Iterator[tuple[str, str]]:
        """What there is to say in a few lines, by name."""
        yield "result", self.status.value.replace("_", " ")
        if self.loss is not None:
            yield "loss", _number(self.loss)
        if self.objective is not None and self.objective != self.loss:
            yield "objective", _number(self.objective)
        if self.bound is not None:
            gap = "" if self.gap is None else f" (gap {100 * self.gap:.1f} %)"
            margin = "" if self.margin is None else f", for networks with margin ≥ {self.margin:.2g}"
            yield "bound", f"{_number(self.bound)}{gap}{margin}"
        if self.accuracies:
            yield "accuracy", ", ".join(f"{part} {100 * share:.1f} %" for part, share in self.accuracies.items())
        if self.network is not None:
            yield "network", " → ".join(map(str, self.network.widths))
        yield from (("note", note) for note in self.notes)

    def save(self, folder: str | Path) -> Path:
        """Write a run folder as `bdnnc run` does, for `bdnnc verify` and `bdnnc predict`; the folder that it is.

        Where `folder` holds a run already this one goes to `folder-2`. Samples that were given are written there as `data.csv`,
        and so are the files that the spec's block `report` asks for.
        Raises CannotRead for a folder that may not be used, OSError, ValueError for a result that was read from a folder.
        """
        from bdnnlang.api.saving import save

        if self.run is None:
            raise ValueError("this result was read from a folder, which is there already")
        return save(self.run, self.facts, Path(folder))

    def report_html(self, path: str | Path) -> Path:
        """Write the run as one HTML page (docs/report.md), which needs nothing else; its path.

        Of a result that was read from a folder the folder is read again. Raises CannotRead, OSError.
        """
        from bdnnlang.api.html import write_page

        return write_page(self, Path(path))

    def export(
        self,
        form: str,
        place: str | Path,
        *,
        name: str = "network",
        inputs: str | None = None,
        ranges: Mapping[str, tuple[float, float]] | None = None,
        units: Mapping[str, float] | None = None,
        levels: bool = False,
        bits: int | None = None,
        style: str = "auto",
        optimise: str = "bytes",
        force: bool = False,
    ) -> tuple[Path, ...]:
        """Write the network in whole numbers as `bdnnc export` does (docs/device.md); the files that it is.

        `inputs`: the type of what is read, such as "uint8"; `ranges` and `units` by column, in its units; `levels`: columns of
        `quantize` are read as their levels; `bits`: what sums are rounded to; `style` and `optimise`: how C is written;
        `force`: files that are there are replaced.
        Raises ValueError for what does not fit, with the columns, FileExistsError, OSError, NoNetwork.
        """
        from bdnnlang.api.leaving import declared_of, export, written_in

        declared = declared_of(inputs, ranges or {}, units or {}, levels=levels)
        written = written_in(style, optimise)
        return export(self, form, Path(place), declared, written, name=name, bits=bits, force=force)

    def _trained(self) -> NetworkFile:
        if self.file is None:
            raise NoNetwork(f"the run found no network: {self.status.value.replace('_', ' ')}")
        return self.file

    def _rows(self, x: object, recipe: Recipe) -> Rows:
        if not isinstance(x, str | Path):
            from bdnnlang.api.rows import rows_of

            return rows_of(x, recipe)
        from bdnnlang.api.specs import tell
        from bdnnlang.data.new_rows import load_rows

        source = self.spec.data.source
        rows = load_rows(Path(x), recipe, source if isinstance(source, Csv) else None)
        tell(rows.warnings)
        return rows

    def __repr__(self) -> str:
        named = {"status": self.status.value, "loss": self.loss, "bound": self.bound, "gap": self.gap}
        margin = {} if self.margin is None else {"margin": self.margin}
        facts = {**named, **margin, "accuracies": dict(self.accuracies)}
        return f"Result({', '.join(f'{name}={value!r}' for name, value in facts.items())})"

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from bdnnlang.api.html import piece

        return piece(self)


def _number(value: Rational) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.6g}"


def _recipe(file: NetworkFile) -> Recipe:
    from bdnnlang.data.preprocessing.recipe import Recipe

    return Recipe.from_json(file.preprocessing)


def _named(classes: tuple[str, ...]) -> NDArray[Any]:
    """Names of classes, (classes,)."""
    import numpy as np

    whole = all(name.isascii() and name.removeprefix("-").isdigit() and name == str(int(name)) for name in classes)
    return np.array([int(name) for name in classes] if whole else list(classes))


def result_of(summary: Summary, facts: Iterable[Fact], notes: tuple[str, ...] = ()) -> Result:
    """The result of a run that has just ended."""
    from bdnnlang.report.terminal import report_text

    run, scores = summary.run, summary.scores
    shares = {part: getattr(scores, name) for part, name in PARTS.items()} if scores else {}
    return Result(
        status=run.status,
        loss=scores.verified_loss if scores else None,
        objective=scores.verified_objective if scores else None,
        bound=run.bound,
        gap=summary.gap,
        margin=run.margin,
        accuracies={part: share for part, share in shares.items() if share is not None},
        notes=(*notes, *(f"{stage.stage}: {note}" for stage in run.stages for note in stage.notes)),
        facts=tuple(facts),
        spec=summary.spec,
        file=summary.network_file(run.best.network) if run.best else None,
        report=report_text(summary),
        run=summary,
    )
