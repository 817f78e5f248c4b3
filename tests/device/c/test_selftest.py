"""`bdnnlang/device/c/selftest.py`: a header that somebody changed is found out."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bdnnlang.device.c.header import header
from bdnnlang.device.c.selftest import selftest
from bdnnlang.device.c.styles import Style
from bdnnlang.device.whole import Neuron, WholeNetwork
from device.c.compilers import SANITISED, build, compiler
from device.random_networks import counts, network

_NUMBER = re.compile(r"(?<![\w\[])\d+(?=u?\b)")


def one_neuron() -> WholeNetwork:
    net = network(counts(9, 0, 20), [1, 1], random.Random(3), largest=5, density=1)
    return replace(net, layers=(net.layers[0], (Neuron(((0, 1),), 1),)))


def changed(text: str) -> Iterator[str]:
    """The header with each number of the function one more and one less, a 0 only one more."""
    begin = text.index("_predict(const")
    for found in _NUMBER.finditer(text, begin):
        for by in (-1, 1):
            if int(found[0]) + by >= 0:
                yield text[: found.start()] + str(int(found[0]) + by) + text[found.end() :]


def verdicts(headers: list[str], test: str, command: tuple[str, ...], folder: Path) -> list[int]:
    """What the self-test says of each header; all in one program, under names of their own."""
    for k, text in enumerate([*headers]):
        for suffix, content in (("", text), ("_selftest", test)):
            (folder / f"net{k}{suffix}.h").write_text(content.replace("one_", f"net{k}_").replace("ONE_", f"NET{k}_"))
        tested = folder / f"net{k}_selftest.h"
        tested.write_text(tested.read_text().replace('"one.h"', f'"net{k}.h"'))
    includes = "".join(f'#include "net{k}_selftest.h"\n' for k in range(len(headers)))
    calls = "".join(f'    printf("%u\\n", (unsigned)net{k}_selftest());\n' for k in range(len(headers)))
    program = build(f"#include <stdio.h>\n{includes}int main(void)\n{{\n{calls}    return 0;\n}}\n", command, folder)
    return [int(line) for line in subprocess.run([program], capture_output=True, check=True, text=True).stdout.split()]


def test_each_changed_number_is_noticed(tmp_path: Path) -> None:
    net = one_neuron()
    text, test = header(net, "one", Style.UNROLL), selftest(net, "one")
    wrong = list(changed(text))
    assert len(wrong) >= 2 * 9
    first, *others = verdicts([text, *wrong], test, (*compiler("gcc"), "-O0"), tmp_path)
    assert first == 0
    assert [wrong[k] for k, verdict in enumerate(others) if verdict == 0] == []


def test_negative_readings_of_16_bits(tmp_path: Path) -> None:
    net = network(counts(5, -700, 500), [4, 3], random.Random(8), largest=3)
    assert verdicts([header(net, "one", Style.UNROLL)], selftest(net, "one"), (*compiler("gcc"), *SANITISED), tmp_path) == [0]
