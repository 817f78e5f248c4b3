"""The manual of the language, docs/language.md: what the settings say of themselves, for people. `make golden` writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bdnnlang.language.examples import in_context, statement, value_of
from bdnnlang.language.kinds import Choice, Nothing, describe, example, words_of
from bdnnlang.language.schema import TABLE, below
from bdnnlang.language.spec.row import Row

_INTRODUCTION = """# The language

A spec is a text file, `NAME.bdnn`, that says which network is wanted: the data, the layers, what is minimised, and how. The
smallest has four lines:

```bdnn
bdnn 1
data iris
network { hidden 2 }
train { exact 1min }
```

`bdnnc check NAME.bdnn` says what is wrong with it, `bdnnc show NAME.bdnn` writes it out with all defaults, and
`bdnnc explain train.exact.gap` prints an entry of this page; [the cheat sheet](cheatsheet.md) has all words on one.

*This page is made from the settings themselves: `make golden` writes it, and a test compares it with them.*

## One rule

A line with `=` or `in` is a **setting**: the order of settings does not matter, and each is given once. A line with `<=` or `>=`
is a **requirement**, which stands in the block `require`, in any order. Any other line is a **step**: steps are done from top to
bottom, and the same step may stand several times. A newline ends a line, and so does a comma; inside brackets newlines do not
count. `#` begins a comment. Words are bare; strings, in double quotes, are for files, columns and classes.

| value | is written |
|---|---|
| a number | `8`, `1_000`, `-3.5`, `1e-4`, or a calculation: `2 * width + 1` |
| a fraction | `20%` or `0.2` |
| a duration | `500ms`, `90s`, `10min`, `2h`, `1d`, `1h30min` |
| a list | `[1, 2, 3]`, `["age", "sex"]` |
| an interval, after `in` | `[-1, 1]`: all numbers between |
| whole numbers, after `in` | `int[-3, 3]`, both ends included; `binary` is `int[0, 1]`, `ternary` is `int[-1, 1]` |
| a set of numbers, after `in` | `{-1, 0, 0.5}` |
| yes or no | `true`, `false` |

## Layout

`bdnnc fmt` writes a spec in its canonical layout, and `bdnnc show` prints it so:

- one statement a line, two blanks a level; a block that stands on one line stays there if it fits into 100 columns
- one blank around `=` and between words, none inside brackets; `name=value` in calls; no commas between lines
- lists of more than 100 columns are filled line by line; one that has a comment keeps its lines
- comments stay where they are; one behind a line stands two blanks away from it, and those of lines that follow each other stay
  in one column if they were written so
- at most one empty line, none at the beginning or end of a block
- line ends (`\\n`, `\\r\\n`) and a byte order mark stay as they are, numbers and strings as they are written

No statement is moved: comments and empty lines make groups that sorting would tear apart. A file with a
syntax error stays as it is.

## Params and other files

`param` gives a value a name, and may say what it can be; `bdnnc run NAME.bdnn -D width=16` sets it for one run, and
`--set train.exact.gap=1%` any setting. A comment that begins with `##`, above a `param`, is its help.

```bdnn
bdnn 1
## neurons of the hidden layer
param width = 8 in int[1, 64]
data iris
network { hidden width }
train { exact 1min }
```

A block [`sweep`](#sweep) runs the spec once at each combination of such values, and so does a list behind `-D`, as in
`-D width=1,2,4` (docs/sweeps.md).

```bdnn
bdnn 1
param width = 8 in int[1, 64]
param seed = 0
data iris { split_seed = seed }
network { hidden width }
train { seed = seed, local_search 1s }
sweep {
  width in {1, 2, 4}
  seed in int[0, 9]
}
```

`use "common.bdnn"` takes over another file, which begins with `bdnn 1 fragment` if it is no whole spec. Its settings hold where
this file does not say otherwise; its steps hold in those blocks where this file has none.

## Blocks

`data`, `network` and `train` are needed; the others may be left out. In the tables, *default* is what holds if nothing is said.

"""


def manual() -> str:
    """All of the page, as Markdown."""
    blocks = [row for row in TABLE if row.form == "block"]
    contents = [f"- [`{row.name}`](#{row.name}): {_lower(row.help)}\n" for row in blocks]
    return _INTRODUCTION + "".join(contents) + "\n" + "\n".join(line for row in blocks for line in _entry(row, "##"))


def _entry(row: Row, level: str) -> Iterator[str]:
    """A block, step or call: what it is, what it takes, an example, and what stands inside it."""
    yield from (f"{level} {row.path.replace('.', ' ')}", "", f"{row.help}.", "")
    yield from _value(row)
    yield from ("```bdnn", *in_context(row).splitlines(), "```", "")
    yield from _settings(row)
    for inner in below(row.path, "call", "step", "requirement").values():
        yield from _entry(inner, "###")


def _value(row: Row) -> Iterator[str]:
    """What stands behind the name of a block, step or call."""
    if isinstance(row.kind, Nothing):
        return
    optional = "; it may be left out" if row.optional else f"; if the step is not there: `{row.default}`" if row.default else ""
    if isinstance(row.kind, Choice):
        yield from (f"Takes one of these words{optional}:", "")
    else:
        yield from (f"Takes {describe(row.kind)}, for example {example(row.kind)}{optional}.", "")
    yield from _words(row)


def _words(row: Row) -> Iterator[str]:
    words = words_of(row.kind)
    yield from (f"- `{word}`: {_lower(text)}" for word, text in words.items())
    yield from [""] * bool(words)


def _settings(row: Row) -> Iterator[str]:
    """A table of what may be set inside, and the words of each setting below it."""
    elsewhere = {name for call in below(row.path, "call") for name in below(f"{row.path}.{call}", "option")}
    rows = [inner for inner in below(row.path, "fact", "domain", "option").values() if inner.name not in elsewhere]
    if not rows:
        return
    yield from ("| setting | takes | default | meaning | example |", "|---|---|---|---|---|")
    for inner in rows:
        default = "must be given" if inner.required else inner.default
        yield _line((f"`{inner.name}`", _takes(inner), default, inner.help, _example(inner)))
    yield ""
    for inner in rows:
        if words_of(inner.kind):
            yield from (f"Words of `{inner.name}`:", "")
            yield from _words(inner)


def _example(row: Row) -> str:
    """As a setting; an option of a call that may be a setting of the block, too, as both."""
    if row.form != "option":
        return f"`{statement(row)}`"
    block, _, _ = row.parent.rpartition(".")
    written, beside = f"`{row.name}={value_of(row)}`", below(block, "fact").get(row.name)
    return f"{written}, or in `{block}`: `{statement(beside)}`" if beside else written


def _takes(row: Row) -> str:
    words = words_of(row.kind)
    return " ".join(f"`{word}`" for word in words) if isinstance(row.kind, Choice) else describe(row.kind)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _lower(text: str) -> str:
    """A help inside a sentence: its first letter is small unless it begins a name such as `HiGHS`."""
    first = text.partition(" ")[0]
    return text if first[1:].lower() != first[1:] else text[:1].lower() + text[1:]
