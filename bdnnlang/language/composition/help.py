"""The params of a spec, for `--help-params`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bdnnlang.language.syntax import nodes

Row = tuple[str, str, str, str]  # name, default, domain, help


def params_of(body: Sequence[nodes.Statement]) -> Iterator[Row]:
    """In the order of their declaration, as they are written."""
    for param in body:
        if isinstance(param, nodes.Param) and not param.key.is_hole:
            domain = " ".join(param.domain.span.text.split()) if param.domain else ""
            yield param.key.text, " ".join(param.value.span.text.split()), domain, " ".join(param.help.split())
