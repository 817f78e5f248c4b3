"""`python -m bdnnlang.cli`."""

from bdnnlang.cli.entry import script

script()
