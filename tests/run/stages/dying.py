"""A solver of clauses that ends its process: other processes import this module by its name."""

from __future__ import annotations

import os

from bdnnlang.prove.clauses import Clauses
from bdnnlang.prove.master import Master, SatMaster


def of_odd_parts(clauses: Clauses) -> Master:
    """As a system does that is short of memory, where the number of samples is odd."""
    if len(clauses.labels) % 2:
        os._exit(9)
    return SatMaster(clauses)
