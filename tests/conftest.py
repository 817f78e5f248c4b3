"""What all tests share: `--update-golden`, and comparing a text with a file."""

import importlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from examples import WHOLE
from hypothesis import HealthCheck, settings

from bdnnlang.solve import pool

# Everybody tries the same examples, so that a change is judged by what it changes; `make slow` tries all that a test asks for
# (`examples.py`), and `make fuzz` looks for new ones. A slow machine is no failure.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("repeatable", PATIENT, derandomize=True, max_examples=3 * WHOLE // 10)
settings.register_profile("whole", PATIENT, derandomize=True, max_examples=WHOLE)
settings.register_profile("fuzz", PATIENT, max_examples=WHOLE, print_blob=True)
settings.load_profile("repeatable")
with suppress(ImportError, AttributeError):  # newer versions also draw numbers that stand in the sources they find imported:
    providers = importlib.import_module("hypothesis.internal.conjecture.providers")
    providers._get_local_constants = lambda: providers._local_constants  # so examples would change with edits and with the run

environment = pool._environment
# pytest says there which test runs; a solver's process that waits for jobs is not renewed for that.
pool._environment = lambda: {name: value for name, value in environment().items() if name != "PYTEST_CURRENT_TEST"}

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with a file; with `--update-golden` writes the file."""

    def compare(path: Path, actual: str) -> None:
        if request.config.getoption("--update-golden"):
            path.write_text(actual, encoding="utf-8")
        assert path.exists(), f"{path} is missing; run pytest --update-golden"
        assert actual == path.read_text(encoding="utf-8")

    return compare
