"""Which room imports which, read from the sources: a graph and a table for docs/architecture.md, which `make imports` writes.

python .ci/imports.py                        print it
python .ci/imports.py docs/architecture.md   write it between the page's markers
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "bdnnlang"
BEGIN, END = "<!-- imports: begin -->", "<!-- imports: end -->"
Graph = dict[str, set[str]]


def room(module: str) -> str:
    """The folder below the package that a module stands in, or for one without a folder its own name."""
    return ".".join(module.split(".")[1:2]) or "bdnnlang"


def imported(file: Path) -> Iterator[str]:
    """The package's own modules that a file imports, at once or on use; those for type checking only are none."""
    todo: list[ast.AST] = [ast.parse(file.read_text(encoding="utf-8"))]
    while todo:
        node = todo.pop()
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                todo += node.orelse
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{alias.name}" if module == "bdnnlang" else module for alias in names)
            case _:
                todo += ast.iter_child_nodes(node)


def graph() -> Graph:
    """Of each room the others that it imports."""
    edges: Graph = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        own = room(".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
        edges.setdefault(own, set())
        edges[own] |= {room(name) for name in imported(file) if name.split(".")[0] == "bdnnlang"} - {own}
    return {own: {name for name in names if name in _rooms()} for own, names in edges.items()}


def _rooms() -> set[str]:
    return {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()} | {"bdnnlang"}


def layers() -> list[list[str]]:
    """The layers of the import contract, from the top down."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    lines = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[name.strip().removeprefix("bdnnlang.") for name in line.split("|")] for line in lines]


def height(name: str) -> int:
    """How far up a room stands; 0 of those that are in no layer, which import nothing that is in one."""
    return next((len(layers()) - at for at, line in enumerate(layers()) if name in line), 0)


def reach(edges: Graph, start: str) -> set[str]:
    found: set[str] = set()
    todo = list(edges.get(start, ()))
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += edges.get(name, ())
    return found


def direct(edges: Graph) -> Graph:
    """Without the arrows that a longer way says already."""
    return {a: {b for b in names if not any(b in reach(edges, c) for c in names - {b})} for a, names in edges.items()}


def page() -> str:
    edges = graph()
    order = sorted(edges, key=lambda name: (-height(name), name))
    arrows = [f"  {a} --> {b}" for a in order for b in sorted(direct(edges)[a], key=order.index)]
    rows = [f"| `{name}` | {height(name) or ''} | {', '.join(sorted(edges[name], key=order.index)) or '–'} |" for name in order]
    table = ["| room | layer | imports |", "|---|---|---|", *rows]
    return "\n".join(["```mermaid", "graph TD", *arrows, "```", "", *table])


def written(text: str) -> str:
    """A page with the graph of today between its markers."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{page()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        target = Path(sys.argv[1])
        target.write_text(written(target.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(page())
