"""A spec as a mixed-integer program for any solver."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bdnnlang import compiler, solve
from bdnnlang.api.specs import TEXT, asked_of, spec_of, tell
from bdnnlang.language.spec import Spec
from bdnnlang.run.choose import check_linear, check_whole_numbers

if TYPE_CHECKING:
    from bdnnlang.compiler import ModelFile
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.model.milp import Milp


@dataclass(frozen=True, slots=True)
class CompiledModel:
    """A program whose optimum is that of the spec: how large it is, and `write` for any solver."""

    spec: Spec = field(repr=False)
    file: ModelFile = field(repr=False)

    @property
    def milp(self) -> Milp:
        """The program as arrays."""
        return self.file.milp

    @property
    def columns(self) -> int:
        return self.milp.columns

    @property
    def binaries(self) -> int:
        """Those of the columns that are 0 or 1."""
        return int(self.milp.binary.sum())

    @property
    def rows(self) -> int:
        return self.milp.rows

    @property
    def nonzeros(self) -> int:
        return self.milp.nonzeros

    def __repr__(self) -> str:
        return f"CompiledModel({self.columns} columns, {self.binaries} binary, {self.rows} rows, {self.nonzeros} nonzeros)"

    def write(self, path: str | Path, *, names: Literal["long", "short"] = "long") -> None:
        """Write the file, all or nothing: `.mps`, `.lp`, `.opb` or `.cip`, each also with `.gz`; the name tells which.

        Raises ValueError for another ending, SpecError for what such a file cannot hold (E204, E233), OSError where it cannot be
        written.
        """
        form = Path(str(path).removesuffix(".gz")).suffix.removeprefix(".")
        if form not in solve.FILE_FORMATS:
            endings = " or ".join(f"`.{form}` or `.{form}.gz`" for form in solve.FILE_FORMATS)
            raise ValueError(f"cannot write `{path}`: the name should end in {endings}")
        if solve.FILE_FORMATS[form].is_linear:
            check_linear(self.spec)
        if solve.FILE_FORMATS[form].is_whole:
            check_whole_numbers(self.spec, self.file.training.data, self.file.model)
        solve.save(form, self.milp, Path(path), names=names, comments=self.file.comments())

    def legend(self) -> str:
        """What its columns and rows are, as JSON; rows of the data are counted from 1."""
        return self.file.legend()


def compile_model(spec: Spec | str | Path, data: Dataset | None = None) -> CompiledModel:
    """The mixed-integer program of a spec (or of a file or text that holds one): what `bdnnc compile` writes.

    `data`: the samples; None: those of the spec's block `data`, which is not looked at otherwise. Raises SpecError, CannotRead.

    >>> import bdnnlang as bd
    >>> model = bd.compile_model('''
    ... bdnn 1
    ... data iris { classes = ["versicolor", "virginica"], scale none }
    ... network { weights in {-1, 0, 1}, hidden 1 }
    ... train { exact 10s }
    ... ''')
    >>> model
    CompiledModel(232 columns, 226 binary, 263 rows, 938 nonzeros)
    >>> model.write("iris.mps")
    """
    asked, samples, _ = asked_of(spec_of(spec), data)
    tell(samples.warnings)
    return CompiledModel(asked, compiler.build_file(asked, samples, "cip", _name(asked)))


def _name(spec: Spec) -> str:
    """Of the spec's file."""
    path = spec.span.source.path if spec.span else TEXT
    return "bdnn" if path == TEXT else Path(path).name
