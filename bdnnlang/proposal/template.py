"""Commented specs to begin with, one file each; every one of them is whole, and runs as it is."""

from __future__ import annotations

from enum import StrEnum
from importlib import resources


class Template(StrEnum):
    """What a spec to begin with is an example of."""

    EXACT = "exact"
    ROBUST = "robust"
    SPLIT = "split"
    SWEEP = "sweep"


def template_text(template: Template) -> str:
    """The spec."""
    return resources.files("bdnnlang.proposal").joinpath("templates", f"{template}.bdnn").read_text(encoding="utf-8")
