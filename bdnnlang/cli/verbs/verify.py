"""`bdnnc verify`: every claim of a run folder again, in exact arithmetic, and what cannot be checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.cli.arguments import Args, Parser, Verb, add_run
from bdnnlang.cli.shared import Exit, fail, remark
from bdnnlang.strict_json import printable

if TYPE_CHECKING:
    from bdnnlang.folder.claim import Claim


def verify(args: Args) -> Exit:
    from bdnnlang.folder.verify import verify_run

    claims = verify_run(args.run, args.data)
    wrong = [claim for claim in claims if not claim.holds]
    believed = [claim for claim in claims if claim.holds and claim.why_not]
    for claim in sorted(claims, key=lambda claim: (not claim.holds, bool(claim.why_not))):
        print(_line(claim))
    if wrong:
        return fail(f"{len(wrong)} of {len(claims)} claims do not hold", Exit.DISAGREES)
    remark(f"all {len(claims) - len(believed)} claims that can be checked hold; {len(believed)} are not checked")
    return Exit.OK


def _line(claim: Claim) -> str:
    said = f"{printable(claim.name, 200)}: {_said(claim.stated)}"
    if not claim.holds:
        return f"WRONG   {said}, but it is {_said(claim.found)}"
    return f"not checked  {said} ({claim.why_not})" if claim.why_not else f"ok      {said}"


def _said(value: object) -> str:
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case list() | tuple():
            return printable("[" + ", ".join(map(_said, value)) + "]")
        case dict():
            return printable("{" + ", ".join(f"{name}: {_said(item)}" for name, item in value.items()) + "}")
        case "":
            return '""'
        case _:
            return printable(value)


def _add_arguments(parser: Parser) -> None:
    add_run(parser)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="where the data are, if not beside the run folder or in it")


VERB = Verb("verify", "recompute every claim of a run in exact arithmetic; needs no solver", _add_arguments, verify)
