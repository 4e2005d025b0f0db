# `make demo` and `make test` do all their set-up: a virtual environment in .venv, with pinned packages.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test explore coverage lint types layers bench format clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: $(READY)  ## Check, test and run the demonstration that ships, and explain some of its decisions.
	$(BIN)/revlex check examples/demo
	$(BIN)/revlex test examples/demo
	$(BIN)/revlex run examples/demo --events examples/demo/events.jsonl --out out/demo
	@$(BIN)/python examples/show.py out/demo
	rm -rf out/demo.db out/demo.db-*
	$(BIN)/revlex run examples/demo --events examples/demo/events.jsonl --ledger out/demo.db
	$(BIN)/revlex verify out/demo.db
	$(BIN)/revlex history out/demo.db turbo-gadgets --html out/turbo-gadgets.html

test: $(READY) lint types layers  ## Everything that CI asks for.
	$(BIN)/python -m pytest -n auto --dist worksteal -q
	$(BIN)/revlex check rules --strict
	$(BIN)/revlex test rules

explore: $(READY)  ## The property tests on examples that nobody has tried yet.
	$(BIN)/python -m pytest -n auto --dist worksteal -q --hypothesis-profile explore

coverage: $(READY)  ## The tests again, measuring which lines and branches they reach (slower).
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered -q

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## Ratios against baselines, all measured in this run.
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) build dist out *.egg-info
