"""A program that uses every public name; `mypy --strict` has nothing to say about it. Its argument is the folder of a run."""

import sys
from pathlib import Path

import bdnnlang as bd

SPEC = """
bdnn 1
param width = 2 in int[1, 4]
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden width }
train { local_search 1s { restarts = 0 } }
"""


def spec_of(text: str | Path) -> bd.Spec:
    return bd.load_spec(text, define={"width": 1})


def wrong(text: str) -> str:
    try:
        return str(spec_of(text).network)
    except bd.SpecError as error:
        return f"{error.diagnostics[0].code}: {error.diagnostics[0].hint}"
    except bd.CannotRead as error:
        return str(error)


def size(model: bd.CompiledModel) -> int:
    model.write("x.mps")
    return model.columns + model.rows + model.binaries + model.nonzeros


def widths(network: bd.Network | None) -> tuple[int, ...]:
    if network is None:
        raise bd.NoNetwork("no network")
    return network.widths


def sweep(file: str, folder: str) -> bd.SweepResult:
    done = bd.run_sweep(file, folder, {"width": [1, 2]}, workers=2)
    print(done.rows[0]["loss"], [result.status for result in done.results()])
    return done


def train(spec: bd.Spec, samples: bd.Dataset | None) -> bd.Result:
    seen: list[bd.Fact] = []
    result = bd.train(spec, samples, time=1, on_fact=seen.append)
    assert result.facts == tuple(seen)
    return result


def estimated(model: bd.BDNNClassifier) -> list[int]:
    fitted = model.fit([[0, 1], [1, 0], [1, 1], [0, 0]], [0, 1, 1, 0])
    print(fitted.loss_, fitted.bound_, fitted.gap_, fitted.status_, fitted.network_.widths)
    classes: list[int] = fitted.predict([[0, 1], [1, 0]]).tolist()
    return classes


def is_as_good(network: bd.Network | None, problem: bd.TrainingProblem) -> bool:
    return network is not None and problem.evaluate(network).loss == problem.irreducible


spec = spec_of(SPEC)
print(size(bd.compile_model(spec)), wrong("no such file"), wrong(SPEC + "dta iris\n"), issubclass(bd.SpecWarning, UserWarning))
result = train(spec, None)
print(widths(result.network), result.status, result.loss, result.bound, result.gap, result.margin, bool(result.facts))
print(result.summary())
print(result.predict([[5.0, 2.0, 3.5, 1.0]]).tolist(), result.rules())


def checked(folder: Path) -> bd.Verification:
    earlier = bd.read_run(folder)
    print(earlier.status, earlier.loss, earlier.file == result.file)
    return bd.verify(folder)


def brought(file: Path) -> bool:
    return bd.import_solution(spec, file, bound=0, by="somebody").loss == result.loss


print(bool(checked(Path(sys.argv[1]))), brought(Path(sys.argv[1]) / "network.json"))
samples = bd.Dataset.from_arrays([[0, 1], [1, 0], [1, 1], [0, 0]], [0, 1, 1, 0], ["a", "b"], class_names=["no", "yes"])
given = train(spec, samples)
print(is_as_good(given.network, bd.TrainingProblem(spec, samples)), given.save("given"))
print(estimated(bd.BDNNClassifier(hidden=(1,), solver=None, time_limit=5)), bd.format_spec("network{hidden 1}").split())
