"""How fast the coordinate search is: lines per CPU second, and the objective after a fixed CPU time, medians over seeds.

    OPENBLAS_NUM_THREADS=1 python specs/bench/moves.py --seconds 2 --seeds 5

Each search begins with the constant network, as a run does. To measure another checkout, put it on PYTHONPATH.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import bdnnlang as bd
from bdnnlang.budget import Budget, Interrupt
from bdnnlang.compiler import read_data
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import LocalSearch
from bdnnlang.model.build import build_spec
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.search.multistart import Search

HERE = Path(__file__).resolve().parent
DIGITS = """bdnn 1
data digits {{ validation = 25%, test = 25%, split_seed = 0, scale none }}
network {{
  weights in {{-1, 0, 1}}
  {hidden}
  output {{ biases in int[-100, 100] }}
}}
train {{ local_search 20s }}
"""
LAYER = "hidden {} {{ biases in int[-1024, 1024] }}"
PROBLEMS = {
    "digits, 1 × 100, ternary": DIGITS.format(hidden=LAYER.format(100)),
    "digits, 1 × 10, ternary": DIGITS.format(hidden=LAYER.format(10)),
    "digits, 2 × 50, ternary": DIGITS.format(hidden=LAYER.format(50) + "\n  " + LAYER.format(50)),
    "breast cancer, 1 × 3": "bc_569_d3.bdnn",
    "noise, 400 rows, 1 × 3": "noise_400_d3.bdnn",
    "noise, 100 rows, 2 × 2": "noise_100_d2_d2.bdnn",
    "boxes, 100 rows, 1 × 3": "boxes_100_d3.bdnn",
}
LOOKS = 10  # one in so many calls reads the clock, which takes as long as a line


def training_problem(spec: str) -> TrainingProblem:
    read = bd.load_spec(HERE / spec if spec.endswith(".bdnn") else spec)
    return TrainingProblem(read, read_data(read, HERE))


def is_over_after(seconds: float) -> Callable[[], bool]:
    """Has the process used so many CPU seconds from now on?"""
    end, calls = time.process_time() + seconds, 0

    def is_over() -> bool:
        nonlocal calls
        calls += 1
        return calls % LOOKS == 0 and time.process_time() >= end

    return is_over


def search_once(training: TrainingProblem, start: Incumbent, seed: int, seconds: float) -> tuple[float, float]:
    """Lines per CPU second, and the objective."""
    search = Search(LocalSearch(method="coordinate"), training, Budget(None, Interrupt()), lambda improvement: None, start)
    search.rng, began = RandomStream(seed), time.process_time()
    search.is_halted = is_over_after(seconds)
    while time.process_time() < began + seconds and not search.best.reaches(training.irreducible):
        search.explore()
    return search.lines / (time.process_time() - began), float(search.best.objective)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", default="", help="problems whose name has this in it")
    asked = parser.parse_args()
    for name, spec in PROBLEMS.items():
        if asked.only in name:
            training = training_problem(spec)
            start = constant_incumbent(build_spec(training), training)
            found = [search_once(training, start, seed, asked.seconds) for seed in range(asked.seeds)]
            rate, objective = (statistics.median(values) for values in zip(*found, strict=True))
            print(
                f"{name:28} {rate:10,.0f} lines/s   objective {objective:g}   of {sorted(value for _, value in found)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
