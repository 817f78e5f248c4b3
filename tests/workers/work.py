"""Jobs for workers: other processes import this module by its name."""

from __future__ import annotations

import os
import time

from bdnnlang.workers.talk import HungUpError, Line


def square(number: int) -> int:
    return number * number


def process(number: int) -> int:
    return os.getpid()


def end(number: int) -> int:
    """As a system does that is short of memory, of the job 0."""
    if number == 0:
        os._exit(9)
    return number


def fail(number: int) -> int:
    raise KeyError(number)


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def count(line: Line) -> list[int]:
    """Say 1, and then what was answered, until that is 4."""
    said = [1]
    while said[-1] < 4:
        said.append(line.say(said[-1]))
    return said


def until_hung_up(line: Line) -> str:
    try:
        while True:
            line.say(0)
    except HungUpError:
        return "hung up"
