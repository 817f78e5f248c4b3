"""C headers, compiled and asked."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bdnnlang.arrays import Ints

STRICT = ("-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror")
SANITISED = ("-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
COMPILERS = {"gcc": ("gcc", "-std=c99"), "g++": ("g++", "-x", "c++"), "clang": ("clang", "-std=c99")}

_MAIN = """
#include <stdio.h>
{includes}
{functions}
int main(void)
{{
{calls}
    return 0;
}}
"""
# Each row has an array of exactly its size, so that a sanitiser sees one number too many being read.
_ASK = """
static void ask_{name}(void)
{{
    for (long row = 0; row < {rows}; ++row) {{
        {name}_input_t x[{macro}_INPUTS];
        long long number = 0;
        for (int i = 0; i < {macro}_INPUTS; ++i) {{
            if (fread(&number, sizeof number, 1, stdin) != 1) {{ return; }}
            x[i] = ({name}_input_t)number;
        }}
        putchar({name}_predict(x) + 48);
    }}
}}
"""


def compiler(name: str) -> tuple[str, ...]:
    """The command; skips the test where there is none."""
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    return COMPILERS[name]


def classes(headers: dict[str, str], rows: dict[str, Ints], command: Sequence[str], folder: Path) -> dict[str, Ints]:
    """What each header's function makes of its rows; one program for all."""
    for name, text in headers.items():
        (folder / f"{name}.h").write_text(text)
    asks = [_ASK.format(name=name, macro=name.upper(), rows=len(rows[name])) for name in headers]
    source = _MAIN.format(
        includes="\n".join(f'#include "{name}.h"' for name in headers),
        functions="\n".join(asks),
        calls="\n".join(f"    ask_{name}();" for name in headers),
    )
    program = build(source, command, folder)
    numbers = b"".join(rows[name].astype(np.int64).tobytes() for name in headers)
    done = subprocess.run([program], input=numbers, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    answers = np.frombuffer(done.stdout, dtype=np.uint8).astype(np.int64) - 48
    ends = np.cumsum([len(rows[name]) for name in headers])
    return dict(zip(headers, np.split(answers, ends[:-1]), strict=True))


def build(source: str, command: Sequence[str], folder: Path) -> Path:
    """The program of a source; the test fails with what the compiler says."""
    (folder / "main.c").write_text(source)
    program = folder / "main"
    done = subprocess.run(
        [*command, *STRICT, "main.c", "-o", str(program)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[:3000]
    return program
