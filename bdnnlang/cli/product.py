"""What a run writes to standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bdnnlang.cli.shared import Exit, fail
from bdnnlang.cli.streams import OutputLost


@dataclass
class Product:
    """What goes to standard output. That it is lost is no reason to abandon a run."""

    lost: OutputLost | None = None

    def write(self, write: Callable[[], None]) -> None:
        if self.lost is None:
            try:
                write()
                sys.stdout.flush()
            except OutputLost as lost:
                self.lost = lost

    def exit(self, folder: Path) -> Exit:
        """The exit code of a run that is good otherwise."""
        if self.lost is None or self.lost.is_closed:
            return Exit.OK
        return fail(f"{self.lost}; the folder {folder} is whole", Exit.ENVIRONMENT)
