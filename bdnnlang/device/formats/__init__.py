"""The forms in which a network leaves: a file each, and this table. A file is imported when its form is asked for.

A new form: a module that has a `FORM` (`form.py`), and a line here.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bdnnlang.device.formats.form import Form

FORMS = {  # the module of each form
    "c": "bdnnlang.device.c.layouts.plain",
    "arduino": "bdnnlang.device.c.layouts.arduino",
    "zephyr": "bdnnlang.device.c.layouts.zephyr",
    "micropython": "bdnnlang.device.c.layouts.micropython",
    "json": "bdnnlang.device.formats.json_form",
    "npz": "bdnnlang.device.formats.npz_form",
    "python": "bdnnlang.device.formats.python_form",
    "onnx": "bdnnlang.device.formats.onnx_form",
    "onnx-float": "bdnnlang.device.formats.onnx_float_form",
}


def form_of(name: str) -> Form:
    """A form of the table."""
    form: Form = importlib.import_module(FORMS[name]).FORM
    return form
