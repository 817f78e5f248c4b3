"""The verbs of `bdnnc`: a file each, in a room of what they are about. A file is imported when a command line names its verb."""

import importlib
import keyword

from bdnnlang.cli.arguments import Verb

ROOMS = {  # the verbs of each room, in the order of `--help`, with what `--help` says of them
    "specs": {
        "new": "write a commented spec to begin with: a template, or one proposed for a csv file",
        "check": "look for mistakes in specs and their data; nothing is solved",
        "fmt": "canonical layout: every comment stays; --check and --diff write nothing",
        "show": "print the effective spec, the result of any phase, or the report of a run folder",
        "plan": "sizes, constants and time before anything is solved",
        "diff": "two specs fact by fact, or two runs metric by metric and sample by sample",
        "compile": "write the model for any solver",
        "conflicts": "small sets of samples that no neuron gets all right: errors in data are found this way",
        "explain-row": "a row or column of the model: its equation, sample, features, and the line of the spec that asks for it",
        "explain": "a page on a diagnostic (E107) or a setting (train.exact.gap); alone: the list of all pages",
    },
    "runs": {
        "run": "execute the schedule, verify the network, write the run folder",
        "pareto": "the least loss for each number of bytes of code, each point with its bound",
        "race": "the same with several solvers side by side: the first proof ends it",
        "import": "the answer of any solver, or a network made anywhere, as a verified network",
        "report": "what runs came to, one or several side by side; --html writes one page that needs nothing else",
        "verify": "recompute every claim of a run in exact arithmetic; needs no solver",
        "predict": "classes for new rows",
        "export": "the network in whole numbers, exactly as `predict` answers, in a form that leaves the tool",
        "simplify": "the network of a run with fewer weights and the same answers, in a run folder of its own",
        "runs": "list the run folders there: date, spec, status, loss, bound, accuracies",
    },
    "tools": {
        "bench": "formulations and solvers side by side on the exact stage alone, every network verified",
        "solvers": "the solvers found here and what they take",
        "lsp": "a language server for editors, on standard input and output",
        "completion": "a script for bash, zsh or tcsh that completes verbs, flags, their words and files",
    },
}
VERBS = {name: text for verbs in ROOMS.values() for name, text in verbs.items()}


def load(name: str) -> Verb:
    """The flags of a verb, and what it does."""
    verb: Verb = importlib.import_module(module_of(name)).VERB
    return verb


def module_of(name: str) -> str:
    """The module of a verb. Its last part must be a name of Python and none of its words."""
    room = next(room for room, verbs in ROOMS.items() if name in verbs)
    return (
        f"bdnnlang.cli.verbs.{room}.{name}_" if keyword.iskeyword(name) else f"bdnnlang.cli.verbs.{room}.{name.replace('-', '_')}"
    )
