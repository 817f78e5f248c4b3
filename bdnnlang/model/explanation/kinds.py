"""What columns and rows are, by the names of their families: in words, as an equation, and where both come from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from bdnnlang.model.blocks import Role


class Index(Enum):
    """What an index of a name counts."""

    SAMPLE = "sample"  # rows of the model: training samples, equal ones once
    NEURON = "neuron"
    INPUT = "input"  # features in layer 1, neurons of the layer below above it
    FEATURE = "feature"
    CHANGING = "changing feature"  # those of a perturbation set, in order
    VALUE = "value"  # of a domain
    ERROR = "error"  # pairs of a sample and a class
    NUMBER = "number"
    ONLY = "only"  # there is one
    MONOTONE = "monotone"  # features that must only raise or lower the class, in the order of the spec
    CLASS = "class"  # but the first


class Asked(Enum):
    """What part of a spec asks for something."""

    LAYER = "the layer"
    LOSS = "the loss"
    ROBUST = "the perturbation set"
    PENALTY = "the penalty"
    FORMULATION = "the formulation"
    REQUIREMENT = "the requirement"


@dataclass(frozen=True, slots=True)
class ColumnKind:
    """`says` is a template over the words for `indices` and `layer`."""

    indices: tuple[Index, ...]
    says: str
    asked: Asked = Asked.LAYER


_WEIGHT = (Index.NEURON, Index.INPUT)
_PATH = (Index.MONOTONE, Index.NEURON)
COLUMNS: dict[Role, ColumnKind] = {
    Role.WEIGHTS: ColumnKind((Index.NEURON, Index.INPUT), "weight of {neuron} for {input}"),
    Role.BIASES: ColumnKind((Index.NEURON,), "bias of {neuron}"),
    Role.WEIGHT_CHOICES: ColumnKind(
        (Index.NEURON, Index.INPUT, Index.VALUE), "1 if the weight of {neuron} for {input} is {value}"
    ),
    Role.BIAS_CHOICES: ColumnKind((Index.NEURON, Index.VALUE), "1 if the bias of {neuron} is {value}"),
    Role.ACTIVATIONS: ColumnKind((Index.SAMPLE, Index.NEURON), "1 if {neuron} is {sure}on for {sample}"),
    Role.POSSIBLE: ColumnKind((Index.SAMPLE, Index.NEURON), "0 if {neuron} is surely off for {sample}, whatever the change"),
    Role.PRODUCTS: ColumnKind(
        (Index.SAMPLE, Index.NEURON, Index.INPUT), "what {input} brings to {neuron} for {sample}{least}: weight times activation"
    ),
    Role.GREATEST: ColumnKind(
        (Index.SAMPLE, Index.NEURON, Index.INPUT), "the most that {input} can bring to {neuron} for {sample}, whatever the change"
    ),
    Role.MARGIN: ColumnKind((Index.NEURON, Index.ONLY), "greatest change of {neuron} over the set", Asked.ROBUST),
    Role.MARGIN_PARTS: ColumnKind(
        (Index.NEURON, Index.CHANGING), "part of {changing} in the greatest change of {neuron}", Asked.ROBUST
    ),
    Role.MARGIN_THRESHOLD: ColumnKind(
        (Index.NEURON, Index.ONLY), "dual price of the budget in the greatest change of {neuron}", Asked.ROBUST
    ),
    Role.ERRORS: ColumnKind((Index.ERROR,), "1 unless the outputs are right for {error}", Asked.LOSS),
    Role.SIZES: ColumnKind((Index.NEURON, Index.INPUT), "absolute weight of {neuron} for {input}", Asked.PENALTY),
    Role.USES: ColumnKind((Index.NEURON, Index.INPUT), "1 if the weight of {neuron} for {input} is not 0", Asked.PENALTY),
    Role.CLASSES: ColumnKind((Index.SAMPLE, Index.CLASS), "1 if {sample} is put into class {class}", Asked.REQUIREMENT),
    Role.USED_FEATURES: ColumnKind((Index.FEATURE,), "1 if a neuron uses {feature}", Asked.REQUIREMENT),
    Role.FED: ColumnKind((Index.NEURON,), "1 if {neuron} has a weight from below that is not 0", Asked.REQUIREMENT),
    Role.HEARD: ColumnKind((Index.NEURON,), "1 if {neuron} has a weight to above that is not 0", Asked.REQUIREMENT),
    Role.USED_NEURONS: ColumnKind((Index.NEURON,), "1 if {neuron} has weights that are not 0 on both sides", Asked.REQUIREMENT),
    Role.CODE_BYTES: ColumnKind((Index.ONLY,), "bytes that the code of the network takes", Asked.REQUIREMENT),
    Role.CODE_STYLE: ColumnKind((Index.ONLY,), "1 if the code walks tables", Asked.REQUIREMENT),
    Role.POSITIVE: ColumnKind(_WEIGHT, "1 if the weight of {neuron} for {input} is above 0", Asked.REQUIREMENT),
    Role.NEGATIVE: ColumnKind(_WEIGHT, "1 if the weight of {neuron} for {input} is below 0", Asked.REQUIREMENT),
    Role.RISES: ColumnKind(_PATH, "1 if a path from {monotone} to {neuron} has a positive product", Asked.REQUIREMENT),
    Role.FALLS: ColumnKind(_PATH, "1 if a path from {monotone} to {neuron} has a negative product", Asked.REQUIREMENT),
}


@dataclass(frozen=True, slots=True)
class RowKind:
    """Rows whose family is called so. `section` is one of docs/models.md; `made_by` a pass, or empty for those that are built."""

    pattern: re.Pattern[str]
    indices: tuple[Index, ...]
    says: str
    equation: str
    section: str
    source: str = ""  # where the equation is from, if it is not the project's own
    made_by: str = ""
    asked: Asked = Asked.LAYER

    def layer(self, family: str) -> int:
        """Of the layer that rows of a family are about; 0: of none."""
        found = self.pattern.fullmatch(family)
        return int(found["layer"]) if found and "layer" in self.pattern.groupindex else 0


KB = "Kurtz and Bah, arXiv 2110.11382"
_PAIR = (Index.NEURON, Index.INPUT)
_STEP = (Index.SAMPLE, Index.NEURON)
_PRODUCT = (Index.SAMPLE, Index.NEURON, Index.INPUT)
_OFTEN = "weight times activation of {input}, towards {neuron}, for {sample}"


def _product(side: str, equation: str) -> tuple[RowKind, RowKind]:
    """Of all networks, and of those whose activations are two columns each."""
    mccormick, made_by = f"McCormick 1976; {KB}", "products_to_rows"
    return (
        RowKind(re.compile(rf"s(?P<layer>\d+)_{side}"), _PRODUCT, _OFTEN, equation, "2.2", mccormick, made_by),
        RowKind(re.compile(rf"[st][uz](?P<layer>\d+)_{side}"), _PRODUCT, _OFTEN, equation, "7.4", "", made_by),
    )


ROWS: tuple[RowKind, ...] = (
    RowKind(
        re.compile(r"on(?P<layer>\d+)"),
        _STEP,
        "where {neuron} is on for {sample}, its pre-activation is at least 0",
        "u = 1 => a >= 0, as a >= -M (1 - u)",
        "2.1",
        KB,
        "steps_to_big_m",
    ),
    RowKind(
        re.compile(r"off(?P<layer>\d+)"),
        _STEP,
        "where {neuron} is off for {sample}, its pre-activation is at most -g",
        "u = 0 => a <= -g, as a <= -g + (M + g) u",
        "2.1",
        KB,
        "steps_to_big_m",
    ),
    *_product("at_most_u", "s <= w+ u"),
    *_product("at_most_w", "s <= w - w- (1 - u)"),
    *_product("at_least_u", "s >= w- u"),
    *_product("at_least_w", "s >= w - w+ (1 - u)"),
    RowKind(
        re.compile("miss"),
        (Index.NUMBER,),
        "a sample is an error unless the output of its class is on",
        "e >= 1 - u_c",
        "1.4",
        asked=Asked.LOSS,
    ),
    RowKind(
        re.compile("wrong"),
        (Index.NUMBER,),
        "a sample is an error if an output is on that must not be",
        "e >= u_j, or e >= u_j - u_0 for class 0 and loss zero_one",
        "1.4",
        asked=Asked.LOSS,
    ),
    *(
        RowKind(re.compile(rf"{name}_{letter}(?P<layer>\d+)"), indices, says.format(of), equation.format(letter.lower()), "2.3")
        for name, says, equation in (
            ("value", "the {} is the value that is chosen", "{} = sum of v_c y_c"),
            ("choice", "one value is chosen for the {}", "sum of y_c = 1"),
        )
        for letter, indices, of in (
            ("W", _PAIR, "weight of {neuron} for {input}"),
            ("b", (Index.NEURON,), "bias of {neuron}"),
        )
    ),
    RowKind(
        re.compile(r"size(?P<layer>\d+)"),
        (Index.NUMBER,),
        "a part of a margin is at least the size of a weight times its radius",
        "xi >= r w, xi >= -r w",
        "7.2",
        made_by="margins_to_rows",
        asked=Asked.ROBUST,
    ),
    RowKind(
        re.compile(r"margin(?P<layer>\d+)"),
        (Index.NUMBER,),
        "the margin of a neuron is at least the sum of its parts",
        "rho >= sum of xi (of a budget: + gamma theta)",
        "7.2",
        made_by="margins_to_rows",
        asked=Asked.ROBUST,
    ),
    RowKind(
        re.compile(r"order(?P<layer>\d+)"),
        (Index.NUMBER,),
        "two neighbours of layer {layer} stand in the order of their weights to the first neuron above",
        "v_1 >= v_2 >= ...",
        "3.8",
        made_by="order_neurons",
        asked=Asked.FORMULATION,
    ),
    *(
        RowKind(re.compile(rf"{name}_W(?P<layer>\d+)_{side}"), _PAIR, says, equation, "1.6", asked=Asked.PENALTY)
        for name, side, says, equation in (
            ("l1", "above", "the size of the weight of {neuron} for {input} is at least the weight", "xi >= w"),
            ("l1", "below", "the size of the weight of {neuron} for {input} is at least its negative", "xi >= -w"),
            ("nz", "most", "a weight of {neuron} for {input} above 0 counts as one", "w <= w+ z"),
            ("nz", "least", "a weight of {neuron} for {input} below 0 counts as one", "w >= w- z"),
        )
    ),
    *(
        RowKind(re.compile(pattern), (Index.NUMBER,), says, equation, section, asked=Asked.REQUIREMENT)
        for section, pattern, says, equation in (
            ("11.1", r"require\d+", "the requirement, in whole numbers", "sum of weights of predictions, or of bits <= limit"),
            ("11.1", r"class\d+", "a class has the samples whose output is on, and no earlier one", "p_c >= u_c - sum of u_j"),
            ("11.1", r"class\d+_on", "a sample is put into a class only if its output is on", "p_c <= u_c"),
            ("11.1", r"class\d+_first", "a sample is put into a class only if no earlier output is on", "p_c <= 1 - u_j"),
            ("11.2", "used", "a feature is used if a neuron has a weight for it", "x_j >= z_ij"),
            ("11.2", r"fed\d+", "a neuron has a weight from below", "in_j >= z_ji"),
            ("11.2", r"heard\d+", "a neuron has a weight to above", "out_j >= z_ij"),
            ("11.2", r"live\d+", "a neuron with weights on both sides is used", "n_j >= in_j + out_j - 1"),
            ("11.2", "tables", "tables are walked where they take fewer bytes", "M1 t >= S1 - S2"),
            ("11.2", "bytes", "the code takes the bytes of its style at least", "B >= S1 - M1 t, B >= S2 - M2 (1 - t)"),
            ("11.3", r"sign\d+_above", "a weight above 0 says so", "w <= w+ p"),
            ("11.3", r"sign\d+_below", "a weight below 0 says so", "-w <= -w- n"),
            ("11.3", r"path\d+_up", "a path goes on with a positive product", "r_i >= r_j + p_ij - 1, r_i >= f_j + n_ij - 1"),
            ("11.3", r"path\d+_down", "a path goes on with a negative product", "f_i >= r_j + n_ij - 1, f_i >= f_j + p_ij - 1"),
        )
    ),
)


def row_kind(family: str) -> RowKind:
    """What the rows of a family are; every family of a model has a kind, which a test sees to."""
    return next(kind for kind in ROWS if kind.pattern.fullmatch(family))
