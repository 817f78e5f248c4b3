"""What is proved and what was tried of a network under changes of its inputs."""

from __future__ import annotations

from collections.abc import Iterator

from bdnnlang.problem.certificate import Certificate
from bdnnlang.report.html.chart import curve_chart
from bdnnlang.report.html.markup import Child, Element, el
from bdnnlang.report.html.tables import facts, numbers, wide
from bdnnlang.report.robustness_text import certificate_line
from bdnnlang.report.stated.reported import Reported
from bdnnlang.report.stated.run import StatedAttack
from bdnnlang.report.text_table import counted


def robustness(run: Reported) -> Iterator[Element]:
    """The certificate, a curve for noise, and a bar for each worst case."""
    if (line := certificate(run)) is not None:
        yield facts([("certificate", line)])
    attacks = run.stated.attacks
    yield from (_curve(attack) for attack in attacks if attack.sizes)
    worst = [attack for attack in attacks if attack.robust is not None]
    if worst:
        yield _bars(worst)


def certificate(run: Reported) -> str | None:
    """What is proved of the training samples."""
    robust, stated = run.spec.robust, run.stated.result.robust
    if robust is None or stated is None or stated.right is None:
        return None
    return certificate_line(
        robust, Certificate(stated.kept, stated.certified, stated.right, stated.of, robust.method == "pattern")
    )


def _curve(attack: StatedAttack) -> Element:
    points = sorted((one.size, one.accuracy) for one in attack.sizes)
    label = f"Accuracy on the {attack.part} part under {attack.attack}"
    caption = f"{label}: noise, which seldom meets the worst change; {counted(attack.of, 'sample')}"
    return el("figure", wide(curve_chart(points, "size of the change, in scaled units", label), label), el("figcaption", caption))


def _bars(attacks: list[StatedAttack]) -> Element:
    rows: list[list[Child]] = [
        [
            attack.attack,
            f"{attack.part}, {attack.of:,}",
            f"{attack.right or 0:,}",
            _share(attack.robust or 0, attack.of),
            f"{attack.flipped or 0:,}",
            f"{attack.undecided or 0:,}",
        ]
        for attack in attacks
    ]
    head = ["worst case", "samples", "right as they are", "proved right", "flipped", "undecided"]
    return numbers("Worst cases, each sample by exact arithmetic", head, rows, texts=(0, 1))


def _share(count: int, of: int) -> Element:
    share = count / of if of else 0.0
    bar = f"background:linear-gradient(90deg,rgba(var(--shade),.35) {100 * share:.1f}%,transparent 0)"
    return el("td", f"{count:,} · {100 * share:.1f} %", style=bar)
