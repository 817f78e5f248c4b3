"""The perturbation sets of robust training and of attacks: a file each, and this table. No set imports another one."""

from __future__ import annotations

from bdnnlang.language.spec import L1, L2, Box, BudgetSet, Linf, RobustSet
from bdnnlang.problem.perturbation.base import PerturbationSet
from bdnnlang.problem.perturbation.box import BoxSet
from bdnnlang.problem.perturbation.budget import BudgetedSet
from bdnnlang.problem.perturbation.l1 import L1Set
from bdnnlang.problem.perturbation.l2 import L2Set

__all__ = ["SETS", "BoxSet", "BudgetedSet", "L1Set", "L2Set", "PerturbationSet"]

SETS: dict[type[RobustSet], type[PerturbationSet]] = {Linf: BoxSet, Box: BoxSet, L1: L1Set, L2: L2Set, BudgetSet: BudgetedSet}
