.PHONY: help install solvers check test slow lint fmt types contracts imports golden fuzz score latest oldest constraints vscode bench bench-writers device mean-field preferences proofs start-up ci clean
PYTHON ?= .venv/bin/python
# What makes the environments; for `constraints` it has to be the oldest Python that pyproject.toml allows.
BASE ?= python3
TEST_FLAGS ?= -n auto
FUZZ_TIME ?= 1800
FUZZ_FLAGS ?= -n auto
BENCH_FLAGS ?= --formulations paper,tight-guide_solver,tight,tight/cpsat --solvers scip --time 30s --limits paper=120s,schedule=60s --schedule
BENCH_SPECS = $(wildcard specs/bench/*.bdnn) $(if $(SHARED_DATA),$(wildcard specs/bench/shared/*.bdnn))
ROBUST_SPECS = $(wildcard specs/bench/robust/*.bdnn) $(if $(SHARED_DATA),$(wildcard specs/bench/shared/robust/*.bdnn))
ROBUST_FLAGS ?= --time 40
SHARED_DATA = $(wildcard ../shared/data/*.csv)
REFERENCE = $(wildcard ../shared/reference/paper_model.py)

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

install:  ## a virtual environment with everything a contributor needs
	python3 -m venv .venv
	$(PYTHON) -m pip install -q -c constraints.txt -e '.[dev]'

solvers:  ## every solver that needs no account, for the conformance tests; CBC and GLPK from Debian need root
	$(if $(shell command -v apt-get),$(if $(filter 0,$(shell id -u)),apt-get install -y coinor-cbc glpk-utils,@echo "apt-get install coinor-cbc glpk-utils: needs root"))
	$(PYTHON) -m pip install -q -c constraints.txt -e '.[highs,cpsat,cbc,gurobi,cplex,copt,xpress]'
	$(PYTHON) -m bdnnlang.cli solvers

check: lint types contracts test  ## all of the following

test:  ## the tests, on all cores
	$(PYTHON) -m pytest -n auto

slow:  ## the tests that are left out of `make test`, and all random examples of the others, on all cores
	$(PYTHON) -m pytest -n auto -m 'slow or hypothesis' --hypothesis-profile=whole

lint:  ## ruff: mistakes and layout; and the layout of our specs
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m bdnnlang.cli fmt --check specs bdnnlang

fmt:  ## code and specs in their canonical layout
	$(PYTHON) -m ruff format .
	$(PYTHON) -m bdnnlang.cli fmt specs bdnnlang

types:  ## mypy --strict
	$(PYTHON) -m mypy

contracts:  ## who may import whom
	$(dir $(PYTHON))lint-imports

imports:  ## which room imports which, into docs/architecture.md
	$(PYTHON) .ci/imports.py docs/architecture.md

golden:  ## write the golden files anew; read the difference before you commit it
	$(PYTHON) -m pytest -q --update-golden

fuzz:  ## property tests with random examples for FUZZ_TIME seconds; failures come with the command that shows them again
	$(PYTHON) tests/fuzz.py $(FUZZ_TIME) $(FUZZ_FLAGS)

score:  ## the scorecard, all of it, into docs/reliability.md: about an hour on an idle machine; the tests try a hundredth
	mkdir -p docs
	PYTHONPATH=tests $(PYTHON) -m score --page docs/reliability.md

latest:  ## the tests on the newest versions of all dependencies
	$(BASE) -m venv --clear build/latest
	build/latest/bin/pip install -q '.[dev]'
	build/latest/bin/pip freeze --exclude bdnnlang
	build/latest/bin/python -m pytest -q $(TEST_FLAGS)

oldest:  ## the tests on the lower bounds of pyproject.toml
	$(BASE) -m venv --clear build/oldest
	$(BASE) .ci/bounds.py > build/oldest/bounds.txt
	build/oldest/bin/pip install -q -c build/oldest/bounds.txt '.[test]'
	build/oldest/bin/pip freeze --exclude bdnnlang
	build/oldest/bin/python -m pytest -q $(TEST_FLAGS)

constraints: latest  ## the versions with which `latest` has passed, into constraints.txt: what README, CI and `install` take
	{ echo "# Tested together; made by \`make constraints\`."; build/latest/bin/pip freeze --exclude bdnnlang; } > constraints.txt

vscode:  ## the extension for VS Code, as grammar/editors/vscode/bdnn.vsix; needs npm
	cd grammar/editors/vscode && npm install --no-audit --no-fund && npx vsce package --allow-missing-repository --out bdnn.vsix

bench:  ## formulations and solvers side by side, into BENCHMARKS.md: up to two hours on an idle machine, goes on where it ended
	mkdir -p runs
	$(if $(SHARED_DATA),mkdir -p specs/bench/shared/data && cp $(SHARED_DATA) specs/bench/shared/data)
	$(if $(SHARED_DATA),mkdir -p specs/bench/shared/robust/data && cp $(SHARED_DATA) specs/bench/shared/robust/data)
	$(PYTHON) -m bdnnlang.cli bench $(BENCH_SPECS) $(BENCH_FLAGS) --cache runs/bench.jsonl --json runs/bench.json --markdown BENCHMARKS.md
	$(if $(REFERENCE),$(PYTHON) specs/bench/reference.py $(REFERENCE) $(BENCH_SPECS) --time 30)
	$(PYTHON) specs/bench/robust.py $(ROBUST_SPECS) $(ROBUST_FLAGS)

bench-writers:  ## writers of model files side by side, into BENCHMARKS.md (pip install -e '.[bench]'): some five minutes on an idle machine
	$(PYTHON) specs/bench/writers/writers.py

device:  ## bytes and cycles on AVR, Cortex-M0 and RV32 beside other packages, into BENCHMARKS.md (pip install -e '.[device]'; as root it gets the compilers from Debian)
	$(PYTHON) specs/bench/device/device.py $(if $(shell command -v apt-get),$(if $(filter 0,$(shell id -u)),--install))

proofs:  ## `tight` beside the schedules of the suite, into BENCHMARKS.md: up to an hour on an idle machine
	mkdir -p runs
	$(if $(SHARED_DATA),mkdir -p specs/bench/shared/data && cp $(SHARED_DATA) specs/bench/shared/data)
	$(PYTHON) -m bdnnlang.cli bench $(BENCH_SPECS) --formulations tight --time 60s --limits schedule=60s --schedule --cache runs/proofs.jsonl --json runs/proofs.json
	$(PYTHON) specs/bench/proofs.py runs/proofs.json

preferences:  ## what `prefer` does to margins and test accuracy over twenty splits, into BENCHMARKS.md: half an hour on an idle machine
	$(PYTHON) specs/bench/preferences.py

mean-field:  ## wide networks by local search over ten splits, into BENCHMARKS.md: about twenty minutes on an idle machine
	$(PYTHON) specs/bench/mean_field.py

start-up:  ## CPU and wall-clock seconds of commands, into BENCHMARKS.md; BEFORE=another/checkout to compare with
	$(PYTHON) specs/bench/start_up.py $(if $(BEFORE),--before $(BEFORE))

ci:  ## what CI runs: a fresh copy, a fresh environment, everything
	.ci/run

clean:  ## remove what the above made
	rm -rf build dist .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis runs
