"""A network that answers the same whatever it is asked is said to do so."""

from __future__ import annotations

import numpy as np

from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import LocalSearch, Spec
from bdnnlang.network.exact import outputs
from bdnnlang.network.losses import classify
from bdnnlang.network.network import Network
from bdnnlang.problem.class_scores import parts_of


def constant_class(network: Network, data: Dataset) -> str | None:
    """The class that a network puts all samples of all parts into; None: there is more than one."""
    found = np.unique(np.concatenate([classify(outputs(network, part)) for _, part in parts_of(data)]))
    return data.classes[int(found[0])] if len(found) == 1 else None


def constant_note(network: Network, spec: Spec, data: Dataset, *, is_best: bool) -> str | None:
    """That a network is constant, and what to do about it; `is_best`: it is proved that no network of the spec is better."""
    label = constant_class(network, data)
    if label is None:
        return None
    said = f"the network is constant: it always says `{label}`"
    if is_best:
        return f"{said}, and no network of this spec has a lesser objective"
    searched = any(isinstance(stage, LocalSearch) for stage in spec.train.stages)
    way = "give the stages more time" if searched else "write `local_search 30s` before the other stages, or give them more time"
    return f"{said}; {way}"
