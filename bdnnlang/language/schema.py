"""Every word of the language, one row each.

The table drives checking, "did you mean", the defaults and `bdnnc explain`. A new setting is one row here and one field
in `types`. A path names a row; its parent is the path without the last part.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from bdnnlang.language.kinds import (
    Choice,
    ClassWeights,
    Columns,
    Duration,
    Kind,
    Labels,
    LossSum,
    Marks,
    Nothing,
    Number,
    Numbers,
    OneColumn,
    Origin,
    PerturbationKind,
    Share,
    Switch,
    Text,
    WeightSet,
    Whole,
    Wholes,
    Words,
)

Form = Literal["block", "step", "fact", "domain", "word", "call", "option"]


@dataclass(frozen=True, slots=True)
class Row:
    path: str
    form: Form
    kind: Kind
    help: str
    default: str = ""  # as a user would write it; the values themselves are the defaults of the fields in `types`
    optional: bool = False  # a step whose value may be missing
    required: bool = False  # an option that must be given
    example: str = ""  # a whole statement
    aliases: tuple[str, ...] = ()  # what other tools call it

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def parent(self) -> str:
        return self.path.rpartition(".")[0]


def _row(path: str, form: Form, kind: Kind, help: str, default: str = "", **more: object) -> Row:  # noqa: A002
    return Row(path, form, kind, help, default, **more)  # type: ignore[arg-type]


def _words(parent: str, **helps: str) -> tuple[Row, ...]:
    return tuple(Row(f"{parent}.{word}", "word", Nothing(), text) for word, text in helps.items())


def _reading(name: str, kind: Kind, text: str, default: str, **more: object) -> tuple[Row, Row]:
    """How a text file is read: an option of `csv`, and a fact beside it."""
    return _row(f"data.csv.{name}", "option", kind, text, default), _row(f"data.{name}", "fact", kind, text, default, **more)


_CSV = 'data csv("heart.csv") { delimiter = ";", header = false }'
_RADIUS = Number(0, 1e6)
_RANDOM = "data random(samples=20, features=3, seed=1)"

TABLE: tuple[Row, ...] = (
    _row("bdnn", "step", Whole(1), "The edition of the language, on the first line", example="bdnn 1",
         aliases=("version", "edition", "bdnnlang")),
    *_words("bdnn", fragment="A file that is only used by others"),
    _row("use", "step", Text(), "Takes over another file's facts; the facts here win", example='use "common.bdnn"',
         aliases=("include", "import")),
    # ---- data
    _row("data", "block", Origin(), "Where the samples come from and how they are prepared", example="data iris",
         aliases=("dataset",)),
    *_words(
        "data",
        breast_cancer="569 tumours, 30 measurements, 2 classes; ships with scikit-learn",
        iris="150 flowers, 4 measurements, 3 classes; ships with scikit-learn",
        wine="178 wines, 13 measurements, 3 classes; ships with scikit-learn",
        digits="1,797 digits of 8 × 8 pixels, 10 classes; ships with scikit-learn",
    ),
    _row("data.csv", "call", Text(), "A text file, its path relative to the spec", example=_CSV),
    *_reading("delimiter", Text(1), 'What separates the columns of a text file; `" "`: any run of blanks', '","',
              example='delimiter = ";"', aliases=("sep", "separator")),
    *_reading("header", Switch(), "Whether the first line names the columns", "decided from the file, and said",
              example="header = false"),
    *_reading("decimal", Text(1, (",", ".")), "The decimal point of the file's numbers", '"."', example='decimal = ","'),
    *_reading("thousands", Text(1, (",", ".", " ", "'")), "What groups the digits of the file's numbers", "nothing",
              example='thousands = ","'),
    *_reading("missing", Marks(), "What marks a missing value, besides an empty cell; in small or capital letters",
              '`["NA", "N/A", "#N/A", "?", "NaN", "null"]`', example='missing = ["-", -9]', aliases=("na_values", "na")),
    *_reading("comment", Text(), "A line that begins so is skipped", "no line is", example='comment = "#"'),
    *_reading("round_to", Whole(1, 15), "Rounds the file's numbers to so many significant digits",
              "a number is what is written; more than float64 keeps (17 digits) is refused", example="round_to = 15",
              aliases=("precision", "round")),
    _row("data.random", "call", Nothing(), "Synthetic samples in the unit cube", example=_RANDOM),
    _row("data.random.samples", "option", Whole(2, 1_000_000), "How many samples", required=True),
    _row("data.random.features", "option", Whole(1, 10_000), "How many features", required=True),
    _row("data.random.seed", "option", Whole(0, 2**31 - 1), "The seed of the samples", "0"),
    _row("data.random.kind", "option", Choice(), "How the classes arise", "boxes"),
    *_words("data.random.kind", boxes="A class is membership in random boxes",
         noise="The same, a tenth of the labels flipped"),
    _row("data.target", "fact", OneColumn(), "The column to learn", "the last one", example='target = "disease"',
         aliases=("label", "y")),
    _row("data.classes", "fact", Labels(), "Keeps the samples of these classes only", "all",
         example="classes = [3, 8]"),
    _row("data.test", "fact", Share(True, or_file=True), "The part kept aside for testing, or a text file with it", "25%",
         example='test = 25%', aliases=("test_size", "test_split", "test_fraction")),
    _row("data.validation", "fact", Share(True, or_file=True),
         "The part kept aside for choosing networks, or a text file with it", "0%", example='validation = csv("valid.csv")'),
    _row("data.split_seed", "fact", Whole(0, 2**31 - 1), "The seed of the split", "0", example="split_seed = 3",
         aliases=("random_state",)),
    _row("data.drop", "step", Columns(), "Leaves columns out", example='drop ["id"]', aliases=("remove", "exclude")),
    _row("data.impute", "step", Choice(), "Fills gaps, as fitted on the training part", example="impute median",
         aliases=("fill",)),
    *_words(
        "data.impute",
        median="The median of the column",
        mean="The mean of the column",
        most_frequent="The commonest value of the column",
    ),
    _row("data.onehot", "step", Columns(), "A column of zeros and ones for each value", example='onehot ["sex"]',
         aliases=("one_hot", "dummies")),
    _row("data.units", "step", Columns(), "Reads `40kg`, `12%` or `$1.20` as a number; a column has one unit",
         example='units ["price"]', aliases=("unit", "currency")),
    _row("data.scale", "step", Choice(), "Brings the features to one scale", "minmax", example="scale standard",
         aliases=("normalize", "normalise")),
    *_words("data.scale", minmax="Least value 0, greatest 1", standard="Mean 0, deviation 1", none="As they are"),
    _row("data.quantize", "step", Whole(1, 16),
         "Numbers become whole levels, 0 to 2^bits - 1 over their range in the training part; beyond it, the nearer end",
         example="quantize 4", aliases=("quantise", "discretize", "levels", "bits")),
    _row("data.sample", "step", Whole(2, 10_000_000), "Keeps so many samples, drawn before the split",
         example="sample 120 { seed = 3 }", aliases=("subsample",)),
    _row("data.sample.seed", "fact", Whole(0, 2**31 - 1), "The seed of the draw", "`data.split_seed`"),
    # ---- network
    _row("network", "block", Nothing(), "The layers and what their weights may be", example="network { hidden 2 }",
         aliases=("net", "model", "nn", "architecture")),
    _row("network.weights", "domain", WeightSet(), "What a weight may be, in every layer that does not say otherwise",
         "[-1, 1]", example="weights in {-1, 0, 1}"),
    _row("network.biases", "domain", WeightSet(), "What a bias may be", "wide enough to lose nothing",
         example="biases in int[-5, 5]", aliases=("bias",)),
    _row("network.thresholds", "fact", Choice(), "How many biases a layer has", "per_neuron",
         example="thresholds = zero"),
    *_words("network.thresholds", per_neuron="One for each neuron", per_layer="One for all neurons of a layer",
         zero="None"),
    _row("network.hidden", "step", Whole(1, 100_000), "A hidden layer of so many neurons", example="hidden 8",
         aliases=("layer", "dense", "layers", "hidden_layers", "hidden_layer", "neurons", "units", "width", "nodes")),
    _row("network.hidden.weights", "domain", WeightSet(), "What a weight of this layer may be", "`network.weights`"),
    _row("network.hidden.biases", "domain", WeightSet(), "What a bias of this layer may be", "`network.biases`"),
    _row("network.output", "step", Nothing(), "The output layer, last", example="output { encoding = one_hot }"),
    _row("network.output.encoding", "fact", Choice(), "How outputs stand for classes", "auto",
         example="encoding = single"),
    *_words(
        "network.output.encoding",
        auto="`single` for two classes, `one_hot` for more",
        single="One neuron, for two classes",
        one_hot="A neuron for each class",
    ),
    _row("network.output.weights", "domain", WeightSet(), "What a weight of the output layer may be",
         "`network.weights`"),
    _row("network.output.biases", "domain", WeightSet(), "What a bias of the output layer may be", "`network.biases`"),
    # ---- robust
    _row("robust", "block", PerturbationKind(),
         "Training samples keep their class for every change in a set, in scaled units (after `quantize`: in levels)",
         example="robust linf(0.1)", aliases=("robustness", "adversarial")),
    _row("robust.linf", "call", _RADIUS, "Every feature changes by at most so much", example="robust linf(0.1)",
         aliases=("linfty", "max")),
    _row("robust.l1", "call", _RADIUS, "The sizes of all changes add up to at most so much", example="robust l1(0.3)"),
    _row("robust.l2", "call", _RADIUS, "The changes have Euclidean length at most so much; SCIP only",
         example="robust l2(0.2)"),
    _row("robust.box", "call", Nothing(), "Each named column changes by at most its own radius, no other does",
         example="robust box(age=0.2, pulse=0.1)"),
    _row("robust.budget", "call", _RADIUS, "As `linf`, but the sizes add up to at most `gamma` times the radius",
         example="robust budget(0.1, gamma=3)"),
    _row("robust.budget.gamma", "option", Whole(1, 1_000_000), "How many features may change by the whole radius",
         required=True),
    _row("robust.method", "fact", Choice(), "What is demanded of a training sample", "pattern",
         example="method = pattern"),
    *_words("robust.method", pattern="No neuron of the first layer changes within the set (the paper's)",
            certified="Nothing; a sample counts as right if it is proved to be right for every change in the set"),
    _row("robust.features", "fact", Columns(), "The columns that may change", "all", example='features = ["age"]'),
    _row("robust.clip", "domain", WeightSet(interval=True), "No change leads out of this range; for `linf` and `box`",
         "no range", example="clip in [0, 1]"),
    # ---- evaluate
    _row("evaluate", "block", Nothing(), "What is tried on the trained network, on the test part if there is one",
         example="evaluate { attack linf(0.1) }", aliases=("eval", "evaluation", "attacks")),
    _row("evaluate.attack", "step", PerturbationKind(),
         "Accuracy under change: the exact worst case in a set, or random signs; in the units of `robust`",
         example="attack linf(0.1)", aliases=("perturb", "adversary")),
    _row("evaluate.attack.random_sign", "call", Numbers(0, 1e6), "Each feature moves by plus or minus each size, at random",
         example="attack random_sign([0, 0.5, 1])"),
    _row("evaluate.attack.features", "fact", Columns(), "The columns that may change", "`robust.features`"),
    _row("evaluate.attack.clip", "domain", WeightSet(interval=True), "No change leads out of this range", "`robust.clip`",
         example="clip in [0, 1]"),
    # ---- train
    _row("train", "block", Nothing(), "What to minimise, with which means", example="train { exact 1min }",
         aliases=("fit", "training", "optimize")),
    _row("train.loss", "fact", LossSum(), "What is minimised", "zero_one, or hamming for one-hot outputs",
         example="loss = zero_one + 0.01 * l1", aliases=("objective",)),
    *_words(
        "train.loss",
        zero_one="Wrong samples",
        hamming="Wrong output bits",
        pattern="Samples with any wrong output bit",
        l1="Penalty: the sum of the absolute weights of all layers",
        l2="Penalty: the sum of the squared weights and biases of all layers; SCIP only",
        sparsity="Penalty: the number of weights that are not 0",
    ),
    _row("train.class_weight", "fact", ClassWeights(), "What an error on a sample of each class counts, classes in order",
         "1 each", example="class_weight = balanced", aliases=("class_weights", "weight")),
    *_words("train.class_weight", balanced="Training samples / (classes × samples of the class)"),
    _row("train.seed", "fact", Whole(0, 2**31 - 1), "The seed of all chance in training", "0", example="seed = 7",
         aliases=("random_state", "random_seed")),
    _row("train.time", "fact", Duration(), "For all stages together", "no limit", example="time = 10min",
         aliases=("timeout", "time_limit", "limit")),
    _row("train.threads", "fact", Whole(1, 1024), "Threads a solver may use", "1", example="threads = 4",
         aliases=("cores", "workers", "jobs")),
    _row("train.solver", "fact", Choice(), "Who solves", "auto", example="solver = scip"),
    *_words(
        "train.solver",
        auto="CP-SAT where it applies and is installed, else SCIP",
        scip="SCIP: any network",
        highs="HiGHS: any network",
        cpsat="CP-SAT: integer weights on integer data only",
    ),
    _row("train.formulation", "fact", Choice(), "How the network becomes a mixed-integer program", "tight",
         example="formulation = paper"),
    *_words("train.formulation", tight="With the passes that `train.without` lists", paper="The published model"),
    _row("train.without", "fact", Words(), "Passes of formulation `tight` to leave out, so that their effect can be measured",
         "none", example="without = [unit_rows]"),
    *_words(
        "train.without",
        merge_samples="Equal samples with equal labels become one, opposite ones cancel",
        error_bits="Output rows in the direction of the label only",
        lattice_gap="Whole numbers, and no epsilon, where weights and features are on a lattice",
        unit_rows="First-layer rows centred and scaled to size 1, so that the margin is relative",
        orient_neurons="No negative weights to a single output",
        tighten_bounds="Biases and products no wider than they matter, hence small big-M constants",
        polarity="Of every activation and product only the direction that matters",
        order_neurons="Hidden neurons of a layer in one order",
        guide_solver="A coordinate search looks for networks before a solve; SCIP is offered some while it solves",
    ),
    _row("train.margin", "fact", Number(1e-9, 1e6), "What a neuron that is off on no lattice keeps from 0; with"
         " `unit_rows` a part of its largest sum", "0.0001, more for large big-M constants",
         example="margin = 0.001", aliases=("epsilon", "eps")),
    _row("train.local_search", "step", Duration(True), "Improves the best network a part at a time", optional=True,
         example="local_search 30s { restarts = 10 }", aliases=("coordinate", "alternate", "heuristic", "improve")),
    _row("train.local_search.method", "fact", Choice(), "What is done in turn", "coordinate", example="method = alternate"),
    *_words(
        "train.local_search.method",
        coordinate="Moves one weight after another to a best place on its line; asks no solver",
        alternate="Solves for one layer exactly while the others stay, layer after layer",
    ),
    _row("train.local_search.restarts", "fact", Whole(0, 1_000_000_000), "Further starts, from networks at random or shaken",
         "`alternate`: 5; `coordinate`: until the time is up, or 50 where there is no limit", example="restarts = 10",
         aliases=("starts", "n_restarts")),
    _row("train.local_search.sweeps", "fact", Whole(1, 1_000_000_000), "Sweeps over all weights from each start; `coordinate`",
         "until two sweeps bring nothing", example="sweeps = 20", aliases=("epochs", "rounds")),
    _row("train.local_search.node_limit", "fact", Whole(1), "Nodes at most of each solve, which then has no share of the time;"
         " `alternate`", "no limit", example="method = alternate, node_limit = 100", aliases=("nodes", "max_nodes")),
    _row("train.data_split", "step", Duration(True),
         "Shares activations within subsets of the samples, and splits the worst subset again and again", optional=True,
         example="data_split 2min { splits = 8, minibatch = 64 }", aliases=("split", "splitting")),
    _row("train.data_split.splits", "fact", Whole(1, 100_000), "How often a subset is split and the model solved", "20",
         example="splits = 8", aliases=("max_splits", "iterations")),
    _row("train.data_split.n_init", "fact", Whole(1, 10_000), "Starts of k-means for each split", "25", example="n_init = 10"),
    _row("train.data_split.minibatch", "fact", Whole(1), "Samples in a model, drawn anew for each", "all",
         example="minibatch = 64", aliases=("batch", "batch_size")),
    _row("train.data_split.step_time", "fact", Duration(), "For one solve at most", "an equal share of what is left",
         example="step_time = 10s"),
    _row("train.data_split.node_limit", "fact", Whole(1), "Nodes at most of each solve, which then has no share of the time",
         "no limit", example="node_limit = 100", aliases=("nodes", "max_nodes")),
    _row("train.data_split.by", "fact", Choice(), "How a subset is split in two", "kmeans", example="by = loss"),
    *_words(
        "train.data_split.by",
        kmeans="By k-means on the features",
        loss="By k-means from the means of the samples with and without a loss",
    ),
    _row("train.data_split.select", "fact", Choice(), "What decides on the network of the stage",
         "validation with validation data, else train", example="select = train"),
    *_words("train.data_split.select", validation="Validation accuracy, then training loss", train="Training loss"),
    _row("train.exact", "step", Duration(True), "Solves the whole problem, for so long at most", optional=True,
         example="exact 1min { gap = 1% }", aliases=("solve", "milp", "optimal")),
    _row("train.exact.gap", "fact", Share(), "Good enough: this near to the bound", "0%", example="gap = 1%",
         aliases=("mip_gap", "tolerance")),
    _row("train.exact.node_limit", "fact", Whole(1), "Branch-and-bound nodes at most", "no limit",
         example="node_limit = 10_000", aliases=("nodes", "max_nodes")),
    # ---- compare
    _row("compare", "block", Nothing(), "Classical models on the same split and scaling, beside the network",
         example="compare { mlp, majority }", aliases=("baselines", "baseline")),
    _row("compare.mlp", "step", Nothing(), "A ReLU network: Adam, learning rate 1e-3, batches of 64, seeded by `train.seed`",
         example="mlp { hidden = [50, 50], epochs = 30 }", aliases=("dnn", "nn")),
    _row("compare.mlp.hidden", "fact", Wholes(), "Widths of its hidden layers", "those of `network`", example="hidden = [100]"),
    _row("compare.mlp.epochs", "fact", Whole(1, 100_000), "Passes over the training part", "30", example="epochs = 30"),
    _row("compare.logistic", "step", Nothing(), "Logistic regression, as scikit-learn has it", example="logistic",
         aliases=("logistic_regression", "logit")),
    _row("compare.tree", "step", Nothing(), "A decision tree, seeded by `train.seed`", example="tree { depth = 3 }",
         aliases=("decision_tree",)),
    _row("compare.tree.depth", "fact", Whole(1, 1000), "Questions from root to leaf at most", "no limit", example="depth = 3"),
    _row("compare.majority", "step", Nothing(), "Always the commonest class of the training part", example="majority",
         aliases=("dummy", "constant")),
)  # fmt: skip

ROWS = {row.path: row for row in TABLE}


@cache
def below(parent: str, *forms: Form) -> dict[str, Row]:
    """The rows right below a path, by name."""
    return {row.name: row for row in TABLE if row.parent == parent and (not forms or row.form in forms)}
