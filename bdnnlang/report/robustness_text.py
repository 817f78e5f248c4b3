"""Certificate and attacks in lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from bdnnlang.language.effective import set_text
from bdnnlang.language.spec import RobustSpec, Spec
from bdnnlang.problem.attack import AttackResult, Example, Noise, Worst
from bdnnlang.problem.certificate import Certificate
from bdnnlang.report.summary import Summary

MOST_CHANGES = 4  # of an example


def robustness(summary: Summary) -> Iterator[tuple[str, str]]:
    """Title and line for the certificate, and for every attack; an example stands below its attack."""
    robust, certificate = summary.spec.robust, summary.certificate
    if robust is not None and certificate is not None:
        yield "robust", certificate_line(robust, certificate)
    for result in summary.attacks:
        yield "attack", attack_line(result)
        if isinstance(result, Worst) and result.example is not None:
            yield "", _example(result.example, summary)


def certificate_line(robust: RobustSpec, proof: Certificate) -> str:
    """What is proved of the training samples."""
    around = set_text(robust.perturbation.set)
    match robust.method:
        case "pattern":
            kept = f"{proof.kept} keep their pattern ({around}, method pattern)"
            return f"{proof.certified} of {proof.of} training samples certified right, {kept}"
        case "certified":
            errors = proof.of - proof.certified
            most = f"at most {errors} error{'' if errors == 1 else 's'} within {around}, proved"
            right = f"{proof.certified} of {proof.of} training samples certified right, {proof.right} right as they are"
            return f"{most}: {right} (method certified)"
        case _:
            assert_never(robust.method)


def loss_text(spec: Spec, loss: str) -> str:
    """What the loss counts."""
    within = f" within {set_text(spec.robust.perturbation.set)}" if spec.robust is not None and spec.certified else ""
    return f"{loss}{within}"


def attack_line(result: AttackResult) -> str:
    """Accuracy under an attack; a range where some samples are undecided."""
    match result:
        case Noise(of=of, right=right):
            sizes = ", ".join(f"{size:g}: {100 * n / of:.1f} %" for size, n in right)
            return f"random signs on the {result.part} part: {sizes}"
        case Worst(of=of, robust=robust, undecided=undecided):
            most = f" to {100 * (robust + undecided) / of:.1f} %" if undecided else " %"
            counts = f"{result.right} of {of} right, {robust} of them proved robust, {result.flipped} flipped"
            counts += f", {undecided} undecided" if undecided else ""
            return f"{result.attack} on the {result.part} part: {100 * robust / of:.1f}{most} ({counts})"
        case _:
            assert_never(result)


def _example(example: Example, summary: Summary) -> str:
    data = summary.data
    changes = [(name, d) for name, d in zip(data.features, example.change, strict=True) if d]
    shown = ", ".join(f"{name} {_signed(d)}" for name, d in changes[:MOST_CHANGES])
    more = f" and {len(changes) - MOST_CHANGES} more" if len(changes) > MOST_CHANGES else ""
    classes = f"{data.classes[example.before]} → {data.classes[example.after]}"
    return f"for example row {example.row + 1}, {classes}: {shown}{more}"


def _signed(value: Fraction) -> str:
    return f"{float(value):+.4g}"
