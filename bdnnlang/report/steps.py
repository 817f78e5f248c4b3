"""The steps of a stage in a line."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang.network.numbers import shown
from bdnnlang.run.facts import StepRecord
from bdnnlang.run.records import StageRecord

BARS = "▁▂▃▄▅▆▇█"
WIDEST = 40  # bars in a line


def sparkline(values: Sequence[float]) -> str:
    """A bar for each value, from 0 (lowest) to the greatest; where there are too many, one for the last of each run."""
    top = max(values, default=0)
    shown = [values[(n + 1) * len(values) // WIDEST - 1] for n in range(WIDEST)] if len(values) > WIDEST else values
    return "".join(BARS[round(v / top * (len(BARS) - 1)) if top else 0] for v in shown)


def steps_line(record: StageRecord) -> str:
    """How the loss and the time went over the steps: `data_split: loss ▇▄▂ 12 → 3 in 3 steps, 0.4 to 1.2 s each`."""
    losses = [shown(step.loss) for step in record.steps if step.loss is not None]
    times = [step.seconds for step in record.steps]
    count = f"{len(times)} step{'s' if len(times) > 1 else ''}, {min(times):.1f} to {max(times):.1f} s each"
    if not losses:
        return f"{record.stage}: {count}"
    return f"{record.stage}: loss {sparkline(losses)} {losses[0]:g} → {losses[-1]:g}, least {min(losses):g}; {count}"


def step_line(step: StepRecord) -> str:
    """One step: `layer 1: loss 12, 0.8 s` or `4 subsets of 64 samples: loss 12, validation 91.2 %, 0.8 s`, or `start 3: …`."""
    if step.start is not None:
        what = f"start {step.start:,}"
    else:
        what = f"layer {step.layer}" if step.layer is not None else f"{step.subsets} subsets of {step.samples} samples"
    accuracy = "" if step.validation_accuracy is None else f", validation {100 * step.validation_accuracy:.1f} %"
    return f"{what}: loss {'–' if step.loss is None else format(shown(step.loss), 'g')}{accuracy}, {step.seconds:.1f} s"
