"""Colours can be told from their ground, by WCAG 2: 4.5 to 1 for texts, in both themes."""

from __future__ import annotations

import re

import pytest

from bdnnlang.report.html.style import DARK, LIGHT, SHEET

TEXTS = ("ink", "soft", "link", "good", "warn", "bad", "plus", "minus", "bound")
DEEPEST = 0.4  # of the shade of a matrix


def colours(theme: str) -> dict[str, tuple[float, ...]]:
    found = {name: tuple(int(code[k : k + 2], 16) for k in (0, 2, 4)) for name, code in re.findall(r"--(\w+):#(\w{6})", theme)}
    shade = re.search(r"--shade:(\d+),(\d+),(\d+)", theme)
    assert shade
    return {**found, "shade": tuple(map(int, shade.groups()))}


def luminance(colour: tuple[float, ...]) -> float:
    linear = [c / 255 / 12.92 if c <= 0.04045 * 255 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast(theme: str) -> None:
    known = colours(theme)
    poor = {
        (text, ground): ratio
        for text in TEXTS
        for ground in ("page", "panel")
        if (ratio := contrast(known[text], known[ground])) < 4.5
    }
    assert poor == {}
    shaded = tuple(DEEPEST * s + (1 - DEEPEST) * p for s, p in zip(known["shade"], known["panel"], strict=True))
    assert contrast(known["ink"], shaded) > 4.5


def test_both_themes_name_the_same_colours_and_no_other_is_used() -> None:
    names = set(re.findall(r"--(\w+):", LIGHT))
    assert names == set(re.findall(r"--(\w+):", DARK))
    assert set(re.findall(r"var\(--(\w+)", SHEET)) <= names
    assert SHEET.count("{") == SHEET.count("}")
