# setup, demo, test, lint, bench, bench-models, train: nothing more to remember.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test lint bench bench-models train
setup: .venv/.setup

# The command and what it needs to serve; no training library.
.venv/.setup: pyproject.toml requirements/serve.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/serve.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -c "from nlp.analyze import Analyzer; Analyzer.load()"  # derives what serves on these cores
	touch $@

# What tests, lint and training need besides; torch first, so that nothing pulls in another build of it.
.venv/.develop: .venv/.setup requirements/develop.txt
	$(BIN)/pip install --quiet --disable-pip-version-check "$$(grep '^torch==' requirements/develop.txt)"
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/develop.txt
	touch $@

demo: .venv/.setup
	$(BIN)/suhde demo

test: .venv/.develop
	$(BIN)/pytest

lint: .venv/.develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Every measured claim; each prints its table. One alone: .venv/bin/python -m bench.zoning
bench: .venv/.develop
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/bench.txt
	for claim in bench/[a-z]*.py; do $(BIN)/python -m bench.$$(basename $$claim .py) || exit 1; done

# The models alone: every dev set, every figure, intervals, calibration, speed.
bench-models: .venv/.develop
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/bench.txt
	$(BIN)/python -m bench.models
	$(BIN)/python -m bench.calibration models/reliability.png
	$(BIN)/python -m bench.encoder

# Rebuild the weights in models/ from the labelled sets; under two hours on two cores.
train: .venv/.develop
	$(BIN)/python -m models.train
	$(BIN)/python -m models.train.linking
