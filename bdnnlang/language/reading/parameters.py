"""A block of a solver's own parameters: `solver_options { "limits/bestsol" = 3, presolve = off }`.

Which there are, and what they can be, only the solver knows: here a value is a number, a word, a string or a truth value.
"""

from __future__ import annotations

from bdnnlang.language.reading.errors import GivenTwice, StepOrSetting, WrongKind
from bdnnlang.language.reading.read import Reader
from bdnnlang.language.reading.values import Amount, Quoted, Truth, Word, name_of
from bdnnlang.language.spec.row import Row
from bdnnlang.language.spec.solver_spec import SolverOption, SolverOptions
from bdnnlang.language.syntax import nodes


def read_parameters(row: Row, step: nodes.Step, reader: Reader) -> SolverOptions | None:
    """All of them, in order; None: an error has been reported."""
    before = len(reader.scope.diagnostics)
    found: dict[str, SolverOption] = {}
    for statement in step.block.body if step.block else ():
        name, span = statement.key.text, statement.key.span
        if statement.key.is_hole:
            continue
        if not isinstance(statement, nodes.Fact):
            reader.report(StepOrSetting(span=span, name=name, is_form="setting", used_as="step", example=f"{name} = 1"))
        elif name in found:
            reader.report(GivenTwice(span=span, second=found[name].span, name=name))
        elif (value := _value(row, statement, reader)) is not None:
            found[name] = SolverOption(name, value, span=statement.span)
    return None if len(reader.scope.diagnostics) > before else tuple(found.values())


def _value(row: Row, fact: nodes.Fact, reader: Reader) -> bool | int | float | str | None:
    """None: an error has been reported."""
    match found := reader.scope.evaluate(fact.value):
        case None:
            return None
        case Amount(value, ""):
            return int(value) if value.denominator == 1 else float(value)
        case Quoted(text) | Word(text):
            return text
        case Truth(value):
            return value
        case _:
            wanted, advice = "a number, a word, a string, `true` or `false`", f"for example `{row.example}`"
            reader.report(WrongKind(span=fact.value.span, name=fact.key.text, wanted=wanted, found=name_of(found), advice=advice))
            return None
