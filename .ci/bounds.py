"""The lower bounds of pyproject.toml as constraints for pip, on standard output: what `make oldest` installs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def lower_bounds(text: str) -> list[str]:
    """`name==version` for each requirement with a lower bound, once a name."""
    project = tomllib.loads(text)["project"]
    requirements = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    found = (re.match(r"([\w-]+)(?:\[.*\])?\s*>=\s*([\w.]+)", one) for one in requirements)
    return sorted({f"{match[1]}=={match[2]}" for match in found if match})


if __name__ == "__main__":
    print("\n".join(lower_bounds(PROJECT.read_text(encoding="utf-8"))))
