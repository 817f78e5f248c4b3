"""Parameters of a solver that a user sets, under the solver's own names: `solver_options` of a spec.

What a solver does not know or take is refused in its own words; and so is what we set, which has a word in the language, or what
the proof rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bdnnlang.solve.outcome import OptionRefusedError, Options, Value

TIME = "say `exact 1min`, or `time` in `train`"  # what to write instead of a parameter …
GAP, NODES = "say `gap` in the stage", "say `node_limit` in the stage"
THREADS, SEED = "say `threads` in `train`", "say `seed` in `train`"
PROOF = "what is proved rests on it"  # … where there is nothing
LOG = "the log is `solver.log`"
OPB_FILE, VERIPB_FILE = "exact.opb", "exact.pbp"  # what Exact was asked and its proof, beside the log


def set_options(options: Options, put: Callable[[str, Value], object], ours: Mapping[str, str]) -> None:
    """Set each parameter of the user's by `put`.

    `ours`: those that we set, in small letters, each with what to write instead. Raises OptionRefusedError for them, and with
    what the solver says to any other.
    """
    for name, value in options:
        refuse_ours(name, ours)
        try:
            put(name, value)
        except Exception as error:  # each library has its own
            raise OptionRefusedError(name, said_by(error)) from error


def refuse_ours(name: str, ours: Mapping[str, str]) -> None:
    """Raise OptionRefusedError for a parameter that we set."""
    if (instead := ours.get(name.lower().lstrip("-"))) is not None:
        raise OptionRefusedError(name, f"bdnnc sets it: {instead}")


def said_by(error: Exception) -> str:
    """The message of a library's error, in one line."""
    return " ".join(str(error).split()) or type(error).__name__
