"""What two specs ask for, fact by fact; of steps also the order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bdnnlang.language.spec import Spec
from bdnnlang.report.differences.change import Change, Value, changes
from bdnnlang.report.differences.spec_tree import OF_LAYERS, Tree, blocks_of

NETWORK = "network"


def spec_changes(a: Spec, b: Spec) -> tuple[Change, ...]:
    """All that differs, by the path that `bdnnc explain` knows, with a number where a step stands several times."""
    first, second = blocks_of(a), blocks_of(b)
    apart = (first[NETWORK].settings.keys() ^ second[NETWORK].settings.keys()) & OF_LAYERS  # common to the layers of one only
    for blocks in (first, second):
        blocks[NETWORK] = blocks[NETWORK].spread(apart)
    blocks_in_order = dict.fromkeys([*first, *second])
    found = (change for name in blocks_in_order for change in _of_block(first.get(name), second.get(name)))
    return (*found, *changes(_sweep(a), _sweep(b)))


def _sweep(spec: Spec) -> dict[str, Value]:
    """What a sweep goes through, which is no block of the effective text."""
    if spec.sweep is None:
        return {}
    members = {f"sweep.{member.name}": f"in {{{', '.join(member.values)}}}" for member in spec.sweep.members}
    return {**members, "sweep.cross_validate": spec.sweep.cross_validate}


def _of_block(a: Tree | None, b: Tree | None) -> Iterator[Change]:
    match a, b:
        case Tree(), Tree():
            yield from _of_pair(a.name, a, b)
        case Tree(), None:
            yield Change(a.name, a.text, None)
        case None, Tree():
            yield Change(b.name, None, b.text)


def _of_pair(path: str, a: Tree, b: Tree) -> Iterator[Change]:
    """Two blocks, or two steps that stand for each other."""
    if a.head != b.head:
        yield Change(path, a.head or None, b.head or None)
    yield from changes(*({f"{path}.{name}": setting.value for name, setting in tree.settings.items()} for tree in (a, b)))
    yield from _of_steps(path, a.steps, b.steps)


def _of_steps(path: str, a: Sequence[Tree], b: Sequence[Tree]) -> Iterator[Change]:
    """Equal steps stand for each other first, then, in order, those with the same name; what is left is gone or new."""
    gone, new = _unequal(a, b)
    yield from _moved(path, gone, new)
    for i, step in gone.items():
        place = _place(path, a, i, b)
        j = next((j for j, other in new.items() if other.name == step.name), None)
        if j is None:
            yield Change(place, step.text, None)
        else:
            yield from _of_pair(place, step, new.pop(j))
    for j, step in new.items():
        yield Change(_place(path, b, j, a), None, step.text)


def _unequal(a: Sequence[Tree], b: Sequence[Tree]) -> tuple[dict[int, Tree], dict[int, Tree]]:
    """The steps on either side that are not the same, in the same order, on the other."""
    gone, new = dict(enumerate(a)), dict(enumerate(b))
    for block in SequenceMatcher(
        None, [step.text for step in a], [step.text for step in b], autojunk=False
    ).get_matching_blocks():
        for offset in range(block.size):
            del gone[block.a + offset], new[block.b + offset]
    return gone, new


def _moved(path: str, gone: dict[int, Tree], new: dict[int, Tree]) -> Iterator[Change]:
    """Steps that stand elsewhere, which are taken out of both."""
    for i, step in list(gone.items()):
        j = next((j for j, other in new.items() if other.text == step.text), None)
        if j is not None:
            yield Change(f"{path}: place of `{step.text}`", f"step {i + 1}", f"step {j + 1}")
            del gone[i], new[j]


def _place(path: str, steps: Sequence[Tree], i: int, others: Sequence[Tree]) -> str:
    """The path of a step; with its number among those of its name, from 1, where there are several."""
    name = steps[i].name
    is_alone = all(Counter(step.name for step in side)[name] < 2 for side in (steps, others))
    number = sum(step.name == name for step in steps[: i + 1])
    return f"{path}.{name}" if is_alone else f"{path}.{name}[{number}]"
