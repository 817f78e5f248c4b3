.PHONY: help install check test lint types contracts golden ci clean
PYTHON ?= .venv/bin/python

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

install:  ## a virtual environment with everything a contributor needs
	python3 -m venv .venv
	$(PYTHON) -m pip install -q -e '.[dev]'

check: lint types contracts test  ## all of the following

test:  ## the tests, on all cores
	$(PYTHON) -m pytest -n auto

lint:  ## ruff: mistakes and layout
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types:  ## mypy --strict
	$(PYTHON) -m mypy

contracts:  ## who may import whom
	$(dir $(PYTHON))lint-imports

golden:  ## write the golden files anew; read the difference before you commit it
	$(PYTHON) -m pytest -q --update-golden

ci:  ## what CI runs: a fresh copy, a fresh environment, everything
	.ci/run

clean:  ## remove what the above made
	rm -rf build dist .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis runs
