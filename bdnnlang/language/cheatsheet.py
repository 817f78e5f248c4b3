"""The cheat sheet, docs/cheatsheet.md: every word of the language and every verb on one page. `make golden` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bdnnlang.language.examples import statement, value_of
from bdnnlang.language.kinds import words_of
from bdnnlang.language.schema import TABLE, below
from bdnnlang.language.spec.row import Row

_HEAD = """# Cheat sheet

Every word of a spec, by its block; [language.md](language.md) says what each means, and so does `bdnnc explain train.exact.gap`.
A line with `=` or `in` is a setting, one with `<=` or `>=` a requirement, any other a step, done from top to bottom.
*This page is made from the settings themselves.*

```bdnn
bdnn 1
param width = 2 in int[1, 8]  # bdnnc run x.bdnn -D width=3, or -D width=1,2,3 for a sweep
use "common.bdnn"             # its settings hold where this file says nothing
data iris
network { hidden width }
train { exact 1min }
```

Values: `8`, `1_000`, `-3.5`, `20%`, `90s`, `1h30min`, `8GB`, `"text"`, `[1, 2]`, `true`.
After `in`: `[-1, 1]`, `int[-3, 3]`, `{-1, 0, 1}`, `binary`, `ternary`.

"""


def cheatsheet(verbs: Mapping[str, str]) -> str:
    """All of the page, as Markdown; `verbs` with what each does."""
    blocks = [row for row in TABLE if row.form == "block"]
    lines = [line for row in blocks for line in _block(row)]
    commands = [f"| `bdnnc {name}` | {text} |" for name, text in verbs.items()]
    return _HEAD + "\n".join([*lines, "## Verbs", "", "| verb | does |", "|---|---|", *commands, ""])


def _block(row: Row) -> Iterator[str]:
    """What it takes, its settings in one line, and a line for each step."""
    yield from (f"## {row.name}", "", f"{row.help}.", "")
    if calls := below(row.path, "call"):
        yield f"- takes {', '.join(f'`{_call(call)}`' for call in calls.values())}"
    if words := words_of(row.kind):
        yield f"- takes {', '.join(f'`{word}`' for word in words)}"
    if facts := below(row.path, "fact", "domain"):
        yield f"- settings: {', '.join(f'`{statement(fact)}`' for fact in facts.values())}"
    if limits := below(row.path, "requirement"):
        yield f"- requirements: {', '.join(f'`{statement(limit)}`' for limit in limits.values())}"
    for step in below(row.path, "step").values():
        inner = [*map(_call, below(step.path, "call").values()), *map(statement, below(step.path, "fact", "domain").values())]
        yield f"- `{statement(step)}`: {_lower(step.help)}" + (f"; {', '.join(f'`{one}`' for one in inner)}" if inner else "")
    yield ""


def _call(row: Row) -> str:
    options = ", ".join(f"{option.name}={value_of(option)}" for option in below(row.path, "option").values())
    return f"{row.name}(…{', ' if options else ''}{options})"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
