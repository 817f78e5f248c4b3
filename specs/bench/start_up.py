"""What it costs to start: CPU and wall-clock seconds of commands, here and in an earlier checkout, into BENCHMARKS.md.

    python specs/bench/start_up.py --before ../earlier

The two take turns, so that what else the machine does hits both. CPU seconds are those of the process and of all that it started.
`--before` is optional: without it only this checkout is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bdnnlang.bench.sections import rewrite

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAGE = ROOT / "BENCHMARKS.md"

TINY = """
bdnn 1
data random(samples=24, features=4, kind=noise, seed=2)
network { hidden 1 }
train { solver = scip, exact 60s }
"""
SPLITS = """
bdnn 1
data random(samples=24, features=2, kind=noise, seed=2)
network { hidden 1 }
train { solver = scip, data_split 10min { splits = 20, node_limit = 1 } }
"""
# What a run with a solve imports: the rest of its time is its own.
IMPORTS = """
import sys
from bdnnlang import cli
code = cli.main(["run", "tiny.bdnn", "--out", "r", "--force"])
names = [name for name in sys.modules if name != "__main__"]
open("imports.txt", "w").write("\\n".join(names))
sys.exit(code)
"""
ONLY_IMPORT = """
import importlib, os
for name in open("imports.txt").read().split():
    try:
        importlib.import_module(name)
    except ImportError:
        pass
os._exit(0)
"""


START = """
import json, time
from milps import knapsack
try:
    from bdnnlang import solve
except ImportError:
    from bdnnlang import targets as solve
waits = []
for _ in range(8):
    began = time.monotonic()
    outcome = solve.solve("scip", knapsack(), solve.Limits(), None, lambda event: None, lambda: False)
    waits.append(time.monotonic() - began - outcome.seconds)
open("waits.json", "w").write(json.dumps(waits))
"""


@dataclass(frozen=True)
class Cost:
    """Seconds."""

    wall: float
    cpu: float


def cost_of(command: list[str], checkout: Path, folder: Path) -> Cost:
    """Run it to its end. Raises CalledProcessError."""
    paths = [checkout, checkout / "tests" / "solve", checkout / "tests" / "targets"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is not compiled at each start
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def later_solve(checkout: Path, folder: Path) -> Cost:
    """What passes beside the solver's own time, from the second solve on; of the CPU time of the whole, an eighth."""
    whole = cost_of([sys.executable, "-c", START], checkout, folder)
    _, *later = json.loads((folder / "waits.json").read_text())
    return Cost(statistics.median(later), whole.cpu / (1 + len(later)))


def later_split(checkout: Path, folder: Path) -> Cost:
    """A split, from the second on, with k-means and its model; of the CPU time of the whole run, a twentieth."""
    whole = cost_of(bdnnc("run", "splits.bdnn", "--out", "s", "--force"), checkout, folder)
    (stage,) = json.loads((folder / "s" / "run.json").read_text())["stages"]
    later = [step["seconds"] for step in stage["steps"][1:]]
    return Cost(statistics.median(later), whole.cpu / len(stage["steps"]))


def bdnnc(*words: str) -> list[str]:
    return [sys.executable, "-m", "bdnnlang.cli", *words]


Measure = Callable[[Path, Path], Cost]


def command(*words: str) -> Measure:
    return lambda checkout, folder: cost_of(list(words), checkout, folder)


MEASURES: dict[str, Measure] = {
    "`bdnnc --help`": command(*bdnnc("--help")),
    "`bdnnc check` of a built-in": command(*bdnnc("check", str(ROOT / "specs" / "breast_cancer.bdnn"))),
    "`bdnnc check` of a CSV": command(*bdnnc("check", str(ROOT / "specs" / "own_csv.bdnn"))),
    "`bdnnc run` of a tiny spec, one solve": command(*bdnnc("run", "tiny.bdnn", "--out", "r", "--force")),
    "… of that, the imports alone": command(sys.executable, "-c", ONLY_IMPORT),
    "start of a later solve, without the solver's own time": later_solve,
    "a later split of a `data_split` of twenty": later_split,
}


def measured(checkouts: dict[str, Path], rounds: int) -> dict[str, dict[str, list[Cost]]]:
    """The costs by measure and checkout."""
    costs: dict[str, dict[str, list[Cost]]] = {name: {which: [] for which in checkouts} for name in MEASURES}
    with TemporaryDirectory() as place:
        folders = {which: Path(place) / which for which in checkouts}
        for which, folder in folders.items():
            folder.mkdir()
            (folder / "tiny.bdnn").write_text(TINY)
            (folder / "splits.bdnn").write_text(SPLITS)
            cost_of([sys.executable, "-c", IMPORTS], checkouts[which], folder)
        for _ in range(rounds):
            for name, measure in MEASURES.items():
                for which, checkout in checkouts.items():
                    costs[name][which].append(measure(checkout, folders[which]))
    return costs


def page(costs: dict[str, dict[str, list[Cost]]], rounds: int, load: tuple[float, ...]) -> str:
    """The table in Markdown: medians."""
    names = list(next(iter(costs.values())))
    busy = "idle otherwise" if max(load) < 1.5 else "not idle: compare CPU seconds, and measure again"
    times = "one round" if rounds == 1 else f"medians of {rounds} rounds"
    lines = [
        f"- measured {datetime.now(UTC):%Y-%m-%d}, {times} in which {' and '.join(names)} take turns",
        f"- {os.cpu_count()} cores, load {load[0]:.1f} at the start and {load[1]:.1f} at the end: the machine was {busy}",
        "",
        "| | " + " | ".join(f"{which}: wall s | CPU s" for which in names) + " |",
        "|---|" + "---:|---:|" * len(names),
    ]
    for name, by in costs.items():
        cells = [f"{statistics.median(value):.3f}" for which in names for value in _columns(by[which])]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _columns(costs: list[Cost]) -> tuple[list[float], list[float]]:
    return [cost.wall for cost in costs], [cost.cpu for cost in costs]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--before", type=Path, help="a checkout to compare with")
    arguments.add_argument("--rounds", type=int, default=7)
    asked = arguments.parse_args()
    checkouts = {"before": asked.before.resolve()} if asked.before else {}
    load = os.getloadavg()[0]
    costs = measured({**checkouts, "now": ROOT}, asked.rounds)
    table = page(costs, asked.rounds, (load, os.getloadavg()[0]))
    print(table)
    rewrite(PAGE, "start-up", table, title="## Start-up")


if __name__ == "__main__":
    main()
