"""`bdnnc verify`: every claim of a run folder again, in exact arithmetic, and what cannot be checked."""

from __future__ import annotations

from pathlib import Path

from bdnnlang.cli.arguments import Args, Parser, Verb, add_run
from bdnnlang.cli.shared import Exit, fail, remark


def verify(args: Args) -> Exit:
    from bdnnlang.folder.claim import claim_lines
    from bdnnlang.folder.verify import verify_run
    from bdnnlang.sweep.folder import is_sweep
    from bdnnlang.sweep.verify import verify_sweep

    if is_sweep(args.run) and args.against is not None:
        return fail("`--against` is about one run: name a run folder of the sweep", Exit.USAGE)
    claims = verify_sweep(args.run, args.data) if is_sweep(args.run) else verify_run(args.run, args.data, args.against)
    wrong = [claim for claim in claims if not claim.holds]
    believed = [claim for claim in claims if claim.holds and claim.why_not]
    for line in claim_lines(claims):
        print(line)
    if wrong:
        return fail(f"{len(wrong)} of {len(claims)} claims do not hold", Exit.DISAGREES)
    remark(f"all {len(claims) - len(believed)} claims that can be checked hold; {len(believed)} are not checked")
    return Exit.OK


def _add_arguments(parser: Parser) -> None:
    add_run(parser)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="where the data are, if not beside the run folder or in it")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="FILE",
        help="x.mps or x.lp of its spec, also .gz: is the network a point of it?",
    )


VERB = Verb(_add_arguments, verify)
