"""Scripts of `specs/`, which are no modules of the package, as modules."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

SPECS = Path(__file__).resolve().parents[1] / "specs"


def script(place: str) -> ModuleType:
    """The one at `place` below `specs/`, as `bench/robust.py`."""
    found = importlib.util.spec_from_file_location(f"specs_{Path(place).stem}", SPECS / place)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module  # where dataclasses look for their annotations
    found.loader.exec_module(module)
    return module
