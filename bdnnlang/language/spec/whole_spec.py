"""A whole spec: its blocks, typed and defaulted."""

from __future__ import annotations

from dataclasses import dataclass, field

from bdnnlang.language.spec.compare_spec import Baseline
from bdnnlang.language.spec.data_spec import DataSpec
from bdnnlang.language.spec.network_spec import NetworkSpec
from bdnnlang.language.spec.report_spec import ReportSpec
from bdnnlang.language.spec.require_spec import NONE, RequireSpec
from bdnnlang.language.spec.robust_spec import EvaluateSpec, RobustSpec
from bdnnlang.language.spec.sweep_spec import SweepSpec
from bdnnlang.language.spec.train_spec import TrainSpec
from bdnnlang.source import Span


@dataclass(frozen=True, slots=True)
class ParamValue:
    name: str
    value: float | int | str | bool


@dataclass(frozen=True, slots=True)
class Spec:
    data: DataSpec
    network: NetworkSpec
    train: TrainSpec
    robust: RobustSpec | None = None
    evaluate: EvaluateSpec = EvaluateSpec(())
    params: tuple[ParamValue, ...] = field(default=(), compare=False)  # for the report; their work is done
    compare: tuple[Baseline, ...] = field(default=(), kw_only=True)
    report: ReportSpec = field(default=ReportSpec(), kw_only=True)
    require: RequireSpec = field(default=NONE, kw_only=True)
    sweep: SweepSpec | None = field(default=None, compare=False, kw_only=True)  # of what the spec is one point
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def certified(self) -> bool:
        """Does the training loss count what is proved within a set?"""
        return self.robust is not None and self.robust.method == "certified"
