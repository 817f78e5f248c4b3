"""The verbs of `bdnnc`, one file each, in the order of `--help`. A file is imported when a command line names its verb."""

import importlib
import keyword

from bdnnlang.cli.arguments import Verb

VERBS = {  # with what `--help` says of them
    "check": "look for mistakes in specs and their data; nothing is solved",
    "show": "print the effective spec, the result of any phase, or the report of a run folder",
    "plan": "sizes, constants and time before anything is solved",
    "compile": "write the model for any solver",
    "import": "the answer of any solver, or a network made anywhere, as a verified network",
    "run": "execute the schedule, verify the network, write the run folder",
    "race": "the same with several solvers side by side: the first proof ends it",
    "bench": "formulations and solvers side by side on the exact stage alone, every network verified",
    "verify": "recompute every claim of a run in exact arithmetic; needs no solver",
    "conflicts": "small sets of samples that no neuron gets all right: errors in data are found this way",
    "predict": "classes for new rows",
    "solvers": "the solvers found here and what they take",
    "explain-row": "a row or column of the model: its equation, sample, features, and the line of the spec that asks for it",
    "explain": "a page on a diagnostic (E107) or a setting (train.exact.gap); alone: the list of all pages",
}


def load(name: str) -> Verb:
    """The flags of a verb, and what it does."""
    verb: Verb = importlib.import_module(f"bdnnlang.cli.verbs.{module_of(name)}").VERB
    return verb


def module_of(name: str) -> str:
    """The name of a verb's file, which must be a name of Python and none of its words."""
    return f"{name}_" if keyword.iskeyword(name) else name.replace("-", "_")
