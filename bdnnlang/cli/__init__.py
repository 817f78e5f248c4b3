"""`bdnnc`: one file a verb. Whatever is heavy is imported by the verb that needs it, and nothing before Ctrl-C is handled."""

from bdnnlang.cli.entry import main

__all__ = ["main"]
