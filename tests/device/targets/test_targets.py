"""Generated C on AVR, Cortex-M0 and RV32: sizes, warnings, and the answers of 10,000 rows, many of them on or one below a tie."""

from __future__ import annotations

import functools
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripts import script

from bdnnlang.arrays import Ints, Mask
from bdnnlang.device.c.header import header
from bdnnlang.device.c.straight.inputs import input_type
from bdnnlang.device.c.styles import Optimise, Style
from bdnnlang.device.many import reached, signals, sums
from bdnnlang.device.vectors import draw, near_ties
from bdnnlang.device.whole import Count, Neuron, Reading, WholeNetwork

from ..random_networks import counts, mixed, network

targets = script("bench/device/targets.py")
ROWS, TIES = 10_000, 2_000
STRICT = ("-std=c99", "-Os", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror", "-c")

# Rules of MISRA C:2012 that are advice: macros that nobody uses here, tables outside of functions, precedence, reading on in a
# table within an expression, more than one return, and parameters that change.
ADVISED = ("2.5", "8.9", "12.1", "13.3", "15.5", "17.8")
CALLER = """#include "net.h"
uint_fast8_t answer(const net_input_t x[NET_INPUTS]);
uint_fast8_t answer(const net_input_t x[NET_INPUTS])
{
    return net_predict(x);
}
"""

# specs/bench/device/iris_4.bdnn: readings in tenths of centimetres
IRIS = WholeNetwork(
    tuple(Reading(name, 0, 255) for name in ("sepal length", "sepal width", "petal length", "petal width")),
    tuple(Count(k) for k in range(4)),
    (
        (Neuron(((0, 1), (2, -1), (3, -1)), -1), Neuron(((2, 1),), 20)),
        (Neuron(((1, -1),), 0), Neuron(((0, 1),), 1), Neuron((), 0)),
    ),
    ("setosa", "versicolor", "virginica"),
)


WRITTEN = [*((style, Optimise.BYTES) for style in Style), (Style.AUTO, Optimise.CYCLES)]


def example(kind: str) -> WholeNetwork:
    """Of those with several outputs no class is rare."""
    rng = random.Random("g" if kind in ("one deep", "bits") else kind)
    match kind:
        case "iris":
            return IRIS
        case "gaps":
            return network(mixed(6, rng), (5, 4, 3), rng, largest=3)
        case "long sums":
            return network(counts(9, -(1 << 24), 1 << 24), (4, 1), rng, largest=1 << 20)
        case "one deep":
            return network(counts(64, 0, 16), (16, 10), rng, density=0.3)
        case "bits":
            return network(counts(20, 0, 255), (24, 20, 5), rng)
    raise AssertionError(kind)


def target(name: str) -> Any:
    """Skips the test where a tool is missing."""
    (found,) = [one for one in targets.TARGETS if one.name == name]
    if absent := targets.missing(found):
        pytest.skip(f"not installed: {', '.join(absent)}")
    return found


def source(whole: WholeNetwork, style: Style, optimise: Optimise = Optimise.BYTES) -> Any:
    return targets.exported(header(whole, "net", style, optimise), "net", input_type(whole.readings).name, len(whole.readings))


def on_ties(whole: WholeNetwork, rows: Ints) -> Mask:
    """Which rows have a sum of any layer on its threshold or one below it."""
    values, near = signals(whole, rows), np.zeros(len(rows), dtype=bool)
    for layer in whole.layers:
        total = sums(layer, values)
        slack = total - np.array([neuron.threshold for neuron in layer])
        near |= ((slack == 0) | (slack == -1)).any(axis=1)
        values = reached(layer, total)
    return np.asarray(near)


def rows_of(whole: WholeNetwork, number: int) -> Ints:
    """Half of them as they come, half moved to ties of the first layer."""
    rng = np.random.default_rng(5)
    moved = near_ties(whole, number // (2 * len(whole.layers[0])) + 1, rng)
    rows = np.concatenate([moved[: number // 2], draw(whole, number, rng)])[:number]
    return np.asarray(rows)


@functools.cache
def asked(kind: str) -> tuple[WholeNetwork, Ints, list[int]]:
    """A network, rows, and their classes."""
    whole = example(kind)
    rows = rows_of(whole, ROWS)
    return whole, rows, [whole.predict(tuple(row)) for row in rows.tolist()]


# ---- by default: what compilers say, and a few rows


@pytest.mark.parametrize("name", ["AVR", "Cortex-M0", "RV32"])
def test_every_style_compiles_without_a_warning(name: str, tmp_path: Path) -> None:
    compiler = target(name).compiler
    text = ""
    for style in Style:
        (tmp_path / f"{style.value}.h").write_text(header(example("bits"), f"net_{style.value}", style))
        text += f'#include "{style.value}.h"\n'
    calls = " + ".join(f"(unsigned)net_{style.value}_predict(x)" for style in Style)
    (tmp_path / "all.c").write_text(
        f"{text}unsigned all(const uint8_t x[]);\nunsigned all(const uint8_t x[]) {{ return {calls}; }}\n"
    )
    command = [f"{compiler.prefix}gcc", *compiler.flags, *STRICT, "all.c", "-o", "all.o"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "most"), [("AVR", 60), ("Cortex-M0", 40)])
def test_four_weights_take_few_bytes_and_no_ram(name: str, most: int) -> None:
    sizes = target(name).sizes(source(IRIS, Style.AUTO))
    assert 0 < sizes.flash <= most
    assert sizes.ram == 0


def test_an_avr_answers_and_counts_its_cycles() -> None:
    """Every class, in few cycles, without any stack but for the return address."""
    rows = rows_of(IRIS, 200)
    ran = target("AVR").run(source(IRIS, Style.UNROLL), rows, 200)
    assert ran.answers == [IRIS.predict(tuple(row)) for row in rows.tolist()]
    assert set(ran.answers) == {0, 1, 2}
    assert max(ran.cycles) <= 40
    assert ran.stack == 2  # the return address


@pytest.mark.parametrize("style", [Style.LIST, Style.WALK], ids=lambda style: style.value)
def test_an_avr_counts_bits_as_wider_devices_do(style: Style) -> None:
    """Its words are bytes: masks of more than 16 bits lie otherwise in its tables."""
    whole = example("bits")
    rows = rows_of(whole, 200)
    wanted = [whole.predict(tuple(row)) for row in rows.tolist()]
    assert len(set(wanted)) > 2
    assert target("AVR").run(source(whole, style), rows, 1).answers == wanted


# ---- the long ones


@pytest.mark.slow
@pytest.mark.parametrize(("style", "optimise"), WRITTEN, ids=lambda word: word.value)
@pytest.mark.parametrize("kind", ["iris", "gaps", "long sums", "one deep", "bits"])
@pytest.mark.parametrize("name", ["AVR", "Cortex-M0", "RV32"])
def test_no_row_is_wrong(name: str, kind: str, style: Style, optimise: Optimise) -> None:
    machine = target(name)
    whole, rows, wanted = asked(kind)
    assert len(rows) == ROWS
    assert int(on_ties(whole, rows).sum()) >= TIES
    ran = machine.run(source(whole, style, optimise), rows, 1)
    assert [k for k, (mine, right) in enumerate(zip(ran.answers, wanted, strict=True)) if mine != right] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["AVR", "Cortex-M0", "RV32"])
def test_small_networks_of_every_signal_answer_right(name: str) -> None:
    """Twenty of 500 rows each."""
    machine = target(name)
    near = 0
    for number in range(20):
        rng = random.Random(number)
        whole = network(
            mixed(rng.randint(1, 5), rng), (rng.randint(1, 6), rng.choice((1, 2, 4))), rng, largest=rng.choice((1, 9))
        )
        rows = rows_of(whole, ROWS // 20)
        near += int(on_ties(whole, rows).sum())
        ran = machine.run(source(whole, Style.AUTO), rows, 1)
        assert ran.answers == [whole.predict(tuple(row)) for row in rows.tolist()], number
    assert near >= TIES


@pytest.mark.slow
@pytest.mark.parametrize("name", ["AVR", "Cortex-M0", "RV32"])
def test_a_wrong_threshold_is_noticed(name: str) -> None:
    """Else the tests above would tell little."""
    first = IRIS.layers[0]
    wrong = WholeNetwork(IRIS.readings, IRIS.signals, ((first[0], Neuron(((2, 1),), 21)), IRIS.layers[1]), IRIS.classes)
    rows = rows_of(IRIS, 2_000)
    ran = target(name).run(source(wrong, Style.AUTO), rows, 1)
    assert ran.answers != [IRIS.predict(tuple(row)) for row in rows.tolist()]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "style"), [("iris", Style.UNROLL), ("bits", Style.LIST), ("bits", Style.WALK)])
def test_cppcheck_finds_nothing_but_what_is_advised(kind: str, style: Style, tmp_path: Path) -> None:
    """Of mistakes, style, speed and portability; of MISRA C:2012 no required rule."""
    if shutil.which("cppcheck") is None:
        pytest.skip("not installed: cppcheck")
    (tmp_path / "net.h").write_text(header(example(kind), "net", style))
    (tmp_path / "net.c").write_text(CALLER)
    command = ["cppcheck", "--std=c99", "--enable=warning,style,performance,portability", "--addon=misra", "--quiet"]
    done = subprocess.run([*command, "--template={file} {id}", "net.c"], cwd=tmp_path, capture_output=True, text=True, check=True)
    found = {line.split()[1] for line in done.stderr.splitlines() if line.startswith("net.h ")}
    assert found <= {f"misra-c2012-{rule}" for rule in ADVISED}
