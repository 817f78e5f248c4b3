"""Targets: what compiles a model for one, its sizes there, and what it answers under an emulator, in how many cycles."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

HARNESS = Path(__file__).resolve().parent / "harness"
PATIENCE = 600  # seconds of a compiler or an emulator
CLASSIFY, MAIN, ROW = "classify", "main", "row"  # names in the harness


@dataclass(frozen=True)
class Source:
    """A model in C: text that defines `uint8_t classify(const row_t *x)`, and a row of its inputs."""

    text: str
    row_type: str  # as uint8_t
    columns: int
    includes: tuple[Path, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)  # what it includes, by name
    libc: bool = False  # whether it needs a C library
    is_cpp: bool = False

    @property
    def header(self) -> str:
        """What the harness knows of it."""
        row = f"typedef {self.row_type} row_t;\n#define COLUMNS {self.columns}"
        function = '#ifdef __cplusplus\nextern "C"\n#endif\nuint8_t classify(const row_t *x);'
        return f"#ifndef MODEL_H\n#define MODEL_H\n#include <stdint.h>\n{row}\n{function}\n#endif\n"

    def bytes_of(self, rows: np.ndarray, double: int) -> bytes:
        """As a target has them whose `double` has that many bytes."""
        kinds = {"float": "f4", "double": f"f{double}"}
        return np.ascontiguousarray(rows).astype(np.dtype(kinds.get(self.row_type, self.row_type.removesuffix("_t")))).tobytes()


def exported(header: str, name: str, row_type: str, columns: int) -> Source:
    """A header as `bdnnc export` writes it."""
    return Source(f"{header}\nuint8_t classify(const row_t *x) {{ return (uint8_t){name}_predict(x); }}\n", row_type, columns)


@dataclass(frozen=True)
class Sizes:
    """Bytes of flash, code and tables, and of RAM without the stack."""

    flash: int
    ram: int


@dataclass(frozen=True)
class Ran:
    """What a target answered, row by row, and what that took; no stack and no cycles where they were not asked for."""

    answers: list[int]
    cycles: list[int]  # of calls, from the first instruction of the function to the end of its return
    stack: int  # bytes at most


class Target(Protocol):
    """Something that models are compiled for."""

    name: str
    cycles: str  # what is counted
    tools: tuple[str, ...]

    def sizes(self, source: Source) -> Sizes: ...
    def run(self, source: Source, rows: np.ndarray, traced: int) -> Ran: ...


def missing(target: Target) -> list[str]:
    """Programs that it needs and that are not installed."""
    return [tool for tool in target.tools if shutil.which(tool) is None]


class DoesNotFit(Exception):  # noqa: N818  (it says what is wrong)
    """A program needs more memory than a device has."""


def called(command: Sequence[str | Path], folder: Path | None = None) -> str:
    """The output of a program. Raises DoesNotFit for what a linker says so of, else RuntimeError with what it said."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        if "is not within region" in done.stderr or "overflowed by" in done.stderr:
            raise DoesNotFit
        said = f"{' '.join(words)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
        raise RuntimeError(f"exit code {done.returncode} of {said}")
    return done.stdout


@dataclass(frozen=True)
class Compiler:
    """A cross compiler: `gcc` and its companions under one prefix."""

    prefix: str
    flags: tuple[str, ...]
    start: tuple[str, ...] = ()  # files of the harness that every program needs
    link: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()  # options of a program that needs no C library
    libc: tuple[str, ...] = ("-lm",)  # options of one that does

    def program(self, source: Source, main: str, folder: Path, *, empty: bool = False) -> Path:
        """An ELF file of a main program and a model, or of one that does nothing in its place."""
        folder.joinpath("model.h").write_text(source.header)
        model = folder / ("model.cpp" if source.is_cpp and not empty else "model.c")
        model.write_text((HARNESS / "empty.c").read_text() if empty else f'#include "model.h"\n{source.text}')
        for name, text in source.files.items():
            folder.joinpath(name).write_text(text)
        elf = folder / "program.elf"
        includes = [f"-I{place}" for place in (folder, *source.includes)]
        files = [model, HARNESS / main, *(HARNESS / name for name in self.start)]
        linking = ["-Wl,--gc-sections", f"-Wl,-L{HARNESS}", *self.link, *(self.libc if source.libc else self.bare)]
        common = ["-Os", "-ffunction-sections", "-fdata-sections", "-fno-exceptions"]
        called([f"{self.prefix}gcc", *self.flags, *common, *includes, *files, *linking, "-o", elf], folder)
        return elf

    def totals(self, elf: Path) -> Sizes:
        """Of the whole program."""
        text, data, bss = (int(word) for word in called([f"{self.prefix}size", elf]).splitlines()[1].split()[:3])
        return Sizes(text + data, data + bss)

    def sizes(self, source: Source) -> Sizes:
        """Of a model: what a program with it has more than one with a model that does nothing, plus the latter's bytes."""
        with tempfile.TemporaryDirectory() as place:
            whole = self.totals(self.program(source, "endless_main.c", Path(place)))
            elf = self.program(source, "endless_main.c", Path(place), empty=True)
            bare, nothing = self.totals(elf), self.symbols(elf)[CLASSIFY][1]
        return Sizes(whole.flash - bare.flash + nothing, whole.ram - bare.ram)

    def symbols(self, elf: Path) -> dict[str, tuple[int, int]]:
        """Address and bytes of each name."""
        lines = [line.split() for line in called([f"{self.prefix}nm", "-S", elf]).splitlines()]
        return {words[3]: (int(words[0], 16), int(words[1], 16)) for words in lines if len(words) == 4}

    def instructions(self, elf: Path) -> dict[int, str]:
        """The text of each, by address."""
        found = re.findall(
            r"^ *([0-9a-f]+):\t(?:[0-9a-f]+ )+ *\t(.*)$", called([f"{self.prefix}objdump", "-d", elf]), re.MULTILINE
        )
        return {int(address, 16): text for address, text in found}

    @cached_property
    def version(self) -> str:
        return called([f"{self.prefix}gcc", "-dumpversion"]).strip()


# ---- AVR


@dataclass(frozen=True)
class Avr:
    """ATmega328P, as in Arduino Uno and Nano, under simavr."""

    name: str = "AVR"
    cycles: str = "cycles of simavr"
    tools: tuple[str, ...] = ("avr-gcc", "simavr", "gcc")
    compiler: Compiler = Compiler("avr-", ("-mmcu=atmega328p",))

    def sizes(self, source: Source) -> Sizes:
        return self.compiler.sizes(source)

    def run(self, source: Source, rows: np.ndarray, traced: int) -> Ran:
        """All rows are traced: simavr counts anyway."""
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            elf = self.compiler.program(source, "endless_main.c", folder)
            place_of = self.compiler.symbols(elf)
            data = source.bytes_of(rows, 4)
            folder.joinpath("rows.bin").write_bytes(data)
            addresses = [hex(place_of[ROW][0] & 0xFFFF), hex(place_of[CLASSIFY][0])]
            called([self._runner(folder), elf, "rows.bin", "answers.txt", str(len(data) // len(rows)), *addresses], folder)
            figures = np.loadtxt(folder / "answers.txt", dtype=int, ndmin=2)
        return Ran(figures[:, 0].tolist(), figures[:traced, 1].tolist(), int(figures[:, 2].max()))

    def _runner(self, folder: Path) -> Path:
        program = folder / "avr_run"
        called(["gcc", "-O2", HARNESS / "avr_run.c", "-o", program, "-lsimavr", "-lelf"])
        return program


# ---- Cortex-M0 and RV32


@dataclass(frozen=True)
class Emulated:
    """A machine of QEMU: rows come and answers go by semihosting; the instructions of some rows are logged one by one."""

    name: str
    cycles: str
    qemu: tuple[str, ...]
    compiler: Compiler
    weighted: bool  # cycles of a Cortex-M0 rather than instructions

    @property
    def tools(self) -> tuple[str, ...]:
        return (f"{self.compiler.prefix}gcc", self.qemu[0])

    def sizes(self, source: Source) -> Sizes:
        return self.compiler.sizes(source)

    def run(self, source: Source, rows: np.ndarray, traced: int) -> Ran:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            elf = self.compiler.program(source, "qemu_main.c", folder)
            answers, stack = self._answers(elf, source, rows, ())
            trace = folder / "trace.log"
            self._answers(elf, source, rows[:traced], ("-singlestep", "-d", "exec,nochain", "-D", str(trace)))
            cycles = self._calls(elf, trace)
        return Ran(answers, cycles, stack)

    def _answers(self, elf: Path, source: Source, rows: np.ndarray, options: Sequence[str]) -> tuple[list[int], int]:
        """Of each row; and the bytes of stack at most."""
        folder = elf.parent
        folder.joinpath("rows.bin").write_bytes(source.bytes_of(rows, 8))
        output = ("-display", "none", "-monitor", "none", "-serial", "none", "-semihosting-config", "enable=on,target=native")
        called([*self.qemu, *output, *options, "-kernel", elf], folder)
        written = folder.joinpath("answers.bin").read_bytes()
        return list(written[:-2]), int.from_bytes(written[-2:], "little")

    def _calls(self, elf: Path, trace: Path) -> list[int]:
        """The cost of each call of `classify` in a log."""
        places = self.compiler.symbols(elf)
        instructions = self.compiler.instructions(elf)
        (entry, _), (main, length) = places[CLASSIFY], places[MAIN]
        executed = [int(pc, 16) for pc in re.findall(r"^Trace \d+: 0x[0-9a-f]+ \[\w+/(\w+)/", trace.read_text(), re.MULTILINE)]
        calls: list[int] = []
        inside = False
        for pc, following in zip(executed, [*executed[1:], main], strict=True):
            if pc == entry and not inside:
                calls.append(0)
            inside = pc == entry or (inside and not main <= pc < main + length)
            if inside:
                calls[-1] += cortex_m0_cycles(instructions[pc], following != pc + 2) if self.weighted else 1
        return calls


def cortex_m0_cycles(instruction: str, jumped: bool) -> int:
    """Of an instruction, without wait states and with the fast multiplier.

    Source: Cortex-M0 Technical Reference Manual r0p0 (ARM DDI 0432C), table 3-1.
    """
    name, _, operands = instruction.partition("\t")
    name = name.partition(".")[0]
    registers = _registers(operands)
    match name:
        case "push":
            return 1 + registers
        case "pop":
            return (4 if "pc" in operands else 1) + registers
        case "ldmia" | "ldm" | "stmia" | "stm":
            return 1 + registers
        case "bl" | "dmb" | "dsb" | "isb" | "mrs" | "msr":
            return 4
        case "bx" | "blx" | "b":
            return 3
    if name.startswith(("ldr", "str")):
        return 2
    return 3 if jumped and (name.startswith("b") or "pc" in operands) else 1


def _registers(operands: str) -> int:
    """How many a list in braces names."""
    listed = re.search(r"\{(.*)\}", operands)
    return len(listed[1].split(",")) if listed else 0


def _own_start(name: str) -> tuple[str, ...]:
    return ("-nostartfiles", f"-T{HARNESS / name}.ld")


TARGETS: tuple[Target, ...] = (
    Avr(),
    Emulated(
        "Cortex-M0",
        "cycles of the reference manual's table for the instructions that QEMU executed",
        ("qemu-system-arm", "-machine", "microbit"),
        Compiler("arm-none-eabi-", ("-mcpu=cortex-m0", "-mthumb"), ("cortex_m0.c",), _own_start("cortex_m0")),
        weighted=True,
    ),
    Emulated(
        "RV32",
        "instructions that QEMU executed",
        ("qemu-system-riscv32", "-machine", "virt", "-bios", "none"),
        Compiler(
            "riscv64-unknown-elf-",
            ("-march=rv32imac", "-mabi=ilp32", "-ffreestanding"),
            ("rv32.c",),
            _own_start("rv32"),
            ("-nostdlib", "-lgcc"),
            ("--specs=picolibc.specs", "-lm"),
        ),
        weighted=False,
    ),
)
