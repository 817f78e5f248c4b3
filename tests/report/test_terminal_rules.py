"""Rules on a narrow terminal go on before a term, never within one."""

from __future__ import annotations

from bdnnlang.report.terminal import indented


def test_a_long_rule_breaks_before_its_terms() -> None:
    line = "h1 if - 80 age + 4080 [colour = blue] + 0.5 (dose - 1.2) / 7.5 + 3825 [colour = red] >= -1419.6"
    assert indented(line, 40).splitlines() == [
        "  h1 if - 80 age + 4080 [colour = blue]",
        "      + 0.5 (dose - 1.2) / 7.5",
        "      + 3825 [colour = red] >= -1419.6",
    ]
    assert indented("missing: age as 5, colour as red", 24).splitlines() == ["  missing: age as 5,", "      colour as red"]
