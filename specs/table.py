"""Runs the specs of the paper over split seeds and writes the table in `specs/README.md`.

    python specs/table.py [--seeds 5] [--only PATTERN] [--time 60s] [-D width=10] [--runs runs/paper]

Each run goes through `bdnnc run SPEC -D split=SEED`. A run folder that is whole and belongs to the same spec is taken as it
is, so a table that was interrupted is resumed by the same command. After a run that fails, the other splits of its spec are
left out, and the reason stands below the table.
"""

from __future__ import annotations

import argparse
import dataclasses
import fnmatch
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bdnnlang import compiler
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.effective import effective
from bdnnlang.report.as_json import sha256

HERE = Path(__file__).resolve().parent
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
Run = dict[str, Any]  # a `run.json`
Defines = tuple[str, ...]  # as `width=10`
Runner = Callable[[Path, int, str | None, Defines, Path], str]  # spec, seed, time, params, folder → what went wrong, or nothing


def main(argv: Sequence[str] | None = None, runner: Runner | None = None) -> int:
    """Rewrite the table; 1 if some run failed."""
    args = _arguments(argv)
    found: dict[str, list[Run]] = {}
    failed: dict[str, str] = {}
    for spec in sorted(args.specs.glob("*.bdnn")):
        if not fnmatch.fnmatch(spec.stem, args.only):
            continue
        for seed in range(args.seeds):
            folder = args.runs / f"{spec.stem}-{seed}"
            problem = (runner or run_spec)(spec, seed, args.time, tuple(args.define), folder)
            if problem:
                failed[spec.stem] = f"split {seed}: {problem}"
                print(f"{spec.stem}: {failed[spec.stem]}", file=sys.stderr)
                break
            found.setdefault(spec.stem, []).append(read(folder))
        rewrite(args.readme, table(found, failed, args))  # after every spec, so that nothing is lost
    return 1 if failed else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the specs of the paper and rewrite the table of their results.")
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="how many splits of each spec")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="of specs' names, as `iris_*`")
    parser.add_argument("--time", metavar="T", help="for each schedule, in place of the spec's own")
    parser.add_argument("-D", dest="define", action="append", default=[], metavar="NAME=VALUE", help="set a param in all specs")
    parser.add_argument("--runs", type=Path, default=Path("runs/paper"), metavar="DIR", help="where the run folders are")
    parser.add_argument("--specs", type=Path, default=HERE / "paper", help=argparse.SUPPRESS)
    parser.add_argument("--readme", type=Path, default=HERE / "README.md", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


# ---- running


def run_spec(spec: Path, seed: int, time: str | None, defines: Defines, folder: Path) -> str:
    """One run in a process of its own, unless its folder is there already; what went wrong, or nothing."""
    try:
        wanted = fingerprint(spec, seed, defines)
    except Rejected as rejected:
        first = rejected.diagnostics[0]
        return f"does not load: {first.code}: {first.message}"
    except CannotRead as error:
        return str(error)
    if is_done(folder, wanted, time):
        return ""
    print(f"{spec.stem}, split {seed} …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "bdnnlang.cli", "run", str(spec), "-D", f"split={seed}", "--out", str(folder)]
    command += [word for define in defines for word in ("-D", define)]
    done = subprocess.run(command + (["--time", time] if time else []), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3) or not (folder / "run.json").exists():
        return f"exit code {done.returncode}: {(done.stderr.strip().splitlines() or ['no message'])[-1][:200]}"
    (folder / "table.json").write_text(json.dumps({"spec": wanted, "time": time}), encoding="utf-8")
    return ""


def fingerprint(spec: Path, seed: int, defines: Defines = ()) -> str:
    """Of what the spec means with this seed, whatever its comments say."""
    loaded, _ = compiler.read_spec(spec, [f"split={seed}", *defines])
    return sha256(effective(dataclasses.replace(loaded, params=())))


def is_done(folder: Path, wanted: str, time: str | None) -> bool:
    """Was exactly this run to its end?"""
    try:
        kept = json.loads((folder / "table.json").read_text(encoding="utf-8"))
        return bool(kept == {"spec": wanted, "time": time}) and "result" in read(folder)
    except (OSError, ValueError):
        return False


def read(folder: Path) -> Run:
    return dict(json.loads((folder / "run.json").read_text(encoding="utf-8")))


# ---- the table


def table(found: dict[str, list[Run]], failed: dict[str, str], args: argparse.Namespace) -> str:
    """Markdown: a row a spec, then the curves under attack, then what failed."""
    flags = [f"--seeds {args.seeds}", f"--only '{args.only}'" * (args.only != "*"), f"--time {args.time}" * bool(args.time)]
    flags += [f"-D {define}" for define in args.define]
    command = " ".join(["python specs/table.py", *filter(None, flags)])
    lines = [
        f"`{command}`, on {os.cpu_count()} cores. Mean ± standard deviation over splits; loss and rows are of the training part.",
        "",
        "| spec | splits | BDNN test | DNN test | verified loss | rows | bound | BDNN bytes | DNN bytes | seconds | ended as |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *(row(name, runs) for name, runs in found.items()),
    ]
    curves = [line for name, runs in found.items() for line in curve(name, runs)]
    if curves:
        lines += ["", "Test accuracy under random signs of each size:", "", *curves]
    if failed:
        lines += ["", "Left out:", "", *(f"- `{name}`, {why}" for name, why in failed.items())]
    return "\n".join(lines)


def row(name: str, runs: Sequence[Run]) -> str:
    results = [run["result"] for run in runs]
    models = [{one["model"]: one for one in run.get("compare", [])} for run in runs]
    ends = [result["status"] for result in results]
    cells = (
        f"`{name}`",
        str(len(runs)),
        spread([result["test_accuracy"] for result in results], 100, " %"),
        spread([one["mlp"]["test_accuracy"] for one in models if "mlp" in one], 100, " %"),
        spread([result["verified_loss"] for result in results]),
        spread([run["data"]["train"] for run in runs], digits=0),
        spread([result["bound"] for result in results]),
        spread([one["bdnn"]["bytes"] for one in models if "bdnn" in one], digits=0),
        spread([one["mlp"]["bytes"] for one in models if "mlp" in one], digits=0),
        spread([result["seconds"] for result in results], digits=0),
        ", ".join(f"{ends.count(end)} {end}" for end in sorted(set(ends))),
    )
    return f"| {' | '.join(cells)} |"


def spread(values: Iterable[float | None], factor: float = 1, unit: str = "", digits: int = 1) -> str:
    """Mean and, of more than one value, standard deviation."""
    known = [factor * value for value in values if value is not None]
    if not known:
        return "–"
    mean = f"{statistics.mean(known):.{digits}f}"
    return mean + (f" ± {statistics.stdev(known):.{digits}f}" if len(set(known)) > 1 else "") + unit


def curve(name: str, runs: Sequence[Run]) -> list[str]:
    """Accuracy for each size of a `random_sign` attack; nothing where there was none."""
    points: dict[float, list[float]] = {}
    for run in runs:
        for attack in run.get("attacks", []):
            for point in attack.get("sizes", []):
                points.setdefault(point["size"], []).append(point["accuracy"])
    if not points:
        return []
    return [f"- `{name}`: " + ", ".join(f"{size:g}: {spread(points[size], 100, ' %')}" for size in sorted(points))]


def rewrite(readme: Path, content: str) -> None:
    """Replace what stands between the two markers; add them to a file that has none."""
    text = readme.read_text(encoding="utf-8") if readme.exists() else "# Specs\n"
    if BEGIN not in text or END not in text:
        text = f"{text.rstrip()}\n\n{BEGIN}\n{END}\n"
    head, tail = text.split(BEGIN)[0], text.split(END, 1)[1]
    readme.write_text(f"{head}{BEGIN}\n{content}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
