"""`bdnnc verify`: every claim of a run folder again, in exact arithmetic."""

from __future__ import annotations

from bdnnlang.arguments import Args
from bdnnlang.cli.shared import Exit, fail, remark
from bdnnlang.verification import verify_run


def verify(args: Args) -> Exit:
    claims = verify_run(args.run)
    wrong = [claim for claim in claims if not claim.holds]
    for claim in claims:
        mark = "ok     " if claim.holds else "WRONG  "
        print(f"{mark} {claim.name}: {_stated(claim.stated)}" + ("" if claim.holds else f", but it is {_stated(claim.found)}"))
    if wrong:
        return fail(f"{len(wrong)} of {len(claims)} claims do not hold", Exit.DISAGREES)
    remark(f"all {len(claims)} claims hold; bounds are the solver's word")
    return Exit.OK


def _stated(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
