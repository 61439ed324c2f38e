# Every target installs what it needs on its first call and is quick afterwards. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The machine's own certificates, as pip does: an office network may have its own authority.
UV := $(BIN)/uv --system-certs
PIP_QUIET := PIP_DISABLE_PIP_VERSION_CHECK=1
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev
P ?= kills
POSTGRES_15 ?= /usr/lib/postgresql/15/bin
# Not tried twice unless asked (make test ALL=1): pages and whole processes over statements that others try on 15.
SLOW_ON_15 := tests/console tests/campaigns tests/relay tests/gateway/test_inside.py tests/gateway/test_gateway.py \
  tests/gateway/test_messages.py tests/outbox/test_killed_sender.py tests/jobs/test_killed_evening.py tests/jobs/test_pictures.py

.PHONY: help install run test check bench prove screenshots lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.made: requirements/uv.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is missing: install python3 (Debian: apt install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This Python is too old: Daxiang needs 3.11 or newer (make PYTHON=python3.12 …)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing: install it (Debian: apt install python3-venv)."; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP_QUIET) $(BIN)/pip install --quiet --require-hashes --requirement requirements/uv.txt
	@touch $@

# The packages of the present stamp are already there: `uv` compares and installs only what changed.
$(RUN_STAMP): $(VENV)/.made requirements/run.txt pyproject.toml
	@echo "Installing what Daxiang needs to run …"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements/run.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements/dev.txt requirements/wechatpy-pre.txt
	@echo "Installing what the checks and tests need …"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --target $(VENV)/wechatpy-pre --require-hashes --requirement requirements/wechatpy-pre.txt
	@touch $@

install: $(RUN_STAMP) ## install what Daxiang needs to run

run: $(RUN_STAMP) ## start everything, with Wuhan and a phone in the browser; Ctrl-C stops it
	@exec $(BIN)/daxiang up

check: $(DEV_STAMP) ## lint, types, imports, pinned requirements
	@echo "Lint …" && $(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@echo "Types …" && $(BIN)/mypy
	@echo "Imports …" && $(BIN)/lint-imports --no-cache
	@echo "Pins …" && $(BIN)/python tests/pins.py

test: check ## all checks and tests; what CI runs
	@$(BIN)/python -m tests.halves
	@if [ -x $(POSTGRES_15)/postgres ]; then \
	  echo "Once more on PostgreSQL 15, what touches the database …"; \
	  DAXIANG_POSTGRES_BIN=$(POSTGRES_15) $(BIN)/python -m pytest -m postgres $(if $(ALL),,$(addprefix --ignore=,$(SLOW_ON_15))); \
	else echo "Skipped: PostgreSQL 15 is not at $(POSTGRES_15) (Debian: apt install postgresql-15)."; fi

bench: $(DEV_STAMP) ## figures side by side with peers: make bench [QUICK=1]
	@$(BIN)/python -W ignore -m bench $(if $(QUICK),--quick)

prove: $(DEV_STAMP) ## a long campaign: make prove P=kills [SEED=1]
	@$(BIN)/python -m prove $(P) $(if $(SEED),--seed $(SEED))

screenshots: $(DEV_STAMP) ## every page and phone screen into build/screenshots/ [ONLY=chat]
	@$(BIN)/python -m tests.journeys.screenshots build/screenshots $(ONLY)

lock: $(DEV_STAMP) ## renew requirements/*.txt from pyproject.toml
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o requirements/run.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --group dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:bench -c requirements/run.txt -c requirements/dev.txt -o requirements/bench.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --prerelease if-necessary-or-explicit --group pyproject.toml:wechatpy-pre -c requirements/run.txt -o requirements/wechatpy-pre.txt
	@awk '/^uv==/{p=1} p{print} p&&!/\\$$/{exit}' requirements/dev.txt > requirements/uv.txt

clean: ## remove what was built and installed (not the data in .daxiang)
	@rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
