"""Pages about codes, blocks, steps and settings: `bdnnc explain E107`, `bdnnc explain train.exact.gap`."""

from __future__ import annotations

import difflib

from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.examples import in_context
from bdnnlang.language.kinds import Choice, Nothing, PerturbationKind, describe, example
from bdnnlang.language.schema import ROWS, TABLE, below
from bdnnlang.language.spec.row import Row

Catalogue = tuple[type[Diagnostic], ...]
_FORMS = {"domain": "setting", "fact": "setting", "call": "source"}


def explain(topic: str, diagnostics: Catalogue) -> str | None:
    """The page about a code of `diagnostics`, a path such as `train.exact.gap`, or a name such as `exact`, or None."""
    wanted = topic.strip()
    errors = [error for error in diagnostics if error.code == wanted.upper()]
    if errors:
        return "\n".join(map(_error_page, errors))
    rows = [ROWS[wanted]] if wanted in ROWS else [row for row in TABLE if row.name == wanted]
    return "\n".join(map(_row_page, rows)) if rows else None


def suggestions(topic: str, diagnostics: Catalogue) -> tuple[str, ...]:
    """Topics that look like an unknown one, the likeliest first."""
    codes = {error.code for error in diagnostics}
    names = [row.path for row in TABLE] + [row.name for row in TABLE]
    aliased = [row.path for row in TABLE if topic.strip().lower() in row.aliases]
    close = difflib.get_close_matches(topic.strip().upper(), sorted(codes), 2, 0.7)
    close += difflib.get_close_matches(topic.strip().lower(), names, 3, 0.6)
    return tuple(dict.fromkeys(aliased + close))


def headline(error: type[Diagnostic]) -> str:
    """What a code is about, in one line: of its docstring, or its title where it has none of its own."""
    own = error.__dict__.get("__doc__") or ""
    line = own.strip().splitlines()[0] if own.strip() else ""
    return error.title if not line or line.startswith(f"{error.__name__}(") else line


def index(diagnostics: Catalogue) -> str:
    """All pages there are."""
    rows = [row for row in TABLE if row.form in ("block", "step", "fact", "domain", "requirement")]
    width = max(len(row.path) for row in rows)
    lines = ["Pages: `bdnnc explain NAME`, of a block, step, setting or word, or of a code.", ""]
    for row in rows:
        lines += [""] * (row.form == "block" and lines[-1] != "")
        lines.append(f"  {row.path:<{width}}  {row.help}")
    lines += ["", *(f"  {error.code}  {headline(error)}" for error in sorted(diagnostics, key=lambda error: error.code))]
    return "\n".join(lines) + "\n"


def _error_page(error: type[Diagnostic]) -> str:
    kind = "warning" if error.code.startswith("W") else "error"
    parts = [f"{kind} {error.code}: {headline(error)}", error.why, "Not like this:", _indent(error.bad), "But like this:"]
    return "\n\n".join([*parts, _indent(error.good)]) + "\n"


def _indent(text: str) -> str:
    return "\n".join(f"    {line[:100]}".rstrip() for line in text.rstrip("\n").splitlines())


def _row_page(row: Row) -> str:
    """What it is, what it takes, what stands inside it."""
    lines = [f"{row.path} ({_FORMS.get(row.form, row.form)})", "", f"  {row.help}"]
    if row.kind != Nothing() and not isinstance(row.kind, Choice):
        lines.append(f"  takes {describe(row.kind)}, for example {example(row.kind)}")
    if row.default:
        lines.append(f"  default: {row.default}")
    lines += ["", _indent(in_context(row))]
    return "\n".join(lines + _children(row)) + "\n"


def _children(row: Row) -> list[str]:
    lines: list[str] = []
    for title, forms in (
        ("words", ("word",)),
        ("sources", ("call",)),
        ("settings", ("fact", "domain", "option")),
        ("requirements", ("requirement",)),
        ("steps, from top to bottom", ("step",)),
    ):
        rows = below(row.path, *forms)
        title = "sets" if row.kind == PerturbationKind() and title == "sources" else title
        width = max(map(len, rows), default=0)
        lines += ["", f"  {title}:"] if rows else []
        lines += [f"    {name:<{width}}  {child.help}" for name, child in rows.items()]
    return lines
