"""The stages of a schedule: a file each, and this table. No stage imports another one."""

from __future__ import annotations

from bdnnlang.language.spec import StageSpec
from bdnnlang.run.context import Stage
from bdnnlang.run.stages import alternate, data_split, exact, local_search, prefer, prove

STAGES: tuple[Stage, ...] = (local_search, alternate, data_split, exact, prove, prefer)


def stage_of(settings: StageSpec) -> Stage:
    """The stage that these are the settings of."""
    return next(stage for stage in STAGES if stage.takes(settings))
