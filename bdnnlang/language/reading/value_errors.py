"""What can be wrong with the values of a spec."""

from __future__ import annotations

from dataclasses import dataclass

from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.reading.errors import (
    GOOD,
)


@dataclass(frozen=True, kw_only=True)
class UnknownUnit(Diagnostic):
    """A unit that does not exist"""

    code = "E110"
    title = "unknown unit `{unit}` in `{text}`"
    label = "not a quantity"
    help = "units are `ms` `s` `min` `h` `d`, the larger first as in `1h30min`; `%`; `KB` `MB` `GB`"
    why = "`m` could be minutes, months or metres, so units have one spelling each."
    bad = GOOD.replace("1min", "10m")
    good = GOOD.replace("1min", "10min")

    unit: str
    text: str


@dataclass(frozen=True, kw_only=True)
class EmptyDomain(Diagnostic):
    """A domain without any value"""

    code = "E112"
    title = "empty {form}"
    label = "{problem}"
    help = "{advice}"
    why = "A weight must be able to have some value. In an interval the lower end stands first."
    bad = GOOD.replace("hidden 2", "weights in [1, -1], hidden 2")
    good = GOOD.replace("hidden 2", "weights in [-1, 1], hidden 2")

    form: str
    problem: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class UnknownDomain(Diagnostic):
    """A domain that does not exist"""

    code = "E113"
    title = "unknown domain `{name}`"
    label = "not a domain"
    help = "domains are `[a, b]`, `int[a, b]`, `{{a, b, c}}`, `binary` and `ternary`"
    why = "After `in` stands a domain, and only two have names of their own."
    bad = GOOD.replace("hidden 2", "weights in trinary, hidden 2")
    good = GOOD.replace("hidden 2", "weights in ternary, hidden 2")

    name: str


@dataclass(frozen=True, kw_only=True)
class OutOfRange(Diagnostic):
    """A value out of its range"""

    code = "E114"
    title = "`{name}` must be {range}"
    label = "out of range"
    second_label = "beside this"
    help = "{advice}"
    why = "The value is of the right kind but makes no sense here, or is more than any machine could work on."
    bad = GOOD.replace("hidden 2", "hidden 1000000000")
    good = GOOD

    name: str
    range: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class QuotedWord(Diagnostic):
    """A word in quotes"""

    code = "E115"
    title = "`{name}` takes a bare word, not a string"
    label = "drop the quotes"
    help = "write `{word}`"
    why = "Words of the language stand bare; strings are for files, columns and texts of your own."
    bad = GOOD.replace("exact", 'solver = "scip", exact')
    good = GOOD.replace("exact", "solver = scip, exact")

    name: str
    word: str


@dataclass(frozen=True, kw_only=True)
class UnknownWord(Diagnostic):
    """A word that this setting does not know"""

    code = "E116"
    title = "unknown word `{word}` for `{name}`"
    label = "not one of its words"
    help = "write one of {words}"
    why = "The words of each setting are listed by `bdnnc explain`, for example `bdnnc explain train.solver`."
    bad = GOOD.replace("exact", "solver = skip, exact")
    good = GOOD.replace("exact", "solver = scip, exact")

    name: str
    word: str
    words: str


@dataclass(frozen=True, kw_only=True)
class MissingOrExtra(Diagnostic):
    """A value too few or too many"""

    code = "E118"
    title = "`{name}` {takes}"
    label = "{problem}"
    second_label = "meant as a part of it"
    help = "{advice}"
    why = "A step takes the values its name calls for; everything else about it stands in its braces."
    bad = GOOD.replace("hidden 2", "hidden 2 3")
    good = GOOD.replace("hidden 2", "hidden 2, hidden 3")

    name: str
    takes: str
    problem: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class NotSwept(Diagnostic):
    """A sweep over something that is no param"""

    code = "E121"
    title = "`{name}` in `sweep` is no param"
    label = "not declared"
    help = "declare it with `param {name} = …` at the top level ({declared})"
    why = "A sweep gives declared params one value after another. What is to change from run to run is written as a param first."
    good = GOOD.replace("data", "param width = 2\ndata").replace("hidden 2", "hidden width") + "sweep { width in {1, 2, 4} }\n"
    bad = good.replace("sweep { width", "sweep { hidden")

    name: str
    declared: str


@dataclass(frozen=True, kw_only=True)
class OutsideDomain(Diagnostic):
    """A param outside the domain it was declared with"""

    code = "E122"
    title = "`{name}` lies outside its domain"
    label = "not in `{domain}`"
    second_label = "the domain"
    help = "choose a value in `{domain}`"
    why = "`param name = value in domain` promises that neither the default nor `-D name=value` leaves the domain."
    bad = GOOD.replace("data", "param width = 80 in int[1, 64]\ndata").replace("hidden 2", "hidden width")
    good = GOOD.replace("data", "param width = 8 in int[1, 64]\ndata").replace("hidden 2", "hidden width")

    name: str
    domain: str


@dataclass(frozen=True, kw_only=True)
class DivisionByZero(Diagnostic):
    """A division by zero"""

    code = "E123"
    title = "division by zero"
    label = "this is 0"
    help = "divide by another number"
    why = "Arithmetic in a spec is exact, and nothing divided by zero is a number."
    bad = GOOD.replace("exact", "seed = 1 / 0, exact")
    good = GOOD.replace("exact", "seed = 4 / 2, exact")


@dataclass(frozen=True, kw_only=True)
class Contradiction(Diagnostic):
    """Two settings that exclude each other"""

    code = "E124"
    title = "`{name}` contradicts `{other}`"
    label = "this …"
    second_label = "… excludes that"
    help = "{advice}"
    why = "Each of the two makes sense alone; together they leave nothing that could be done."
    bad = GOOD.replace("hidden 2", "thresholds = zero, biases in [-1, 1], hidden 2")
    good = GOOD.replace("hidden 2", "biases in [-1, 1], hidden 2")

    name: str
    other: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class OutOfOrder(Diagnostic):
    """A step that stands too late"""

    code = "E125"
    title = "`{name}` cannot stand behind `{other}`"
    label = "behind {what}"
    second_label = "{what}"
    help = "{advice}"
    why = (
        "Steps are done from top to bottom. The output layer is the last one; and the whole numbers of `quantize`, `binarize` or "
        "`thermometer` are what the network gets, so gaps are filled, categories split and features scaled before it."
    )
    bad = GOOD.replace("hidden 2", "output { encoding = auto }, hidden 2")
    good = GOOD.replace("hidden 2", "hidden 2, output { encoding = auto }")

    name: str
    other: str = "output"
    what: str = "the output layer"
    advice: str = "move `output` to the end of the block"


@dataclass(frozen=True, kw_only=True)
class NothingLeft(Diagnostic):
    """`rest` without a time to share out"""

    code = "E126"
    title = "`rest` needs a `time` for the whole training"
    label = "the rest of what?"
    second_label = "no `time` here"
    help = "write `time = 10min` in `train`"
    why = "`rest` is what the stages before leave of `train.time`."
    bad = GOOD.replace("exact 1min", "exact rest")
    good = GOOD.replace("exact 1min", "time = 1min, exact rest")


@dataclass(frozen=True, kw_only=True)
class TooLittleTime(Diagnostic):
    """Stages that need more time than there is"""

    code = "E205"
    title = "the stages need {needed}, but `time` is {given}"
    label = "more than `time` in total"
    second_label = "all the time there is"
    help = "raise `time`, shorten a stage, or give one of them `rest`"
    why = "`train.time` is for all stages together; the last ones would have none left."
    bad = GOOD.replace("exact 1min", "time = 30s, exact 1min")
    good = GOOD.replace("exact 1min", "time = 2min, exact 1min")

    needed: str
    given: str


@dataclass(frozen=True, kw_only=True)
class NoLimit(Diagnostic):
    """A stage that may never end"""

    code = "W205"
    title = "`{name}` has no time limit"
    label = "may run for a very long time"
    help = "write `{name} 1min`, or `time = 10min` in `train`"
    why = "Proving that a network is the best one can take years."
    bad = GOOD.replace("exact 1min", "exact")
    good = GOOD

    name: str


@dataclass(frozen=True, kw_only=True)
class LongSweep(Diagnostic):
    """A sweep that may take long"""

    code = "W208"
    title = "the sweep has {points:,} points of at most {each}, so it may take {whole}"
    label = "one run after the other"
    help = "run it with `--workers`, give the schedule less time, or sweep over fewer values"
    why = "A sweep runs the spec at each combination of its values and folds, so its time is the product of all of them."
    good = NotSwept.good
    bad = good.replace("{1, 2, 4}", "int[1, 500]")

    points: int
    whole: str
    each: str


@dataclass(frozen=True, kw_only=True)
class WholeShare(Diagnostic):
    """A share of 1 where a per cent may be meant"""

    code = "W206"
    title = "`{name} = {written}` is 100 %"
    label = "did you mean `{written}%`?"
    help = "write `{written}%`, or `100%` if the whole is meant"
    why = "A share is a fraction from 0 to 1 or a percentage. With a gap of 100 % any network is good enough."
    bad = GOOD.replace("exact 1min", "exact 1min { gap = 1 }")
    good = GOOD.replace("exact 1min", "exact 1min { gap = 1% }")

    name: str
    written: str


@dataclass(frozen=True, kw_only=True)
class NoValidation(Diagnostic):
    """A selection by validation without validation data"""

    code = "E202"
    title = "`select = validation` needs validation data"
    label = "there are none to select by"
    second_label = "none are kept aside here"
    help = "write `validation = 20%` in `data`, or `select = training`"
    why = "The network of a stage can be chosen by its accuracy on samples that it was not trained on, if some are kept aside."
    bad = GOOD.replace("exact 1min", "data_split 1min { select = validation }")
    good = bad.replace("data iris", "data iris { validation = 20% }")
