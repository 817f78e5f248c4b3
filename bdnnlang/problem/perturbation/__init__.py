"""The perturbation sets of robust training and of attacks: a file each, and this table. No set imports another one."""

from __future__ import annotations

from bdnnlang.language.spec import L1, L2, Box, BudgetSet, Linf, RobustSet, Single
from bdnnlang.problem.perturbation.base import PerturbationSet
from bdnnlang.problem.perturbation.box import BoxSet
from bdnnlang.problem.perturbation.budget import BudgetedSet
from bdnnlang.problem.perturbation.l1 import L1Set
from bdnnlang.problem.perturbation.l2 import L2Set
from bdnnlang.problem.perturbation.single import SingleSet

__all__ = ["SETS", "BoxSet", "BudgetedSet", "L1Set", "L2Set", "PerturbationSet", "SingleSet"]

SETS: dict[type[RobustSet], type[PerturbationSet]] = {
    Linf: BoxSet,
    Box: BoxSet,
    L1: L1Set,
    Single: SingleSet,
    L2: L2Set,
    BudgetSet: BudgetedSet,
}
