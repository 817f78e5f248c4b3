"""The rows of the scorecard, in the order of the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from score import crashes, determinism, files, forgeries, hostile, language, resumes, signals, training


@dataclass(frozen=True)
class Row:
    """A measure: `trials` calls of `trial`, each of which checks `each` things and returns what failed, or ""."""

    number: int
    measure: str
    trial: Callable[[int], str]
    trials: int
    each: int = 1
    alone: bool = False  # it measures time, so nothing else may run beside it


ROWS = (
    Row(1, "random networks, trained: the verified loss keeps the claim, or the claim is rejected", training.claims, 500),
    Row(2, "a float64 forward pass agrees with the exact one, in 5 orders of the features", training.float_pass, 500),
    Row(3, "problems on which solvers claim false optima: flagged or cured", training.false_optima, training.FALSE_OPTIMA),
    Row(4, "no bound is above a verified loss of any of 3 solvers and seeds", training.bounds, 300, each=3),
    Row(5, "an MPS file has the same optimum for SCIP, HiGHS, CBC and GLPK", files.same_optimum, 200),
    Row(6, "MPS file = LP file = live model, as matrices", files.same_matrix, 200),
    Row(7, "spec → text → spec is the identity", language.round_trip, 100, each=language.SPECS_A_TRIAL),
    Row(
        8,
        "broken specs: no traceback, each error with code, line and column",
        language.mutants,
        100,
        each=language.MUTANTS_A_TRIAL,
    ),
    Row(9, "hostile input: a clean error in 2 s and 500 MB", hostile.refused, len(hostile.INPUTS)),
    Row(10, "kill -9 at random: --resume goes on, no acknowledged network is lost", signals.killed, 50, alone=True),
    Row(11, "Ctrl-C at random: exit 130 within 3 s, the network is kept and verified", signals.interrupted, 50, alone=True),
    Row(12, "the solver's process crashes or has no memory: a named status, the incumbent kept", crashes.named, 30),
    Row(13, "the same seed and node limits: the same network.json, byte for byte", determinism.same_bytes, 50),
    Row(
        15,
        "an edited run folder is noticed, unless `verify` lists the place",
        forgeries.noticed,
        150,
        each=forgeries.EDITS_A_TRIAL,
    ),
    Row(
        19,
        "kill -9 in each stage: --resume goes on at the first unfinished one, and loses nothing acknowledged",
        resumes.in_stage,
        60,
        alone=True,
    ),
)
