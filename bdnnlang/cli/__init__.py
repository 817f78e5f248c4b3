"""`bdnnc`: one file a verb. Whatever is heavy is imported by the verb that needs it."""

from bdnnlang.cli.main import main
from bdnnlang.cli.shared import Exit

__all__ = ["Exit", "main"]
