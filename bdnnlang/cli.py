"""`bdnnc`: one small function a verb. Whatever is heavy is imported inside the verb that needs it.

Standard output carries the product only; diagnostics, progress and remarks go to standard error.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bdnnlang import compiler
from bdnnlang.arguments import Args, parser
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.render import Style, render
from bdnnlang.spec.types import Spec

if TYPE_CHECKING:
    from bdnnlang.data.types import Dataset
    from bdnnlang.runtime.types import Event, Interrupt


class Exit(IntEnum):
    """What a process tells its caller (LANGUAGE.md, section 4)."""

    OK = 0
    REJECTED = 1
    USAGE = 2
    NO_NETWORK = 3
    DISAGREES = 4
    ENVIRONMENT = 5
    INTERNAL = 70
    INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; every failure ends in a message and an exit code, none in a traceback."""
    args = parser().parse_args(argv)
    try:
        with _interruptible():
            return VERBS[args.verb](args)
    except Rejected as rejected:
        _tell(rejected.diagnostics, args)
        return Exit.ENVIRONMENT if all(d.code == "E208" for d in rejected.diagnostics) else Exit.REJECTED
    except CannotRead as error:
        return _fail(str(error), Exit.USAGE)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except _Interrupted:
        return _fail("interrupted", Exit.INTERRUPTED)
    except MemoryError:
        return _fail("out of memory: use fewer rows (`sample`) or neurons", Exit.ENVIRONMENT)
    except Exception as error:  # a bug of ours: it must not look like the user's
        return _internal(error)


# ---- verbs, in the order in which a spec meets them


def check(args: Args) -> Exit:
    worst = Exit.OK
    for path in args.specs:
        try:
            spec, warnings = compiler.read_spec(path)
            if not args.no_data:
                data = compiler.read_data(spec, path.parent)
                warnings += compiler.model_warnings(spec, data)
            found: Sequence[Diagnostic] = warnings
            bad = args.strict and bool(warnings)
        except Rejected as rejected:
            found, bad = rejected.diagnostics, True
        _tell(found, args)
        if not bad and args.diagnostics == "full":
            _remark(f"{path}: no mistakes")
        worst = max(worst, Exit.REJECTED if bad else Exit.OK)
    return worst


def show(args: Args) -> Exit:
    from bdnnlang.spec.effective import effective, show_spec
    from bdnnlang.syntax.parser import parse
    from bdnnlang.syntax.show import show_ast

    if args.ast:
        file, errors = parse(compiler.read_source(args.spec))
        if errors:
            raise Rejected(errors)
        return _out(show_ast(file))
    spec = _spec(args)
    if args.show_spec or args.format == "json":
        return _out(_spec_json(spec) if args.format == "json" else show_spec(spec))
    if args.ir or args.after or args.milp:
        return _out(_show_model(spec, compiler.read_data(spec, args.spec.parent), args))
    return _out(effective(spec))


def plan(args: Args) -> Exit:
    from bdnnlang.report.plan import make_plan, plan_text

    spec = _spec(args)
    data = compiler.read_data(spec, args.spec.parent)
    _tell(compiler.model_warnings(spec, data), args)
    made = make_plan(spec, data)
    return _out(json.dumps(dataclasses.asdict(made), indent=2) if args.format == "json" else plan_text(made))


def compile_(args: Args) -> Exit:
    from bdnnlang import targets

    spec = _spec(args)
    data = compiler.read_data(spec, args.spec.parent)
    form = args.to or Path(args.file.removesuffix(".gz")).suffix.removeprefix(".") or "mps"
    if form not in targets.FILES:
        return _fail(f"cannot write `{args.file}`: the name should end in {_endings(targets.FILES)}", Exit.USAGE)
    milp = compiler.build_file(spec, data, form, re.sub(r"\W", "_", args.spec.stem))
    try:
        targets.save(form, milp, args.file, names=args.names, ranges=args.ranges)
    except OSError as error:
        return _fail(f"cannot write `{args.file}`: {(error.strerror or str(error)).lower()}", Exit.USAGE)
    if args.stats:
        _remark(f"{milp.columns} columns, {int(milp.binary.sum())} binary, {milp.rows} rows, {milp.nonzeros} nonzeros")
    return Exit.OK


def run(args: Args) -> Exit:
    from bdnnlang.report.as_json import event_json
    from bdnnlang.report.terminal import Progress, print_report
    from bdnnlang.runtime.types import Interrupt

    spec = _spec(args)
    data = compiler.read_data(spec, args.spec.parent)
    _tell(compiler.model_warnings(spec, data), args)
    folder = args.out or compiler.default_folder(spec, args.spec)
    interrupt = Interrupt()
    _on_signals(interrupt)
    try:
        with Progress(sys.stderr) as progress:

            def listen(event: Event) -> None:
                if args.json_stream:
                    print(json.dumps(event_json(event)), flush=True)
                else:
                    progress(event)

            done = compiler.run_spec(spec, args.spec, data, folder=folder, listen=listen, interrupt=interrupt, resume=args.resume)
    except OSError as error:
        return _fail(f"cannot write the run folder {folder}: {(error.strerror or str(error)).lower()}", Exit.USAGE)
    if args.json_stream:
        print(json.dumps({"type": "result", "folder": str(folder), **done.json["result"]}), flush=True)
    else:
        print_report(done.summary, str(folder), sys.stdout)
    return _run_exit(str(done.summary.run.status), args.require_optimal)


def bench(args: Args) -> Exit:
    from bdnnlang import bench as benchmarks
    from bdnnlang.report.bench import disagreements

    plan, stop = benchmarks.read_plan(args), benchmarks.Stop()
    _on_signals(stop)
    found = benchmarks.run(plan, benchmarks.read_command(args), stop, _remark, args.cache)
    _out(benchmarks.product(found, args))
    try:
        benchmarks.save(found, args)
    except OSError as error:
        return _fail(f"cannot write `{error.filename}`: {(error.strerror or str(error)).lower()}", Exit.USAGE)
    if disagreements(found.cells):
        return Exit.DISAGREES
    return Exit.INTERRUPTED if found.interrupted else Exit.OK


def verify(args: Args) -> Exit:
    claims = compiler.verify_run(args.run)
    wrong = [claim for claim in claims if not claim.holds]
    for claim in claims:
        mark = "ok     " if claim.holds else "WRONG  "
        print(f"{mark} {claim.name}: {_stated(claim.stated)}" + ("" if claim.holds else f", but it is {_stated(claim.found)}"))
    if wrong:
        return _fail(f"{len(wrong)} of {len(claims)} claims do not hold", Exit.DISAGREES)
    _remark(f"all {len(claims)} claims hold; bounds are the solver's word")
    return Exit.OK


def predict(args: Args) -> Exit:
    from bdnnlang.data.new_rows import load_rows
    from bdnnlang.data.recipe import Recipe
    from bdnnlang.network import classify, outputs

    kept = compiler.read_run(args.run)
    try:
        recipe = Recipe.from_json(kept.network.preprocessing)
    except ValueError as error:
        raise CannotRead(f"{args.run / 'network.json'} is damaged: {error}") from None
    rows = load_rows(args.csv, recipe)
    classes = [kept.network.classes[c] for c in classify(outputs(kept.network.network, rows))]
    return _write_lines(["class", *classes], args.file)


def solvers(args: Args) -> Exit:
    from bdnnlang import targets

    found = [targets.describe(name) for name in targets.LIVE]
    if args.format == "json":
        return _out(json.dumps(found, indent=2))
    lines = [
        f"{one['name']:7} {one['version'] or 'not installed':14} {one['takes']}"
        + ("" if one["version"] else f"; to install: {one['install']}")
        for one in found
    ]
    return _out("\n".join([*lines, f"files   {', '.join(targets.FILES)} for any other solver"]))


def explain(args: Args) -> Exit:
    from bdnnlang.data.errors import DATA_ERRORS
    from bdnnlang.ir.errors import ROBUST_ERRORS
    from bdnnlang.runtime.errors import FILE_DIAGNOSTICS, MODEL_DIAGNOSTICS
    from bdnnlang.spec.explain import explain as page
    from bdnnlang.spec.explain import suggestions

    extra = (*DATA_ERRORS, *ROBUST_ERRORS, *MODEL_DIAGNOSTICS, *FILE_DIAGNOSTICS)
    text = page(args.topic, extra)
    if text is not None:
        return _out(text)
    near = " or ".join(f"`{name}`" for name in suggestions(args.topic, extra))
    return _fail(f"there is no page on `{args.topic}`" + (f"; did you mean {near}?" if near else ""), Exit.USAGE)


# ---- what verbs share


def _spec(args: Args) -> Spec:
    """The spec with the command line's overrides; warnings are told."""
    sets = list(args.set)
    sets += [
        f"train.{name}={value}" for name in ("threads", "seed", "solver", "formulation") if (value := getattr(args, name, None))
    ]
    if without := getattr(args, "without", None):
        sets.append(f"train.without=[{', '.join(without)}]")
    spec, warnings = compiler.read_spec(args.spec, args.define, sets)
    _tell(warnings, args)
    if getattr(args, "time", None) is not None:
        spec = compiler.limited(spec, args.time)
    return spec


def _show_model(spec: Spec, data: Dataset, args: Args) -> str:
    from bdnnlang import passes
    from bdnnlang.ir.show import show as show_problem
    from bdnnlang.ir.show import show_milp

    limit = args.limit or None
    if args.milp:
        return show_milp(compiler.build_milp(spec, data), limit)
    try:
        return show_problem(compiler.build_problem(spec, data, after=args.after), limit)
    except KeyError:
        known = ", ".join(sorted(passes.names(spec.train.formulation)))
        raise CannotRead(f"there is no pass `{args.after}` in formulation `{spec.train.formulation}`: {known}") from None


def _spec_json(spec: Spec) -> str:
    def plain(value: Any) -> Any:
        if dataclasses.is_dataclass(value):
            kept = {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.compare}
            return {"kind": type(value).__name__, **kept}
        return [plain(item) for item in value] if isinstance(value, tuple) else value

    return json.dumps(plain(spec), indent=2, ensure_ascii=False)


def _run_exit(status: str, require_optimal: bool) -> Exit:
    if status == "interrupted":
        return Exit.INTERRUPTED
    if status in ("claim_rejected", "infeasible", "no_network") or (require_optimal and status != "optimal"):
        return Exit.NO_NETWORK
    return Exit.OK


class _Interrupted(BaseException):
    """Ctrl-C outside a schedule. Not KeyboardInterrupt: Python ends by signal when one has passed through an `exec`."""


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C raises `_Interrupted` within the block."""

    def stop(number: int, frame: object) -> None:
        raise _Interrupted

    earlier = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _on_signals(interrupt: Interrupt) -> None:
    """Ctrl-C once ends the stage, twice the run; a request to terminate ends the run."""

    def ask(number: int, frame: object) -> None:
        interrupt.ask()
        if number == signal.SIGTERM:
            interrupt.ask()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)


def _tell(diagnostics: Sequence[Diagnostic], args: Args) -> None:
    if diagnostics:
        color = "NO_COLOR" not in os.environ and ("FORCE_COLOR" in os.environ or sys.stderr.isatty())
        print(render(diagnostics, style=cast(Style, args.diagnostics), color=color), file=sys.stderr)


def _out(text: str) -> Exit:
    print(text.rstrip("\n"))
    return Exit.OK


def _write_lines(lines: list[str], output: str) -> Exit:
    from bdnnlang.files import write_text

    if output == "-":
        return _out("\n".join(lines))
    try:
        write_text(Path(output), "\n".join(lines) + "\n")
    except OSError as error:
        return _fail(f"cannot write `{output}`: {(error.strerror or str(error)).lower()}", Exit.USAGE)
    return Exit.OK


def _remark(text: str) -> None:
    print(f"bdnnc: {text}", file=sys.stderr)


def _fail(text: str, code: Exit) -> Exit:
    print(f"bdnnc: error: {text}", file=sys.stderr)
    return code


def _internal(error: Exception) -> Exit:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="bdnnc-", suffix=".txt", delete=False) as file:
        traceback.print_exception(error, file=file)
    print(f"bdnnc: internal error: {type(error).__name__}: this is a bug of bdnnc, not of your spec", file=sys.stderr)
    print(f"  = hint: please report it with the details in {file.name}", file=sys.stderr)
    return Exit.INTERNAL


def _stated(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _endings(forms: Iterable[str]) -> str:
    return " or ".join(f"`.{form}` or `.{form}.gz`" for form in forms)


VERBS: dict[str, Callable[[Args], Exit]] = {
    "check": check,
    "show": show,
    "plan": plan,
    "compile": compile_,
    "run": run,
    "bench": bench,
    "verify": verify,
    "predict": predict,
    "solvers": solvers,
    "explain": explain,
}


if __name__ == "__main__":
    sys.exit(main())
