"""`specs/bench/device/`: what models are written as, the cycles of a trace, and a section of made-up results."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import SPECS, script

FOLDER = SPECS / "bench" / "device"


@pytest.fixture(scope="module")
def device() -> Iterator[ModuleType]:
    """The script, whose modules stand beside it."""
    sys.path.insert(0, str(FOLDER))
    yield script("bench/device/device.py")
    sys.path.remove(str(FOLDER))
    for name in ("targets", "competitors", "ours"):
        del sys.modules[name]


@pytest.fixture(scope="module")
def split(device: ModuleType) -> Any:
    return device.ours.split_of(device.ours.data_of("iris_4"))


def answers_on_host(source: Any, rows: np.ndarray, folder: Path) -> list[int]:
    """Of the C of a model, compiled here."""
    (folder / "model.h").write_text(source.header)
    (folder / "model.c").write_text(f'#include "model.h"\n{source.text}')
    main = '#include <stdio.h>\n#include "model.h"\nrow_t x[COLUMNS];\n'
    main += 'int main(void) { while (fread(x, sizeof x, 1, stdin) == 1) printf("%d\\n", classify(x)); return 0; }\n'
    (folder / "main.c").write_text(main)
    subprocess.run(["gcc", "-std=gnu99", "-Werror", "-o", "model", "main.c", "model.c"], cwd=folder, check=True)
    done = subprocess.run(["./model"], cwd=folder, input=source.bytes_of(rows, 8), capture_output=True, check=True)
    return [int(line) for line in done.stdout.split()]


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_the_plain_models_answer_on_the_host_as_in_python(device: ModuleType, split: Any, tmp_path: Path) -> None:
    rows = np.random.default_rng(1).integers(0, 80, (400, 4))
    models = device.sys.modules["competitors"]
    (tree,) = [tree for tree in models.trees(split) if tree.get_n_leaves() == 5][:1]
    assert answers_on_host(models.plain_tree(tree, split), rows, tmp_path) == tree.predict(rows).tolist()
    (linear,) = models.int8_logistic(split)
    assert np.array_equal(linear.coef_, linear.coef_.astype(np.int8))
    assert answers_on_host(models.int8_scores(linear, split), rows, tmp_path) == linear.predict(rows).tolist()


def test_the_smallest_model_that_is_accurate_enough_is_taken(device: ModuleType, split: Any) -> None:
    plain = device.COMPETITORS[0]
    share = {wanted: float(np.mean(plain.model(split, wanted).answers == split.y_test)) for wanted in (0.6, 0.9, 1.1)}
    sizes = {wanted: plain.model(split, wanted).size for wanted in share}
    assert sizes[0.6] == "2 leaves"
    assert share[0.6] >= 0.6
    assert share[0.9] >= 0.9
    assert share[1.1] == max(share.values())


def test_readings_are_whole_numbers_of_a_byte(device: ModuleType, split: Any) -> None:
    assert split.x[0].tolist() == np.rint(device.ours.data_of("iris_4").train.raw[0] * 10).tolist()
    cancer = device.ours.split_of(device.ours.data_of("breast_cancer"))
    assert (cancer.x.min(), cancer.x.max(), cancer.row_type) == (0, 255, "uint8_t")


@pytest.mark.parametrize(
    ("instruction", "jumped", "cycles"),
    [
        ("movs\tr3, #1", False, 1),
        ("muls\tr0, r3", False, 1),
        ("ldrb\tr2, [r0, #2]", False, 2),
        ("str\tr2, [sp, #4]", False, 2),
        ("push\t{r4, r5, lr}", False, 4),
        ("pop\t{r4, r5}", False, 3),
        ("pop\t{r4, r5, pc}", True, 7),
        ("ldmia\tr0!, {r1, r2}", False, 3),
        ("bne.n\t118 <classify+0x8>", True, 3),
        ("bne.n\t118 <classify+0x8>", False, 1),
        ("b.n\t118 <classify+0x8>", True, 3),
        ("bl\t200 <__aeabi_fadd>", True, 4),
        ("bx\tlr", True, 3),
        ("bics\tr0, r1", False, 1),
        ("mov\tpc, r1", True, 3),
    ],
)
def test_cycles_of_a_cortex_m0(device: ModuleType, instruction: str, jumped: bool, cycles: int) -> None:
    assert device.sys.modules["targets"].cortex_m0_cycles(instruction, jumped) == cycles


def test_the_section_has_all_figures_and_says_who_is_smallest(device: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_versions", lambda: "emlearn 1")

    def row(name: str, accuracy: float, flash: int, cycles: int, differing: int = 0) -> Any:
        measured = device.Measured(device.Sizes(flash, 10), device.Ran([0], [cycles, cycles + 2], 7))
        return device.Row(name, "3 weights", accuracy, differing, (measured,) * 3)

    rows = [row("bdnnlang, a", 0.9, 1200, 40), row("tree", 0.9, 1100, 50), row("small", 0.8, 10, 3), row("wrong", 0.95, 9, 2, 1)]
    rows.append(device.Row("large", "9 weights", 0.9, 0, (None, *rows[0].measured[1:])))
    lines = device.page([(device.ours.Problem("iris", ()), rows)]).splitlines()
    assert lines[0].endswith("emlearn 1.")
    assert "| bdnnlang, a | 3 weights | 90.0 % | 0 | 1,200 | 17 | 41 | 1,200 | 17 | 41 | 1,200 | 17 | 41 |" in lines
    assert "| large | 9 weights | 90.0 % | 0 | does not fit | | | 1,200 | 17 | 41 | 1,200 | 17 | 41 |" in lines
    assert lines[-3:] == [
        f"{name}, at 90.0 % or more: smallest is tree, fastest bdnnlang, a." for name in ("AVR", "Cortex-M0", "RV32")
    ]


def test_what_is_missing_is_said(device: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(device.sys.modules["targets"].shutil, "which", lambda tool: None)
    assert device.main([]) == 1
    assert "not installed: avr-gcc" in capsys.readouterr().err
