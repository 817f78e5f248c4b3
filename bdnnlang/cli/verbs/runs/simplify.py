"""`bdnnc simplify`: the network of a run with as few weights as answer the same, in a run folder of its own."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bdnnlang.cli.arguments import Args, Parser, Verb, add_run
from bdnnlang.cli.shared import Exit, cannot_write, remark
from bdnnlang.compiler import CannotRead, read_data, read_spec, training_problem
from bdnnlang.folder.contents import Altered, read_run
from bdnnlang.folder.storage import Intent


def simplify(args: Args) -> Exit:
    from bdnnlang.folder.data import checked
    from bdnnlang.folder.importing import import_file
    from bdnnlang.network.export.network_json import dump
    from bdnnlang.polish.preference import preference_value
    from bdnnlang.polish.sparser import sparser
    from bdnnlang.report.terminal import print_report

    run = read_run(args.run)
    file = replace(run.trusted(), preprocessing=run.recipe().to_json())
    spec, _ = read_spec(run.path / "spec.bdnn")
    place, wrong = checked(run, spec, args.data)
    if wrong:
        raise Altered(f"the data of {run.path} are others than the run had")
    training = training_problem(spec, read_data(spec, place))
    if not training.contains(file.network):
        raise CannotRead(f"the network of {run.path} is none of its spec")
    before = training.incumbent(file.network)
    found = sparser(training, before)
    weights = preference_value(training, file.network, "sparsity")
    if found is None:
        remark(f"nothing to leave out: all of its {weights} weights are needed, or may not be 0")
        return Exit.OK
    folder = args.out or args.run.with_name(f"{args.run.resolve().name}-simplified")
    with tempfile.TemporaryDirectory(prefix="bdnnc-") as temporary:
        path = Path(temporary) / "network.json"
        path.write_text(dump(replace(file, network=found.network)), encoding="utf-8")
        try:
            intent = Intent.FORCE if args.force else Intent.NEW
            done = import_file(
                training, run.path / "spec.bdnn", path, None, folder=folder, intent=intent, command=args.command, say=remark
            )
        except OSError as error:
            return cannot_write(folder, error)
    print_report(done.summary, sys.stdout)
    print(f"\nrun folder: {done.folder}")
    remark(f"{preference_value(training, found.network, 'sparsity')} of {weights} weights are left; every answer stays")
    return Exit.OK


def _add_arguments(parser: Parser) -> None:
    add_run(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="the new run folder (default: RUN-simplified)")
    parser.add_argument("--force", action="store_true", help="replace the run in the new run folder")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="where the data are, if not beside the run folder or in it")


VERB = Verb(_add_arguments, simplify)
