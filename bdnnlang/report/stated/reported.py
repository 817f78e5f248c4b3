"""What a page is made from: a run as its files state it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bdnnlang.language.spec import Spec
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.report.stated.run import StatedRun
from bdnnlang.report.stated.trace import Trace


@dataclass(frozen=True)
class Reported:
    """A run. `name`: what it is called; `folder`: where it lies, as commands name it, if it lies anywhere."""

    name: str
    stated: StatedRun
    spec: Spec
    spec_text: str
    network: NetworkFile | None
    trace: Trace = field(default_factory=Trace)
    folder: str | None = None
