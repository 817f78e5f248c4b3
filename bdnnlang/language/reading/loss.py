"""What is minimised: `zero_one + 0.01 * l1`, a loss and penalties added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast, get_args

from bdnnlang.language.kinds import Choice
from bdnnlang.language.reading.errors import GivenTwice, WrongKind, near
from bdnnlang.language.reading.read import Reader, listed
from bdnnlang.language.reading.value_errors import OutOfRange, UnknownWord
from bdnnlang.language.reading.values import Amount, name_of
from bdnnlang.language.spec import Penalty, PenaltyKind
from bdnnlang.language.spec.row import Row
from bdnnlang.language.syntax import nodes
from bdnnlang.network.loss_words import Loss

PENALTIES = tuple(get_args(PenaltyKind))


@dataclass(frozen=True, slots=True)
class Objective:
    """`word` None: the default loss of the network's outputs."""

    word: Loss | None
    penalties: tuple[Penalty, ...]


def read_loss(row: Row, node: nodes.Value, reader: Reader) -> Objective | None:
    """None: an error has been reported."""
    before = len(reader.scope.diagnostics)
    losses: list[tuple[str, nodes.Value]] = []
    penalties: list[Penalty] = []
    for term in _terms(row, node, reader):
        match _term(row, term, reader):
            case Penalty() as penalty:
                penalties.append(penalty)
            case str() as word:
                losses.append((word, term))
    _once([*((row.name, term) for _, term in losses), *((p.kind, p) for p in penalties)], reader)
    if len(reader.scope.diagnostics) > before or not (losses or penalties):
        return None
    return Objective(cast(Loss, losses[0][0]) if losses else None, tuple(penalties))


def _terms(row: Row, node: nodes.Value, reader: Reader) -> Iterator[nodes.Value]:
    """What is added up, brackets opened."""
    if not isinstance(node, nodes.Chain) or node.rest[0][0] not in "+-":
        yield node
        return
    yield from _terms(row, node.first, reader)
    for operator, operand in node.rest:
        if operator == "-":
            advice = "penalties are added: `zero_one + 0.01 * l1`"
            reader.report(WrongKind(span=operand.span, name=row.name, wanted="a sum", found="a difference", advice=advice))
        else:
            yield from _terms(row, operand, reader)


def _term(row: Row, node: nodes.Value, reader: Reader) -> str | Penalty | None:
    if isinstance(node, nodes.Chain):
        return _weighted(row, node, reader)
    word = reader.read(row, Choice(), node)
    return Penalty(cast(Any, word), 1.0, span=node.span) if word in PENALTIES else word


def _weighted(row: Row, chain: nodes.Chain, reader: Reader) -> Penalty | None:
    """A penalty and the product of the other factors."""
    factors: list[tuple[nodes.Operator, nodes.Value]] = [("*", chain.first), *chain.rest]
    words = [i for i, (_, n) in enumerate(factors) if isinstance(n, nodes.Name) and n.text not in reader.scope.declared]
    if len(words) != 1 or factors[words[0]][0] == "/":
        advice = "write a number times a penalty, for example `0.01 * l1`"
        found = f"{len(words)} words in a product" if len(words) != 1 else "a division by a word"
        reader.report(WrongKind(span=chain.span, name=row.name, wanted="one penalty a product", found=found, advice=advice))
        return None
    _, name = factors.pop(words[0])
    assert isinstance(name, nodes.Name)
    if name.text not in PENALTIES:
        suggestion, known = near(name.text, PENALTIES), listed(PENALTIES)
        reader.report(UnknownWord(span=name.span, name="a factor", word=name.text[:60], words=known, suggestion=suggestion))
        return None
    factor = _factor(row, factors, chain, reader)
    return Penalty(cast(Any, name.text), factor, span=chain.span) if factor else None


def _factor(row: Row, factors: list[tuple[nodes.Operator, nodes.Value]], chain: nodes.Chain, reader: Reader) -> float | None:
    one = nodes.Number("1", chain.span)
    found = reader.scope.evaluate(nodes.Chain(one, tuple(factors), chain.span))
    if found is None:
        return None
    if not isinstance(found, Amount) or found.unit:
        reader.report(WrongKind(span=chain.span, name=row.name, wanted="a number as factor", found=name_of(found)))
        return None
    if not found.value > 0:
        advice = "leave the penalty out, or write a factor above 0"
        reader.report(OutOfRange(span=chain.span, name="the factor of a penalty", range="more than 0", advice=advice))
        return None
    return float(found.value)


def _once(named: list[tuple[str, Any]], reader: Reader) -> None:
    first: dict[str, Any] = {}
    for name, place in named:
        other = first.setdefault(name, place)
        if other is not place:
            reader.report(GivenTwice(span=place.span, second=other.span, name=name))
