"""`onnx-float`: the graph in floats of 32 bits, where they hold every number exactly: for what has no other matrix products."""

from __future__ import annotations

from functools import partial

from bdnnlang.device.formats.form import Form
from bdnnlang.device.formats.onnx_form import LIBRARY, files

MOST_BITS = 23  # of either side of a comparison: the sum of both is exact up to 2²⁴

FORM = Form(files=partial(files, in_floats=True), most_bits=MOST_BITS, library=LIBRARY)
