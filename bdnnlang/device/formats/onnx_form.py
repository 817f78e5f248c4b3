"""`onnx`: a graph in whole numbers, exact for everything that is declared."""

from __future__ import annotations

import json
from functools import partial

from bdnnlang.device.export import TooWide
from bdnnlang.device.formats.form import Exported, Form
from bdnnlang.device.onnx.model import TooLarge, onnx_model

LIBRARY = "onnx"
MOST_BITS = 62  # of either side of a comparison: their sum, which a graph has to hold, then fits in 64 with its sign
WAY = "Narrower ranges (`--range`), fewer decimals (`--unit`) or `--round BITS` make them smaller"
WAY_OF_FLOATS = f"`--format onnx` computes in whole numbers. {WAY}"


def files(exported: Exported, *, in_floats: bool) -> dict[str, bytes]:
    """One file. Raises TooWide."""
    rounding = None if exported.rounding is None else exported.rounding.to_json()
    about = {"name": exported.name, "sha256": exported.sha256, "rounding": json.dumps(rounding)}
    try:
        return {f"{exported.name}.onnx": onnx_model(exported.network, about, in_floats=in_floats)}
    except TooLarge as error:
        raise TooWide(f"{error}. {WAY_OF_FLOATS if in_floats else WAY}") from None


FORM = Form(files=partial(files, in_floats=False), most_bits=MOST_BITS, library=LIBRARY)
