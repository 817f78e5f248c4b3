"""A table of many rows and a spec for it: `python specs/many_rows.py FOLDER [ROWS]`, then `bdnnc run FOLDER/many_rows.bdnn`.

Loans that were paid back or not: six measurements and two categories, whose classes no line parts (a round island of one class
in the other, and a rule that depends on a category), with 3 % of the labels changed. Seeded: everybody gets the same rows.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

SPEC = """bdnn 1
data csv("many_rows.csv")
network { hidden 16 }
train { local_search 30s }
compare { mlp, tree, logistic }
"""
COLUMNS = ("age", "income", "amount", "months", "rate", "loans", "purpose", "region", "paid")
PURPOSES, REGIONS = ("car", "house", "school", "other"), ("north", "south", "west")
CHANGED = 0.03  # of the labels


def rows(count: int, seed: int = 0) -> list[tuple[object, ...]]:
    """As they stand in the file."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(count, 6))
    x[:, 2] += 0.5 * x[:, 1]  # who earns more borrows more
    purpose, region = draw.integers(len(PURPOSES), size=count), draw.integers(len(REGIONS), size=count)
    island = (x[:, 0] ** 2 + x[:, 1] ** 2 < 1.2) & (region > 0)
    steep = np.where(purpose < 2, x[:, 2] - x[:, 3], x[:, 2] + x[:, 3]) + 0.7 * x[:, 4] > 0.4
    paid = (island ^ steep) ^ (draw.random(count) < CHANGED)
    numbers = np.column_stack(
        [44 + 12 * x[:, 0], 3000 + 800 * x[:, 1], 20000 + 6000 * x[:, 2], 48 + 12 * x[:, 3], 4 + x[:, 4], 3 + x[:, 5]]
    )
    places = (0, 0, 0, 0, 2, 0)
    return [
        (
            *(f"{value:.{digits}f}" for value, digits in zip(row, places, strict=True)),
            PURPOSES[purpose[i]],
            REGIONS[region[i]],
            "yes" if paid[i] else "no",
        )
        for i, row in enumerate(numbers)
    ]


def write(folder: Path, count: int) -> None:
    """The table and its spec."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "many_rows.csv").open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows(count)])
    (folder / "many_rows.bdnn").write_text(SPEC)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
