"""A run that has just ended, as its files would state it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bdnnlang.language.effective import effective
from bdnnlang.network.export.network_json import dump
from bdnnlang.report.as_json import run_json
from bdnnlang.report.stated.reported import Reported, least_acceptable
from bdnnlang.report.stated.run import stated_run
from bdnnlang.report.stated.trace import trace_of
from bdnnlang.report.summary import Summary
from bdnnlang.run.facts import Fact, RunStarted
from bdnnlang.run.facts_json import fact_json
from bdnnlang.strict_json import parse


def reported_of(summary: Summary, facts: Iterable[Fact], name: str) -> Reported:
    """`facts`: those that became known in the run."""
    spec_text = effective(summary.spec)
    network = None if summary.run.best is None else summary.network_file(summary.run.best.network)
    content = run_json(summary, spec_text, None if network is None else dump(network))
    stated = stated_run(parse(json.dumps(content)))
    entries = [{"fact": RunStarted.__name__}, *map(fact_json, facts)]
    trace = trace_of(entries, stated.stages, least_acceptable(summary.spec, stated))
    return Reported(name, stated, summary.spec, spec_text, network, trace)
