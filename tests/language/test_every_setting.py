"""Every row of the schema is read, printed and read again; and every field of a spec is such a row."""

from dataclasses import fields
from typing import Any, assert_never, get_args, get_type_hints

import pytest
from loading import good
from test_examples import whole

from bdnnlang.language.effective import effective
from bdnnlang.language.examples import statement, wrapped
from bdnnlang.language.kinds import (
    Choice,
    ClassWeights,
    Columns,
    Duration,
    FileName,
    Labels,
    LossSum,
    Marks,
    Memory,
    Nothing,
    Number,
    Numbers,
    OneColumn,
    Origin,
    OutputRule,
    Parameters,
    PerturbationKind,
    RequirementKind,
    Share,
    Switch,
    Text,
    WeightSet,
    Whole,
    Wholes,
    Words,
)
from bdnnlang.language.schema import ROWS, TABLE, below
from bdnnlang.language.spec import (
    Baseline,
    DataSpec,
    EvaluateSpec,
    NetworkSpec,
    ReportSpec,
    Requirement,
    RequireSpec,
    RobustSpec,
    TrainSpec,
)
from bdnnlang.language.spec.row import ABOUT, Part, Row, described_fields

HEADER = ("bdnn", "use", "param", "sweep")  # they are no part of a spec: a sweep is many of them
ALSO = {  # what a row does not make sense without
    "data.folds": "fold = 1, ",
    "data.fold": "folds = 5, ",
    "network.output": "hidden 4, ",
    "train.local_search.node_limit": "method = alternate, ",
    "train.local_search.solver_options": "method = alternate, ",
    **dict.fromkeys(("train.local_search", "train.data_split", "train.exact", "train.prove"), "time = 1h, "),
}


def values(row: Row) -> list[str]:
    """Values of a row as they are written, no two with the same meaning, so that at most one is the default."""
    match row.kind:
        case Whole(low, high):
            return [str(n) for n in range(low, low + 3) if high is None or n <= high]
        case Number(low, high):
            return [f"{x:g}" for x in (low or 0.5, 0.125, high)]
        case Share(_, or_file):
            return ["0%", "12.5%", "0.25", *(['csv("a.csv")', 'csv("b c.csv", decimal=",")'] if or_file else [])]
        case Duration(or_rest):
            return ["2min", "90.5s", *(["rest", ""] if or_rest else [])]
        case Memory():
            return ["1GB", "1.5MB", "2000.001KB"]
        case Choice(words) | Origin(words):
            return list(words)
        case OutputRule():
            return ["", "any", "all", "threshold 1", "threshold 2"]
        case Words(words):
            return [*(f"[{word}]" for word in words), f"[{', '.join(words)}]"]
        case Text(length, ()):
            return ['";"', '"|"'] if length else ['"a b"', '"\\""']
        case Text(_, among):
            return [f'"{text}"' for text in among if (row.name, text) != ("thousands", ".")]
        case FileName(ending):
            return [f'"a{ending}"', f'"b c/é{ending}"']
        case Switch():
            return ["true", "false"]
        case Numbers():
            return ["[0]", "[0.25, 2]"]
        case Wholes():
            return ["[7]", "[7, 9]"]
        case OneColumn():
            return ["3", '"3"', "age"]
        case Columns():
            return ["[3]", '["3"]', "[age, sex]"]
        case Labels():
            return ["[1, 2]", '["1", 2]', "[2.5, no, yes]"]
        case Marks():
            return ["[]", '["-"]', '["-", -9]']
        case ClassWeights(words):
            return [*words, "[1, 2.5]"]
        case LossSum(losses, penalties):
            return [*losses, *penalties, *(f"{loss} + 0.25 * {penalty}" for loss in losses for penalty in penalties)]
        case WeightSet(True):
            return ["[0, 1]", "[-0.5, 0.25]"]
        case WeightSet():
            return ["[-0.5, 0.25]", "int[-3, 2]", "{-1, 0, 0.5}", "binary"]
        case PerturbationKind():
            return ["l1(1)", "linf(1)", *(["random_sign([1])"] if row.name == "attack" else [])]
        case Parameters():
            return ['{ "a/b" = 1 }', "{ a = off, b = true, c = -0.5 }"]
        case RequirementKind():
            return [f"{named}{compared}" for named in brackets(row.kind) for compared in comparisons(row.kind)]
        case Nothing():
            return [""]
        case _:
            assert_never(row.kind)


def brackets(kind: RequirementKind) -> list[str]:
    """What may stand behind the name of a requirement."""
    words = {"class": ("no", '"1"', "1"), "column": ("age", '"3"', "3")}
    all_given = [f"({', '.join(words[item][i] for item in kind.items)})" for i in range(3)] if kind.items else []
    return [*all_given, *([f"({words[kind.items[0]][0]})"] if kind.needed < len(kind.items) and kind.needed else [])] or [""]


def comparisons(kind: RequirementKind) -> list[str]:
    if kind.side is None:
        return [""]
    limits = ("0%", "12.5%", "0.95") if isinstance(kind.limit, Share) else ("0", "7", "64")
    return [f" {kind.side} {limit}{f' per {kind.per}' if kind.per else ''}" for limit in limits]


def statements(row: Row) -> list[str]:
    """The row with one value after another, inside the blocks around it; without the row, where it takes none."""
    if row.name == "box":
        return [f"robust box({radii})" for radii in ("age=0.25", "age=0.5", "age=0.25, sex=1")]
    match row.form:
        case "block":
            return [f"{row.name} {value}" for value in values(row)]
        case "option":
            return [called(ROWS[row.parent], {row.name: value}) for value in values(row)]
        case "call":
            return [called(row, {}, value) for value in values(row)]
        case "step" if isinstance(row.kind, Nothing):
            block, _, around = row.parent.rpartition(".")
            return [wrapped(row.parent, row.name), f"{block} {{ {around} }}" if block else f"{row.parent} {{ }}"]
        case _:
            also = ALSO.get(row.path, "")
            written = [statement(row, value) if value else row.name for value in values(row)]
            return [wrapped(row.parent, also + text, row.name) for text in written]


def called(call: Row, options: dict[str, str], value: str = "") -> str:
    """A call with this value and these options, and with some for all else that it needs."""
    needed = {row.name: values(row)[0] for row in below(call.path, "option").values() if row.required}
    items = [value or values(call)[0], *(f"{name}={text}" for name, text in {**needed, **options}.items())]
    block, _, step = call.parent.partition(".")
    written = f"{call.name}({', '.join(filter(None, items))})"
    return f"{block} {{ {step} {written} }}" if step else f"{block} {written}"


def stands_alone(row: Row) -> bool:
    """All but words and blocks without a value, which are read and printed with the rows that they belong to."""
    needs_more = row.form == "block" and isinstance(row.kind, Nothing)
    return not needs_more and row.form != "word" and not row.path.startswith(HEADER)


@pytest.mark.parametrize("row", [row for row in TABLE if stands_alone(row)], ids=lambda row: row.path)
def test_what_is_read_is_printed(row: Row) -> None:
    specs = []
    for text in statements(row):
        spec = good(whole(text))
        assert good(effective(spec)) == spec, text
        specs.append(spec)
    if row.path != "data.random":  # what is said there says nothing until a setting stands inside
        assert len(specs) > 1
        assert all(a != b for number, a in enumerate(specs) for b in specs[:number]), "a value makes no difference"


@pytest.mark.parametrize("row", [row for row in TABLE if row.form == "word"], ids=lambda row: row.path)
def test_every_word_is_a_value(row: Row) -> None:
    assert row.path == "bdnn.fragment" or any(row.name in value for value in values(ROWS[row.parent]))


def spec_types() -> dict[type[Any], None]:
    """All types that fields of a spec lead to, by what the fields say of themselves."""
    found: dict[type[Any], None] = {}
    waiting: list[type[Any]] = [
        DataSpec,
        NetworkSpec,
        RobustSpec,
        RequireSpec,
        EvaluateSpec,
        TrainSpec,
        ReportSpec,
        *get_args(Baseline),
    ]
    while waiting:
        kind = waiting.pop()
        found[kind] = None
        for about in (part.metadata.get(ABOUT) for part in fields(kind)):
            waiting += getattr(about, "calls", ())
            waiting += [of_step for _, of_step in getattr(about, "steps", ())]
            waiting += [about.kind] if isinstance(about, Part) else []
    return found


def test_every_field_is_a_row() -> None:
    """But the value behind the name, which has the row of its type, and what stands elsewhere: in the sum of `loss`, behind the
    name of a step, or in a line of `require`."""
    elsewhere = {TrainSpec: {"penalties"}, NetworkSpec: {"fixed_output"}}
    for kind in spec_types():
        first, *others = fields(kind)
        assert ABOUT in first.metadata or first.name == "span" or first.name in ("width", "set", "radii") or takes_value(kind)
        said = {part.name for part in others if ABOUT in part.metadata or part.name.endswith("span")}
        if kind not in get_args(Requirement):
            assert {part.name for part in others} - said == elsewhere.get(kind, set()), kind


def takes_value(kind: type[Any]) -> bool:
    return not isinstance(kind.row.kind, Nothing)


@pytest.mark.parametrize("row", [row for row in TABLE if isinstance(row.kind, Choice)], ids=lambda row: row.path)
def test_the_default_is_one_of_the_words(row: Row) -> None:
    assert row.default.split()[0] in row.kind.words if row.default else row.form == "step"


def test_the_words_of_a_setting_are_those_of_its_type() -> None:
    for kind in spec_types():
        types = get_type_hints(kind)
        for part, row in described_fields(kind):
            if isinstance(row.kind, Choice):
                literal = [word for one in (types[part.name], *get_args(types[part.name])) for word in get_args(one)]
                assert {word for word in literal if isinstance(word, str)} == set(row.kind.words), part.name
