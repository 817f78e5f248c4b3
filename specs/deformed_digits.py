"""Synthetic digits: deformed copies of the 1,797 digits that scikit-learn ships, 28 × 28 pixels of 0 to 255.

    python specs/deformed_digits.py --rows 60000 --seed 0 --out deformed_digits.npz

The same seed gives the same pictures. Each copy is turned, scaled, slanted, shifted and bent: a grid of a few random
displacements, smooth in between, moves its pixels.

`.npz` holds `x` (rows, 784) and `y` (rows,); `.csv` a column for each pixel and `digit`.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates, zoom
from sklearn.datasets import load_digits

SIDE = 28
MIDDLE = (SIDE - 1) / 2
TURN, SLANT, GROWTH, SHIFT = 0.2, 0.2, 0.12, 1.5  # radians, share, share, pixels: the most of each
BENDS, BEND = 5, 1.5  # displacements a side, and pixels: the standard deviation of each
NOISE = 6.0  # of 255

Pictures = NDArray[np.uint8]


def originals() -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """The digits as pictures (1797, 28, 28) of 0 to 255, and what they are."""
    x, y = load_digits(return_X_y=True)
    small = x.reshape(-1, 8, 8) * (255 / 16)
    return zoom(small, (1, SIDE / 8, SIDE / 8), order=1), y.astype(np.uint8)


def places(rng: np.random.Generator) -> NDArray[np.float64]:
    """Where each pixel of a copy comes from, (2, 28, 28)."""
    turn, slant = rng.uniform(-TURN, TURN), rng.uniform(-SLANT, SLANT)
    grown = 1 + rng.uniform(-GROWTH, GROWTH, 2)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.array([[1, 0], [slant, 1]]) / grown
    grid = np.stack(np.mgrid[:SIDE, :SIDE]).astype(np.float64)
    bends = zoom(rng.normal(0, BEND, (2, BENDS, BENDS)), (1, SIDE / BENDS, SIDE / BENDS), order=1)
    moved = np.tensordot(matrix, grid - MIDDLE, axes=1) + MIDDLE
    return np.asarray(moved + rng.uniform(-SHIFT, SHIFT, (2, 1, 1)) + bends)


def deformed(rows: int, seed: int) -> tuple[Pictures, NDArray[np.uint8]]:
    """Copies (rows, 784) and their classes (rows,); each digit in turn is the original of one."""
    rng = np.random.default_rng(seed)
    pictures, y = originals()
    order = rng.permutation(len(pictures))
    which = order[np.arange(rows) % len(pictures)]
    x = np.empty((rows, SIDE * SIDE), dtype=np.uint8)
    for row, of in enumerate(which):
        copy = map_coordinates(pictures[of], places(rng), order=1, mode="constant")
        copy = np.where(copy > 0, copy + rng.normal(0, NOISE, copy.shape), 0)
        x[row] = np.clip(np.rint(copy), 0, 255).astype(np.uint8).ravel()
    return x, y[which]


def write(path: Path, x: Pictures, y: NDArray[np.uint8]) -> None:
    """As the ending of the name says."""
    if path.suffix == ".npz":
        np.savez(path, x=x, y=y)
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*(f"pixel_{i}_{j}" for i in range(SIDE) for j in range(SIDE)), "digit"])
        writer.writerows([*row.tolist(), int(digit)] for row, digit in zip(x, y, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description="deformed copies of scikit-learn's digits, as .npz or .csv")
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    if args.out.suffix not in (".npz", ".csv"):
        parser.error("name a file that ends in .npz or .csv")
    write(args.out, *deformed(args.rows, args.seed))


if __name__ == "__main__":
    main()
