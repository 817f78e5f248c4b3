"""What a page is made from: a run as its files state it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bdnnlang.device.size.code_bytes import code_bytes
from bdnnlang.language.spec import Spec
from bdnnlang.language.spec.require_spec import NONE
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.problem.memory import network_bytes
from bdnnlang.report.stated.run import StatedRun
from bdnnlang.report.stated.trace import Trace


def least_acceptable(spec: Spec, stated: StatedRun) -> float | None:
    """Below which objective networks were found that break what the spec asks; None: it asks for nothing but few errors."""
    asks = spec.robust is not None or spec.require != NONE
    return float(stated.result.objective) if asks and stated.result.objective is not None else None


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

    @property
    def packed_bytes(self) -> int | None:
        """Of weights and biases, without preprocessing; None without a network."""
        return None if self.network is None else network_bytes(self.network.network, self.spec.network)

    @property
    def code_bytes(self) -> int | None:
        """About how much flash its code takes on an 8-bit device (docs/code_size.md)."""
        if self.network is None:
            return None
        network = self.network.network
        return code_bytes(self.spec.network, network.widths[0]).of_network(network)
