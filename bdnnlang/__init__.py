"""bdnnlang: binarized neural networks that are *proved*, not just trained.

`import bdnnlang as bd` imports nothing heavy; each name below is imported when it is first used.

>>> import bdnnlang as bd
>>> spec = bd.load_spec('''
... bdnn 1
... data iris { classes = ["versicolor", "virginica"], scale none }
... network { weights in {-1, 0, 1}, hidden 1 }
... train { local_search 1s { restarts = 0 } }
... ''')
>>> result = bd.train(spec)
>>> result.loss, result.status.value, result.network.widths
(3, 'feasible', (4, 1, 1))
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bdnnlang.api.classifier import BDNNClassifier
    from bdnnlang.api.compiled import CompiledModel, compile_model
    from bdnnlang.api.folders import Verification, read_run, verify
    from bdnnlang.api.importing import import_solution
    from bdnnlang.api.result import NoNetwork, Result
    from bdnnlang.api.specs import SpecWarning, format_spec, load_spec
    from bdnnlang.api.sweeping import SweepResult, run_sweep
    from bdnnlang.api.training import train
    from bdnnlang.compiler import CannotRead
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.diagnostics import SpecError
    from bdnnlang.language.spec import Spec
    from bdnnlang.network.network import Network
    from bdnnlang.problem.training import TrainingProblem
    from bdnnlang.run.facts import Fact

__version__ = "0.1.0"

__all__ = [
    "BDNNClassifier",
    "CannotRead",
    "CompiledModel",
    "Dataset",
    "Fact",
    "Network",
    "NoNetwork",
    "Result",
    "Spec",
    "SpecError",
    "SpecWarning",
    "SweepResult",
    "TrainingProblem",
    "Verification",
    "compile_model",
    "format_spec",
    "import_solution",
    "load_spec",
    "read_run",
    "run_sweep",
    "train",
    "verify",
]

if not TYPE_CHECKING:  # where a name comes from is said twice, for type checkers and for Python; a test compares the two
    _HOMES = {
        "BDNNClassifier": "api.classifier",
        "CannotRead": "compiler",
        "CompiledModel": "api.compiled",
        "Dataset": "data.dataset",
        "Fact": "run.facts",
        "Network": "network.network",
        "NoNetwork": "api.result",
        "Result": "api.result",
        "Spec": "language.spec",
        "SpecError": "diagnostics",
        "SpecWarning": "api.specs",
        "SweepResult": "api.sweeping",
        "TrainingProblem": "problem.training",
        "Verification": "api.folders",
        "compile_model": "api.compiled",
        "format_spec": "api.specs",
        "import_solution": "api.importing",
        "load_spec": "api.specs",
        "read_run": "api.folders",
        "run_sweep": "api.sweeping",
        "train": "api.training",
        "verify": "api.folders",
    }

    def __getattr__(name):
        """A public name, imported when it is first asked for."""
        import importlib

        if name not in _HOMES:
            raise AttributeError(f"module 'bdnnlang' has no attribute {name!r}")
        globals()[name] = value = getattr(importlib.import_module(f"bdnnlang.{_HOMES[name]}"), name)
        return value

    def __dir__():
        return sorted({*globals(), *__all__})
