"""`bdnnc`: one file a verb. A verb imports what is heavy when it runs, and Ctrl-C is handled before anything is imported."""

from bdnnlang.cli.entry import main

__all__ = ["main"]
