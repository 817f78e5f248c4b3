"""`use`d files and `--set`: several texts become one list of statements, before anything is checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bdnnlang.diagnostics import MAX_DIAGNOSTICS, Diagnostic
from bdnnlang.files import reason
from bdnnlang.language.kinds import WeightSet
from bdnnlang.language.reading.blocks import suggest
from bdnnlang.language.reading.errors import BadInclude, Missing, StepOrSetting, UnknownBlock, UnknownSetting
from bdnnlang.language.reading.value_errors import MissingOrExtra
from bdnnlang.language.schema import BRACED, ROWS, below
from bdnnlang.language.spec.row import Row
from bdnnlang.language.syntax import nodes
from bdnnlang.language.syntax.parser import parse, parse_value
from bdnnlang.language.syntax.show import expression
from bdnnlang.source import Source, Span

FileReader = Callable[[str, Span], Source]
Body = tuple[nodes.Statement, ...]
MAX_FILES = 100


@dataclass(slots=True)
class Merger:
    """Reads files and remembers what was wrong with them."""

    read: FileReader
    diagnostics: list[Diagnostic] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)  # of each file, as it is written
    used: dict[Span, Source] = field(default_factory=dict)  # the file behind each path that is used
    _known: dict[str, Body] = field(default_factory=dict)

    def load(self, source: Source, chain: tuple[Span, ...] = ()) -> Body:
        """The statements of a file and of all that it uses; `chain`: the places that lead to it."""
        if source.path in self._known:
            return self._known[source.path]
        file, errors = parse(source)
        self.diagnostics += errors
        self.bodies.append(file.body)
        base: Body = ()
        for statement in file.body:
            if isinstance(statement, nodes.Step) and statement.key.text == "use" and len(self.diagnostics) < MAX_DIAGNOSTICS:
                base = merge(base, self._use(statement, chain))
        own = tuple(s for s in file.body if not (isinstance(s, nodes.Step) and s.key.text == "use"))
        self._known[source.path] = merge(base, own)
        return self._known[source.path]

    def _use(self, step: nodes.Step, chain: tuple[Span, ...]) -> Body:
        path = step.args[0] if len(step.args) == 1 and step.block is None else None
        if not isinstance(path, nodes.String):
            if not any(isinstance(arg, nodes.Name) and arg.is_hole for arg in step.args):
                self.diagnostics.append(_no_path(step))
            return ()
        try:
            source = self.read(path.text, path.span)
        except OSError as error:
            return self._refuse(path, _problem(error), "check the path: it is relative to the folder of this file")
        self.used[path.span] = source
        chain = (*chain, path.span)
        files = [span.source.path for span in chain]
        if source.path in files:
            return self._circle(path, chain[files.index(source.path) :])
        if len(self._known) >= MAX_FILES or len(chain) >= MAX_FILES:
            return self._refuse(path, "too many files", f"use at most {MAX_FILES}")
        body = self.load(source, chain)
        return tuple(s for s in body if not (isinstance(s, nodes.Step) and s.key.text == "bdnn"))

    def _circle(self, path: nodes.String, places: tuple[Span, ...]) -> Body:
        """The uses that lead from a file back to it."""
        round_ = " → ".join(f"{span.source.path}:{span.first[0]}" for span in places)
        problem = f"the files use each other in a circle, {round_} → {places[0].source.path}"
        advice = "break the circle: move what is shared to a third file"
        second = places[0] if len(places) > 1 else None
        self.diagnostics.append(BadInclude(span=path.span, second=second, path=path.text[:80], problem=problem, advice=advice))
        return ()

    def _refuse(self, path: nodes.String, problem: str, advice: str) -> Body:
        self.diagnostics.append(BadInclude(span=path.span, path=path.text[:80], problem=problem, advice=advice))
        return ()


def merge(base: Body, over: Body) -> Body:
    """Facts merge and `over` wins. Steps do not: those of `base` count only where `over` has none."""
    names = {_identity(statement) for statement in over}
    blocks = {s.key.text: s for s in base if isinstance(s, nodes.Step) and ROWS.get(s.key.text, _NONE).form == "block"}
    kept = tuple(s for s in base if _identity(s) not in names)
    return kept + tuple(_merge_block(blocks.get(s.key.text), s) if isinstance(s, nodes.Step) else s for s in over)


_NONE = replace(ROWS["use"], form="word")


def _identity(statement: nodes.Statement) -> tuple[bool, str]:
    return isinstance(statement, nodes.Param), statement.key.text


def _is_step(statement: nodes.Statement) -> bool:
    return isinstance(statement, nodes.Step) and statement.key.text not in BRACED


def _fact(statement: nodes.Statement) -> str:
    """What a setting is about, of which there is one only: its name, or what a requirement measures."""
    return expression(statement.measure) if isinstance(statement, nodes.Relation) else statement.key.text


def _merge_block(base: nodes.Step | None, over: nodes.Step) -> nodes.Step:
    if base is None:
        return over
    below_, above = (step.block.body if step.block else () for step in (base, over))
    names = {_fact(s) for s in above if not _is_step(s)}
    has_steps = any(_is_step(s) for s in above)
    kept = tuple(s for s in below_ if (not has_steps if _is_step(s) else _fact(s) not in names))
    span = over.block.span if over.block else over.span
    return replace(over, args=over.args or base.args, block=nodes.Block(kept + above, span))


def _no_path(step: nodes.Step) -> MissingOrExtra:
    example = 'write `use "common.bdnn"`'
    return MissingOrExtra(span=step.span, name="use", takes="needs one path in quotes", problem="no path", advice=example)


def _problem(error: OSError) -> str:
    return "no such file" if isinstance(error, FileNotFoundError) else reason(error)


# ---- the command line


def override(body: Body, text: str) -> tuple[Body, tuple[Diagnostic, ...]]:
    """`train.exact.gap=1%` replaces that fact, in every step of this name if the path leads through a step."""
    source = Source(f"--set {text}", text)
    name, equals, _ = text.partition("=")
    path, offset = name.strip(), len(name) + 1
    place = Span(source, 0, len(name))
    row = ROWS.get(path)
    if row is None or row.form not in ("fact", "domain"):
        return body, (_unknown_path(path, row, place),)
    if not equals:
        takes, advice = "needs a value", f"write `--set {path}=…`"
        return body, (MissingOrExtra(span=place, name=path, takes=takes, problem="no value", advice=advice),)
    value, errors = parse_value(source, "domain" if isinstance(row.kind, WeightSet) else "expr", offset)
    if errors or value is None:
        return body, errors
    key, span = nodes.Name(row.name, place), Span(source, 0, len(text))
    is_domain = isinstance(value, nodes.IntervalDomain | nodes.NamedDomain | nodes.SetDomain)
    fact = nodes.Member(key, value, span) if is_domain else nodes.Fact(key, value, span)  # type: ignore[arg-type]
    changed = _put(body, tuple(path.split(".")[:-1]), fact)
    return (body, (_no_step(row, place),)) if changed is None else (changed, ())


def _put(body: Sequence[nodes.Statement], path: tuple[str, ...], fact: nodes.Fact | nodes.Member) -> Body | None:
    """None: there is no block or step of that name."""
    if not path:
        return (*(s for s in body if isinstance(s, nodes.Step | nodes.Param) or s.key.text != fact.key.text), fact)
    result: list[nodes.Statement] = []
    found = False
    for statement in body:
        if isinstance(statement, nodes.Step) and statement.key.text == path[0]:
            inner = _put(statement.block.body if statement.block else (), path[1:], fact)
            if inner is not None:
                found = True
                statement = replace(statement, block=nodes.Block(inner, statement.span))
        result.append(statement)
    return tuple(result) if found else None


def _unknown_path(path: str, row: Row | None, span: Span) -> Diagnostic:
    if row is not None:
        used = f"{path}.…=…"
        return StepOrSetting(span=span, name=path, is_form=row.form, used_as="setting", example=used)
    parent, _, name = path.rpartition(".")
    if not parent or parent not in ROWS:
        block = path.partition(".")[0]
        blocks = below("", "block")
        if block not in blocks:
            advice = "write `--set block.setting=value`, for example `--set train.exact.gap=1%`"
            return UnknownBlock(span=span, name=block[:60], advice=advice, suggestion=suggest(block, blocks))
        parent = block
    rows = below(parent, "fact", "domain", "step")
    advice = "known here: " + ", ".join(f"`{parent}.{other}`" for other in rows)
    meant = suggest(name, rows)
    suggestion = f"{parent}.{meant}" if meant else None
    return UnknownSetting(span=span, name=name[:60], where=parent, advice=advice, suggestion=suggestion)


def _no_step(row: Row, span: Span) -> Missing:
    parent = ROWS[row.parent]
    advice = f"write `{parent.example}` in the spec, or leave the option out"
    return Missing(span=span, name=parent.name, form=parent.form, advice=advice)
