"""The verbs of `bdnnc`, one file each, in the order of `--help`. What is heavy they import inside their functions."""

from bdnnlang.cli.arguments import Verb
from bdnnlang.cli.verbs import bench, check, compile, explain, plan, predict, run, show, solvers, verify  # noqa: A004

_VERBS = (
    check.VERB,
    show.VERB,
    plan.VERB,
    compile.VERB,
    run.VERB,
    bench.VERB,
    verify.VERB,
    predict.VERB,
    solvers.VERB,
    explain.VERB,
)
VERBS: dict[str, Verb] = {verb.name: verb for verb in _VERBS}
