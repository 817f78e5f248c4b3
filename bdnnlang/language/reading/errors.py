"""What can be wrong with the names and the shape of a spec."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from bdnnlang.diagnostics import Diagnostic

GOOD = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n"


def near(name: str, options: Iterable[str]) -> str | None:
    """What was probably meant."""
    found = difflib.get_close_matches(name.lower()[:60], list(options), 1, 0.6)
    return found[0] if found else None


@dataclass(frozen=True, kw_only=True)
class UnknownBlock(Diagnostic):
    """A block that does not exist"""

    code = "E101"
    title = "unknown block `{name}`"
    label = "not a block"
    help = "{advice}"
    why = "The top level of a spec consists of a fixed set of blocks; everything else stands inside one of them."
    bad = GOOD.replace("network", "netwrok")
    good = GOOD

    name: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class UnknownSetting(Diagnostic):
    """A setting that does not exist here"""

    code = "E102"
    title = "unknown setting `{name}` in `{where}`"
    label = "not a setting of `{where}`"
    help = "{advice}"
    why = "Each block has its own settings. A misspelt one would silently do nothing, so it is refused."
    bad = GOOD.replace("exact 1min", "sed = 1, exact 1min")
    good = GOOD.replace("exact 1min", "seed = 1, exact 1min")

    name: str
    where: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class UnknownStep(Diagnostic):
    """A step that does not exist here"""

    code = "E103"
    title = "unknown step `{name}` in `{where}`"
    label = "not a step of `{where}`"
    help = "{advice}"
    why = "A line without `=` and `in` is a step, and each block knows its own steps."
    bad = GOOD.replace("hidden", "hiden")
    good = GOOD

    name: str
    where: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class StepOrSetting(Diagnostic):
    """A step written as a setting, or the reverse"""

    code = "E104"
    title = "`{name}` is a {is_form}, not a {used_as}"
    label = "written as a {used_as}"
    help = "write `{example}`"
    why = "A line with `=` or `in` is a setting, whose place does not matter; the others are steps, done from top to bottom."
    bad = GOOD.replace("hidden 2", "hidden = 2")
    good = GOOD

    name: str
    is_form: str
    used_as: str
    example: str


@dataclass(frozen=True, kw_only=True)
class GivenTwice(Diagnostic):
    """The same thing given twice"""

    code = "E105"
    title = "`{name}` is given twice"
    label = "the second time"
    second_label = "the first time"
    help = "remove one of the two"
    why = "The order of settings does not matter, so two values for one contradict each other."
    bad = GOOD.replace("exact 1min", "seed = 1, seed = 2, exact 1min")
    good = GOOD.replace("exact 1min", "seed = 1, exact 1min")

    name: str


@dataclass(frozen=True, kw_only=True)
class Missing(Diagnostic):
    """A block or step that a spec cannot do without"""

    code = "E106"
    title = "the spec has no `{name}` {form}"
    label = "missing here"
    help = "{advice}"
    why = "A spec needs data, a network and a way to train it."
    bad = GOOD.replace("data iris\n", "")
    good = GOOD

    name: str
    form: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class EqualsOrIn(Diagnostic):
    """`=` where `in` is due, or the reverse"""

    code = "E107"
    title = "`{name}` takes a {takes}: use `{operator}`"
    label = "`{operator}` is due here"
    help = "write `{example}`"
    why = "`=` gives a value and `in` a domain: `[a, b]` is a list after `=` and an interval after `in`."
    bad = GOOD.replace("hidden 2", "weights = [-1, 1], hidden 2")
    good = GOOD.replace("hidden 2", "weights in [-1, 1], hidden 2")

    name: str
    takes: str
    operator: str
    example: str


@dataclass(frozen=True, kw_only=True)
class ParamInside(Diagnostic):
    """A `param` inside a block"""

    code = "E108"
    title = "`param` belongs at the top level"
    label = "inside a block"
    second_label = "this block"
    help = "move the declaration of `{name}` out of the block"
    why = "Params are known in the whole spec, whatever their place, so they are declared where one looks first."
    bad = GOOD.replace("{ hidden 2 }", "{\n  param width = 2\n  hidden width\n}")
    good = GOOD.replace("data", "param width = 2\ndata").replace("hidden 2", "hidden width")

    name: str


@dataclass(frozen=True, kw_only=True)
class BadInclude(Diagnostic):
    """A file that cannot be used"""

    code = "E109"
    title = "cannot use `{path}`: {problem}"
    label = "used here"
    second_label = "where the circle begins"
    help = "{advice}"
    why = "A used file is looked for beside the spec that names it; files cannot use each other in a circle."
    bad = GOOD.replace("data", 'use "missing.bdnn"\ndata')
    good = GOOD

    path: str
    problem: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class UnknownName(Diagnostic):
    """A name that nothing declares"""

    code = "E120"
    title = "unknown name `{name}`"
    label = "not declared"
    help = "declare it with `param {name} = …` at the top level ({declared})"
    why = "A bare name in a value is a declared `param`. It is known below its declaration."
    bad = GOOD.replace("data", "param width = 2\ndata").replace("hidden 2", "hidden widht")
    good = GOOD.replace("data", "param width = 2\ndata").replace("hidden 2", "hidden width")

    name: str
    declared: str


@dataclass(frozen=True, kw_only=True)
class NewerEdition(Diagnostic):
    """A spec for a later version of the tool"""

    code = "E117"
    title = "this spec is written for edition {edition}; only edition 1 is known here"
    label = "newer than this tool"
    help = "write `bdnn 1`, or install a newer version of bdnnlang"
    why = "The first line names the edition of the language, so that an old tool does not misread a new spec."
    bad = GOOD.replace("bdnn 1", "bdnn 2")
    good = GOOD

    edition: int


@dataclass(frozen=True, kw_only=True)
class WrongKind(Diagnostic):
    """A value of the wrong kind"""

    code = "E111"
    title = "`{name}` needs {wanted}, not {found}"
    label = "{found}"
    second_label = "the value"
    help = "{advice}"
    why = "Every setting takes values of one kind: a number, a duration, a word, a list, a domain."
    bad = GOOD.replace("exact 1min", "exact 60")
    good = GOOD.replace("exact 1min", "exact 60s")

    name: str
    wanted: str
    found: str
    advice: str = "give a value of that kind"


@dataclass(frozen=True, kw_only=True)
class NoEdition(Diagnostic):
    """A spec that does not name its edition"""

    code = "W101"
    title = "the spec does not name its edition of the language"
    label = "edition 1 is assumed"
    help = "begin the file with `bdnn 1`"
    why = "With its edition on the first line, a spec keeps its meaning when the language grows."
    bad = GOOD.replace("bdnn 1\n", "")
    good = GOOD


@dataclass(frozen=True, kw_only=True)
class UnusedParam(Diagnostic):
    """A param that nothing uses"""

    code = "W201"
    title = "param `{name}` is never used"
    label = "declared here"
    help = "use it, or remove it"
    why = "A param without a use has no effect, which is seldom what was meant."
    bad = GOOD.replace("data", "param width = 2\ndata")
    good = GOOD.replace("data", "param width = 2\ndata").replace("hidden 2", "hidden width")

    name: str
