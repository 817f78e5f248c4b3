"""What can be wrong with a spec once its model is known: solvers, sizes, margins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bdnnlang.diagnostics import Diagnostic


@dataclass(frozen=True, kw_only=True)
class SolverLacksCapability(Diagnostic):
    """A solver that cannot take what the spec asks for"""

    code: ClassVar[str] = "E207"
    title: ClassVar[str] = "solver `{solver}` cannot take this network"
    label: ClassVar[str] = "{reason}"
    help: ClassVar[str] = "write `solver = auto`, or {way}"
    why: ClassVar[str] = (
        "CP-SAT works in integers only. A network is a program of integers when every weight and bias comes from a finite "
        "domain and the features lie on a common lattice, such as whole numbers or tenths; `quantize 4` in `data` "
        "puts any features on one. Continuous weights would be scaled silently and a wrong optimum reported, so they never "
        "reach it. A robust `l2` set is a second-order cone, which only SCIP takes. GLPK's tolerance on rows is as wide as the "
        "margins of formulation `paper`, where it has called lesser networks optimal. `bdnnc solvers` says what each can do."
    )
    bad: ClassVar[str] = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain {\n  solver = cpsat\n  exact 10s\n}\n"
    good: ClassVar[str] = (
        "bdnn 1\ndata iris\nnetwork {\n  weights in {-1, 0, 1}\n  hidden 2\n}\ntrain {\n  solver = cpsat\n  exact 10s\n}\n"
    )

    solver: str
    reason: str
    way: str


@dataclass(frozen=True, kw_only=True)
class SolverNotInstalled(Diagnostic):
    """A solver that is not installed"""

    code: ClassVar[str] = "E208"
    title: ClassVar[str] = "solver `{solver}` is not installed"
    label: ClassVar[str] = "asked for here"
    help: ClassVar[str] = "run `{install}`, or write `solver = auto`"
    why: ClassVar[str] = (
        "SCIP comes with bdnnlang. All others are optional, each one package or program, and `bdnnc solvers` lists what "
        "this environment has."
    )
    bad: ClassVar[str] = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain {\n  solver = highs\n  exact 10s\n}\n"
    good: ClassVar[str] = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain {\n  solver = scip\n  exact 10s\n}\n"

    solver: str
    install: str


@dataclass(frozen=True, kw_only=True)
class SolverOptionRefused(Diagnostic):
    """A parameter that the solver does not take"""

    code: ClassVar[str] = "E234"
    title: ClassVar[str] = "`{solver}` refuses the parameter `{name}`"
    label: ClassVar[str] = "{said}"
    help: ClassVar[str] = "see the manual of the solver, or remove `{name}`"
    why: ClassVar[str] = (
        "`solver_options` go to the solver as they are, and only it knows which there are and what they can be; each is tried "
        "before anything is solved. What bdnnc sets itself has a word of the language, such as `gap` or `threads`, and the "
        "tolerances that a proof rests on are not for changing."
    )
    bad: ClassVar[str] = (
        "bdnn 1\ndata iris\nnetwork { hidden 2 }\n"
        'train {\n  solver = scip\n  solver_options { "limits/best" = 3 }\n  exact 10s\n}\n'
    )
    good: ClassVar[str] = (
        "bdnn 1\ndata iris\nnetwork { hidden 2 }\n"
        'train {\n  solver = scip\n  solver_options { "limits/bestsol" = 3 }\n  exact 10s\n}\n'
    )

    solver: str
    name: str
    said: str


@dataclass(frozen=True, kw_only=True)
class LinearFilesOnly(Diagnostic):
    """What no linear file can hold"""

    code: ClassVar[str] = "E204"
    title: ClassVar[str] = "a file cannot hold {what}"
    label: ClassVar[str] = "not linear"
    help: ClassVar[str] = "{way}, or use `bdnnc run`, where SCIP takes it"
    why: ClassVar[str] = (
        "MPS and LP files are written for linear programs, which every solver reads alike. Squares have several dialects, and "
        "some readers pass over them without a word."
    )
    bad: ClassVar[str] = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain {\n  loss = hamming + 0.1 * l2\n  exact 10s\n}\n"
    good: ClassVar[str] = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain {\n  loss = hamming + 0.1 * l1\n  exact 10s\n}\n"

    what: str
    way: str


@dataclass(frozen=True, kw_only=True)
class WholeFilesOnly(Diagnostic):
    """What no file of whole numbers can hold"""

    code: ClassVar[str] = "E233"
    title: ClassVar[str] = "an OPB file cannot hold this model: {what}"
    label: ClassVar[str] = "not in whole numbers"
    help: ClassVar[str] = "{way}, or write an MPS or LP file"
    why: ClassVar[str] = (
        "An OPB file is a program of 0-1 variables and whole numbers, so its solvers count exactly. Integer networks on data "
        "of a common lattice are one after the passes of `tight`; real weights, cones and squares have no such form."
    )
    bad: ClassVar[str] = "bdnn 1\ndata iris { scale none }\nnetwork { hidden 1 }\ntrain { exact 10s }\n"
    good: ClassVar[str] = "bdnn 1\ndata iris { scale none }\nnetwork { weights in {-1, 0, 1}, hidden 1 }\ntrain { exact 10s }\n"

    what: str
    way: str


@dataclass(frozen=True, kw_only=True)
class WeightsPerClass(Diagnostic):
    """A number of class weights that is not that of the classes"""

    code: ClassVar[str] = "E231"
    title: ClassVar[str] = "`class_weight` has {given} weights for {classes} classes"
    label: ClassVar[str] = "one for each class"
    second_label: ClassVar[str] = "{classes} classes"
    help: ClassVar[str] = "write {classes} numbers, or `class_weight = balanced`"
    why: ClassVar[str] = (
        "The weights belong to the classes in their order, which is ascending unless `classes` in `data` gives another."
    )
    bad: ClassVar[str] = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain {\n  class_weight = [1, 2]\n  exact 10s\n}\n"
    good: ClassVar[str] = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain {\n  class_weight = [1, 2, 1]\n  exact 10s\n}\n"

    given: int
    classes: int


@dataclass(frozen=True, kw_only=True)
class CostsTooFarApart(Diagnostic):
    """Costs that no solver can tell from nothing"""

    code: ClassVar[str] = "E232"
    title: ClassVar[str] = "one cost is {ratio:.2g} times another, {largest:.3g} against {least:.3g}"
    label: ClassVar[str] = "more than a factor of {limit:.0e}"
    help: ClassVar[str] = "bring class weights and factors of penalties nearer together, or leave the least out"
    why: ClassVar[str] = (
        "A solver works with some sixteen digits and calls differences below 1e-9 nothing. Costs are scaled exactly so that the "
        "least of them is far above that; where the largest are too far away, the least would be lost among them, and a wrong "
        "optimum proved. `local_search` alone takes such costs: it asks no solver, and proves nothing."
    )
    good: ClassVar[str] = (
        "bdnn 1\ndata breast_cancer\nnetwork { hidden 2 }\ntrain {\n  class_weight = [0.01, 1]\n  exact 10s\n}\n"
    )
    bad: ClassVar[str] = good.replace("0.01", "1e-10")

    ratio: float
    largest: float
    least: float
    limit: float


@dataclass(frozen=True, kw_only=True)
class ModelTooLarge(Diagnostic):
    """A model too large to be built"""

    code: ClassVar[str] = "E219"
    title: ClassVar[str] = "{what} would have about {nonzeros:.1e} nonzeros"
    label: ClassVar[str] = "more than the {limit:.0e} that can be built here"
    help: ClassVar[str] = "use fewer neurons, fewer rows with `sample` in `data`, or `local_search` alone, which builds no model"
    why: ClassVar[str] = (
        "Every sample needs rows for every neuron, so the model grows as samples × width × (features + 1), and deeper layers "
        "as samples × width × width; `data_split` on minibatches counts their samples, and `local_search` builds a model with "
        "`method = alternate` only. The size is worked out before memory is asked for. A model of this size is out of reach of "
        "every solver as well."
    )
    bad: ClassVar[str] = "bdnn 1\ndata random(samples=2000, features=100)\nnetwork { hidden 1000 }\ntrain { exact 10s }\n"
    good: ClassVar[str] = (
        "bdnn 1\ndata random(samples=2000, features=100) { sample 200 }\nnetwork { hidden 4 }\ntrain { exact 10s }\n"
    )

    nonzeros: float
    limit: float
    what: str = "the model"


@dataclass(frozen=True, kw_only=True)
class OneOutputTooFew(Diagnostic):
    """One output for more than two classes"""

    code: ClassVar[str] = "E218"
    title: ClassVar[str] = "`{written}` cannot tell {classes} classes apart"
    label: ClassVar[str] = "one output is 0 or 1"
    second_label: ClassVar[str] = "{classes} classes"
    help: ClassVar[str] = "write {instead}, or keep two classes with `classes = [...]` in `data`"
    why: ClassVar[str] = (
        "An output neuron fires or does not, so a single one stands for two classes. More classes take one output each; "
        "`encoding = auto` chooses by the data."
    )
    bad: ClassVar[str] = "bdnn 1\ndata iris\nnetwork {\n  hidden 2\n  output { encoding = single }\n}\ntrain { exact 10s }\n"
    good: ClassVar[str] = "bdnn 1\ndata iris\nnetwork {\n  hidden 2\n  output { encoding = one_hot }\n}\ntrain { exact 10s }\n"

    classes: int
    written: str = "encoding = single"
    instead: str = "`encoding = one_hot`"


@dataclass(frozen=True, kw_only=True)
class MarginTooSmall(Diagnostic):
    """A margin that solvers cannot tell from 0"""

    code: ClassVar[str] = "E210"
    title: ClassVar[str] = "a margin of {margin:.2g} is too small for layer {layer}, whose big-M is {m:.3g}"
    label: ClassVar[str] = "solvers need at least {least:g} here"
    help: ClassVar[str] = "write `margin = {least:g}`{way}"
    why: ClassVar[str] = (
        "A solver keeps a row only within a tolerance. In a row with a large constant M that tolerance is wider than so small "
        "a margin, so wrong activations pass and the loss it proves is not one of any network. The margin has to be at least "
        "M / 100,000, and in a file, which any solver may get, three times that. The pass `unit_rows` of `formulation = tight` "
        "makes the first layer's M 1; where pre-activations lie on a lattice no margin is asked for, and none beyond its unit."
    )
    bad: ClassVar[str] = (
        "bdnn 1\ndata breast_cancer { scale none }\nnetwork { hidden 2 }\n"
        "train {\n  solver = scip\n  formulation = paper\n  margin = 0.001\n  exact 10s\n}\n"
    )
    good: ClassVar[str] = (
        "bdnn 1\ndata breast_cancer { scale none }\nnetwork { hidden 2 }\n"
        "train {\n  solver = scip\n  formulation = tight\n  margin = 0.001\n  exact 10s\n}\n"
    )

    layer: int
    margin: float
    m: float
    least: float
    way: str = ""


@dataclass(frozen=True, kw_only=True)
class LooseBigM(Diagnostic):
    """A margin that has to be wide"""

    code: ClassVar[str] = "W203"
    title: ClassVar[str] = "layer {layer} needs a margin of {margin:.2g}, because its big-M is {m:.3g}"
    label: ClassVar[str] = "only networks with this margin are considered"
    help: ClassVar[str] = "scale the features (`scale minmax`), narrow `biases in`, or use `formulation = tight`"
    why: ClassVar[str] = (
        "A solver keeps a row only within a tolerance. With a large constant M that tolerance lets a wrong activation pass, "
        "so the margin has to grow with M (at least M / 100,000). A large margin leaves out networks, and the proved "
        "optimum then speaks of fewer of them."
    )
    bad: ClassVar[str] = (
        "bdnn 1\ndata breast_cancer { scale none }\nnetwork { hidden 2 }\n"
        "train {\n  solver = scip\n  formulation = paper\n  exact 10s\n}\n"
    )
    good: ClassVar[str] = (
        "bdnn 1\ndata breast_cancer { scale none }\nnetwork { hidden 2 }\n"
        "train {\n  solver = scip\n  formulation = tight\n  exact 10s\n}\n"
    )

    layer: int
    margin: float
    m: float


@dataclass(frozen=True, kw_only=True)
class FineLattice(Diagnostic):
    """A lattice that is too fine for solvers"""

    code: ClassVar[str] = "W207"
    title: ClassVar[str] = "layer {layer} has a margin of {margin:.2g}, the unit of its lattice, and a big-M of {m:.3g}"
    label: ClassVar[str] = "solvers need {least:.2g} here"
    help: ClassVar[str] = "use `formulation = tight`, whose rows are whole numbers there, or `quantize 4` in `data`"
    why: ClassVar[str] = (
        "Where weights and features lie on a lattice, a weighted sum below 0 is so by the unit of the lattice at least, and "
        "the model asks for no more: a wider margin would leave out networks. But a solver keeps a row only within a tolerance. "
        "Where the unit is less than M / 100,000 (in a file, which any solver may get, three times that) wrong "
        "activations can pass, and the loss that a solver proves need not be that of any network."
    )
    good: ClassVar[str] = (
        "bdnn 1\ndata iris { scale none }\nnetwork {\n  weights in {-1, 0, 0.0001, 1}\n  hidden 2\n}\n"
        "train {\n  solver = scip\n  formulation = tight\n  exact 10s\n}\n"
    )
    bad: ClassVar[str] = good.replace("tight", "paper")

    layer: int
    margin: float
    least: float
    m: float


@dataclass(frozen=True, kw_only=True)
class LargeModel(Diagnostic):
    """A large model"""

    code: ClassVar[str] = "W204"
    title: ClassVar[str] = "{what} has about {nonzeros:.1e} nonzeros"
    label: ClassVar[str] = "solvers rarely get anywhere beyond {limit:.0e}"
    help: ClassVar[str] = "use fewer neurons, or fewer rows with `sample` in `data`; `bdnnc plan` shows the sizes"
    why: ClassVar[str] = (
        "A model of several million nonzeros can be written and read, but a solver seldom improves on its start within hours."
    )
    bad: ClassVar[str] = "bdnn 1\ndata random(samples=1000, features=50)\nnetwork { hidden 64 }\ntrain { exact 10s }\n"
    good: ClassVar[str] = (
        "bdnn 1\ndata random(samples=1000, features=50) { sample 200 }\nnetwork { hidden 4 }\ntrain { exact 10s }\n"
    )

    nonzeros: float
    limit: float
    what: str
