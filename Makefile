# What can be done with a fresh copy of Commonweal? Two commands matter: `make run` and `make test`.
#
# All they need is Python 3.11 or later with its venv module, and a pip that reaches packages as this machine has it
# set up. Everything is installed into .venv; the releases are pinned in requirements/constraints.txt.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
# What another project left in the environment must not reach into this one.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV

SERVE ?= 1
PYTEST ?=
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$python; break; fi; done)
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check -c requirements/constraints.txt

.PHONY: help run test lint bench docs clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.for-running  ## make the demonstration place, build it, print the headlines, report, serve (SERVE=0: don't serve)
	@if [ -e demo ] && [ ! -e demo/.made-by-make-run ]; then \
		echo "demo/ is here and 'make run' did not make it. Move it away first." >&2; exit 1; fi
	@rm -rf demo
	@trap 'if [ -e demo ]; then touch demo/.made-by-make-run; fi' EXIT; $(BIN)/commonweal demo demo --build
	@if [ "$(SERVE)" != 0 ]; then exec $(BIN)/commonweal serve demo; fi

test: $(VENV)/.for-testing  ## the tests, slow ones left out (PYTEST='-k words' picks some)
	@$(BIN)/python -m pytest -m "not slow" -n auto --dist loadfile $(PYTEST)

lint: $(VENV)/.for-testing  ## style, types and the import ladder
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.for-benchmarks  ## the benchmarks, each printing its ratio
	@for bench in bench/*.py; do echo "== $$bench"; $(BIN)/python "$$bench"; done

docs: $(VENV)/.for-testing  ## docs/reference, written again from the code
	@$(BIN)/python docs/generate_reference.py

clean:  ## remove what make made here
	@rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@if [ -e demo/.made-by-make-run ]; then rm -rf demo; fi
	@find src tests docs bench -name __pycache__ -type d -prune -exec rm -rf {} +

# A folder that was copied or moved, or a Python that has gone, leaves an environment that no longer works.
STANDS := $(shell $(BIN)/python -m pip --version >/dev/null 2>&1 \
	&& [ "$$(cat $(VENV)/.made 2>/dev/null || pwd -P)" = "$$(pwd -P)" ] && echo yes)
ifneq ($(STANDS),yes)
.PHONY: $(VENV)/.made
FROM_SCRATCH := --clear
endif

$(VENV)/.made:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Python 3.11 or later with its venv module is needed (on Debian: python3-venv)." >&2; exit 1; fi
	@$(PYTHON) -m venv $(FROM_SCRATCH) $(VENV)
	@pwd -P > $@

$(VENV)/.for-running: $(VENV)/.made pyproject.toml requirements/constraints.txt
	@echo "Installing Commonweal into $(VENV)"
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.for-testing: $(VENV)/.made pyproject.toml requirements/constraints.txt
	@echo "Installing Commonweal and what its tests need into $(VENV)"
	@$(INSTALL) -e '.[test,spark]'
	@touch $@

$(VENV)/.for-benchmarks: $(VENV)/.made pyproject.toml requirements/constraints.txt
	@echo "Installing Commonweal and what its benchmarks need into $(VENV)"
	@$(INSTALL) -e '.[bench]'
	@touch $@
