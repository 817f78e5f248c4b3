"""Row 9: what no user sends by mistake, and what some do."""

from __future__ import annotations

import gzip
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

SECONDS, MEGABYTES = 2.0, 500  # of the processor, so that a busy machine does not count
SPEC = "bdnn 1\ndata {source} {{\n{facts}}}\nnetwork {{ hidden {hidden} }}\ntrain {{ exact 10s }}\n"
ROWS = "".join(f"{i},{i % 7},{i % 2}\n" for i in range(20))
Make = Callable[[Path], str]  # write files into a folder, return the text of the spec


def refused(number: int) -> str:
    """A clean error: exit code 1 or 2, a code or a reason, no traceback; little time, little memory."""
    name, make = list(INPUTS.items())[number]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "s.bdnn").write_text(make(folder), encoding="utf-8", errors="surrogatepass")
        command = [sys.executable, "-m", "bdnnlang.cli", "check", "s.bdnn"]
        read, write = os.pipe()
        process = subprocess.Popen(command, cwd=folder, stderr=write, stdout=write, preexec_fn=_limited)
        os.close(write)
        with os.fdopen(read, "rb") as stream:
            said = stream.read().decode("utf-8", "replace")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    if process.returncode not in (1, 2) or not re.search(r"error(\[E\d{3}\])?:", said) or "Traceback" in said:
        return f"{name}: exit {process.returncode}: {said[-200:]}"
    if seconds > SECONDS or megabytes > MEGABYTES:
        return f"{name}: {seconds:.1f} s, {megabytes:.0f} MB"
    return ""


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))


def _spec(source: str = 'csv("d.csv")', facts: str = "", hidden: object = 2) -> str:
    return SPEC.format(source=source, facts=facts, hidden=hidden)


def _csv(text: str, **spec: object) -> Make:
    def make(folder: Path) -> str:
        (folder / "d.csv").write_text(text, encoding="utf-8")
        return _spec(**spec)  # type: ignore[arg-type]

    return make


def _text(text: str) -> Make:
    def make(folder: Path) -> str:
        return text

    return make


def _bomb(folder: Path) -> str:
    (folder / "d.csv").write_bytes(gzip.compress(b"1,2,0\n" * 5_000_000))
    return _spec()


def _linked(target: str) -> Make:
    def make(folder: Path) -> str:
        (folder / "d.csv").symlink_to(target)
        return _spec()

    return make


def _fifo(folder: Path) -> str:
    os.mkfifo(folder / "d.csv")
    return _spec()


def _one_long_line(folder: Path) -> str:
    with (folder / "d.csv").open("wb") as stream:
        stream.truncate(90_000_000)
    return _spec()


def _a_gigabyte(folder: Path) -> str:
    with (folder / "d.csv").open("wb") as stream:
        stream.truncate(1_000_000_000)
    return _spec()


def _circle(folder: Path) -> str:
    (folder / "a.bdnn").write_text('bdnn 1 fragment\nuse "b.bdnn"\n')
    (folder / "b.bdnn").write_text('bdnn 1 fragment\nuse "a.bdnn"\n')
    return 'bdnn 1\nuse "a.bdnn"\n' + _spec("iris").removeprefix("bdnn 1\n")


def _wide(folder: Path) -> str:
    (folder / "d.csv").write_text(",".join(f"c{j}" for j in range(400_000)) + "\n" + ",".join("1" * 400_000) + "\n")
    return _spec()


HEAD = "a,b,y\n"
INPUTS: dict[str, Make] = {
    "nan": _csv(HEAD + ROWS + "nan,1,0\n"),
    "infinite": _csv(HEAD + ROWS + "inf,1,0\n"),
    "overflow": _csv(HEAD + ROWS + "1e400,1,0\n"),
    "ragged": _csv(HEAD + ROWS + "1,2\n"),
    "wrong delimiter": _csv((HEAD + ROWS).replace(",", ";")),
    "one class": _csv(HEAD + "1,2,0\n2,1,0\n" * 10),
    "text among numbers": _csv(HEAD + ROWS + "abc,1,0\n"),
    "empty": _csv(""),
    "header alone": _csv(HEAD),
    "not text": lambda folder: (folder / "d.csv").write_bytes(bytes(range(256)) * 9) and _spec(),  # type: ignore[func-returns-value]
    "gzip bomb": _bomb,
    "outside": _text(_spec('csv("../../../etc/passwd")')),
    "absolute": _text(_spec('csv("/etc/passwd")')),
    "link outside": _linked("/etc/passwd"),
    "link to a device": _linked("/dev/zero"),
    "link to proc": _linked("/proc/self/mem"),
    "device": _text(_spec('csv("/dev/zero")')),
    "fifo": _fifo,
    "folder": lambda folder: (folder / "d.csv").mkdir() or _spec(),  # type: ignore[func-returns-value]
    "90 MB of one line": _one_long_line,
    "a gigabyte": _a_gigabyte,
    "400,000 columns": _wide,
    "a billion neurons": _csv(HEAD + ROWS, hidden=1_000_000_000),
    "a number of 5,000 digits": _csv(HEAD + ROWS, hidden="9" * 5000),
    "a number beyond floats": _csv(HEAD + ROWS, facts="  test = 1e400\n"),
    "a billion samples": _text(_spec("random(samples=1000000000, features=1000)")),
    "100,000 brackets": _text("bdnn 1\ndata iris { drop " + "[" * 100_000 + " }\n"),
    "49,000 closing braces": _text("bdnn 1\n" + "}" * 49_000 + "\n"),
    "60 nested blocks": _text("bdnn 1\n" + "train { " * 60 + "\n"),
    "no closing quote": _text('bdnn 1\ndata csv("d.csv\n' + "x" * 200_000),
    "bidi": _text(_spec("iris").replace("hidden", "\u202ehidden")),
    "no-break spaces": _text(_spec("iris").replace(" ", "\xa0") + "}"),
    "null bytes": _text("bdnn 1\n\0\0\0\n"),
    "circle of uses": _circle,
    "uses outside": _text('bdnn 1\nuse "../../../etc/passwd"\n' + _spec("iris").removeprefix("bdnn 1\n")),
    "nothing": _text(""),
}
