"""Property tests with fresh random examples until the time is over: `python tests/fuzz.py SECONDS [what pytest takes]`.

Each round runs all of them with a seed of its own. Exit code 1 where one failed; the last lines say how to see it again.
"""

from __future__ import annotations

import math
import re
import secrets
import signal
import subprocess
import sys
import time

FLAGS = ("-q", "-m", "hypothesis", "--hypothesis-profile=fuzz")
PATIENCE = 120.0  # seconds for pytest to end what is going on, after it was asked to stop
INTERRUPTED = 2  # pytest's exit code
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)


def listen() -> None:
    """Let rounds be interrupted also where this process is not, as behind `&` or `nohup`: they inherit what is ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def one_round(seed: int, more: list[str], seconds: float) -> tuple[int, str]:
    """Exit code and output of all property tests with one seed, for so long at most."""
    command = [sys.executable, "-m", "pytest", *FLAGS, f"--hypothesis-seed={seed}", *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            output, _ = process.communicate(timeout=max(seconds, 0.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            return INTERRUPTED, rest(process)
    return process.returncode, output


def rest(process: subprocess.Popen[str]) -> str:
    """The output of a process that was asked to stop."""
    try:
        return process.communicate(timeout=PATIENCE)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]


def main(seconds: float, more: list[str], most: float = math.inf) -> int:
    """0 if no example failed in this time and `most` rounds, 1 otherwise."""
    listen()
    end = time.monotonic() + seconds
    failed: dict[str, int] = {}  # node → the first seed with which it fails
    rounds = 0
    while time.monotonic() < end and rounds < most:
        seed = secrets.randbelow(2**32)
        code, output = one_round(seed, more, end - time.monotonic())
        rounds += 1
        new = {node: seed for node in FAILED.findall(output) if node not in failed}
        if new or code not in (0, 1, INTERRUPTED):
            print(output)
        if code not in (0, 1, INTERRUPTED):
            return code
        failed |= new
        print(f"round {rounds}, seed {seed}: {output.strip().splitlines()[-1] if output.strip() else 'nothing'}", flush=True)
    for node, seed in failed.items():
        print(f"failed: pytest '{node}' --hypothesis-profile=fuzz --hypothesis-seed={seed}")
    print(f"{rounds} rounds, {len(failed)} tests failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
