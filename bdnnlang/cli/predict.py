"""`bdnnc predict`: classes for new rows."""

from __future__ import annotations

from bdnnlang.arguments import Args
from bdnnlang.cli.shared import Exit, write_lines
from bdnnlang.compiler import CannotRead
from bdnnlang.run_folder import read_run


def predict(args: Args) -> Exit:
    from bdnnlang.data.new_rows import load_rows
    from bdnnlang.data.recipe import Recipe
    from bdnnlang.network import classify, outputs

    kept = read_run(args.run)
    try:
        recipe = Recipe.from_json(kept.network.preprocessing)
    except ValueError as error:
        raise CannotRead(f"{args.run / 'network.json'} is damaged: {error}") from None
    rows = load_rows(args.csv, recipe)
    classes = [kept.network.classes[c] for c in classify(outputs(kept.network.network, rows))]
    return write_lines(["class", *classes], args.file)
