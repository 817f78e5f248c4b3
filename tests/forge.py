"""Every single edit of a `run.json`: what a forger, or a slip of the hand, makes of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

Json = Any
Path = tuple[str | int, ...]


def leaves(value: Json, at: Path = ()) -> Iterator[Path]:
    """The places of all values that hold no others, empty lists and objects too."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [leaf for key, item in pairs for leaf in leaves(item, (*at, key))]
    return iter(inner or [at])


def nodes(value: Json, at: Path = ()) -> Iterator[Path]:
    """The places of all values but the whole."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield (*at, key)
        yield from nodes(item, (*at, key))


def others(value: Json) -> list[Json]:
    """What might stand in the place of a value."""
    match value:
        case bool():
            return [not value, int(value), None, str(value)]
        case int():
            return [value + 1, value - 1, 0 if value else 7, float(value) + 0.5, None, str(value), bool(value), -value - 1]
        case float():
            return [value + 0.125, -value - 0.5, 1.0 - value if value != 0.5 else 0.25, int(value) + 3, None, str(value), []]
        case str():
            return [value + "x", value[1:] if value else "y", "", 1, None, [value]]
        case None:
            return [0, 1, 0.25, "null", False, [], {}]
        case list():
            return [None, {}, [1], "[]"]
        case _:
            return [None, [], {"a": 1}, 0]


def at(document: Json, path: Path) -> Json:
    for key in path:
        document = document[key]
    return document


def edited(document: Json, path: Path, value: Json) -> Json:
    """A copy with another value at a place."""
    result = copy.deepcopy(document)
    at(result, path[:-1])[path[-1]] = value
    return result


def without(document: Json, path: Path) -> Json:
    """A copy without a key or an item of a list."""
    result = copy.deepcopy(document)
    del at(result, path[:-1])[path[-1]]
    return result


def with_more(document: Json, path: Path) -> Json | None:
    """A copy with a key more in an object, or an item more in a list; None for anything else."""
    result = copy.deepcopy(document)
    place = at(result, path)
    if isinstance(place, dict):
        place["more"] = 1
    elif isinstance(place, list):
        place.append(copy.deepcopy(place[-1]) if place else 1)
    return result if isinstance(place, dict | list) else None


def twice(document: Json, key: str) -> str:
    """The text with a key of the outermost object, or of `result`, standing twice with another value before it."""
    text = json.dumps(document, indent=1)
    return text.replace(f'"{key}":', f'"{key}": 0, "{key}":', 1)


def edits(document: Json) -> Iterator[tuple[str, Path, Json]]:
    """Every edit by its name and its place."""
    for path in leaves(document):
        value = at(document, path)
        for number, other in enumerate(others(value)):
            if not (type(other) is type(value) and other == value):
                yield f"{number}: {other!r}", path, edited(document, path, other)
    for path in nodes(document):
        yield "deleted", path, without(document, path)
        more = with_more(document, path)
        if more is not None:
            yield "more", path, more


def name(path: Path) -> str:
    """A place as `bdnnc verify` writes it."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text
