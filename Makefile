# `make demo` and `make test` set up what they need in .venv, from nothing but Python 3.11 or newer.
#   make test PYTHON=/path/to/python3.12     with an interpreter of your choice
#   make test TESTS=tests/packaging          a part of the tests

PYTHON ?= python3.11 python3.12 python3.13 python3
VENV ?= .venv
TESTS ?=

BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt
PACKAGE := $(VENV)/.package
DEVELOPMENT := $(VENV)/.development
DECLARED := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test check lint types format environment wheel bars bench probes constraints clean distclean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(PACKAGE) ## decide the example households and say why
	@$(BIN)/minzheng demo

test: check ## everything: lint, format, types, tests, the wheel in empty environments
	@$(BIN)/python -m pytest --numprocesses=auto --dist=loadgroup $(TESTS)

check: lint types ## lint, format and types, without the tests

lint: $(DEVELOPMENT)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(DEVELOPMENT)
	@$(BIN)/mypy

format: $(DEVELOPMENT) ## put the code into the house format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

environment: $(DEVELOPMENT) ## only set up .venv

wheel: $(DEVELOPMENT) ## build the wheel and the source archive into dist/
	@$(BIN)/python -m hatchling build --directory dist

bench: $(DEVELOPMENT) ## measure beside other engines (about 10 minutes; BENCH="--only minzheng" for ours alone)
	@$(INSTALL) --requirement benchmarks/requirements.txt
	@$(BIN)/python benchmarks/bench.py $(BENCH)
	@$(BIN)/python benchmarks/bars.py

bars: $(DEVELOPMENT) ## our own times against the bars set for them
	@$(BIN)/python benchmarks/bars.py

probes: $(DEVELOPMENT) ## what we say to the benchmark's bad input
	@$(INSTALL) --requirement benchmarks/requirements.txt
	@$(BIN)/python benchmarks/bench.py --probes

constraints: ## choose the pinned versions anew, with Python 3.11
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && \
	python3.11 -m venv "$$work/venv" && pip="$$work/venv/bin/python -m pip" && \
	$$pip install -qq hatchling && \
	$$pip install -qq --no-build-isolation --requirement benchmarks/requirements.txt --editable '.[dev]' && \
	$$pip freeze --exclude-editable > "$$work/pins" && \
	{ sed -n '/^#/p' constraints.txt; cat "$$work/pins"; } > "$$work/constraints" && \
	cp "$$work/constraints" constraints.txt && cat constraints.txt

clean: ## remove .venv and what was built
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -not -path './benchmarks/.work/*' -prune -exec rm -rf {} +

distclean: clean ## remove the other engines' environments too
	rm -rf benchmarks/.work

# --- the environment -------------------------------------------------------------------------------------------------

$(BIN)/python:
	@found=; \
	for python in $(PYTHON); do \
	  if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    found="$$python"; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "minzheng_rules needs Python 3.11 or newer with its venv module. Tried: $(PYTHON)." >&2; \
	  echo "  -> Install one (on Debian and Ubuntu: apt install python3-venv), or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$found ..."; \
	"$$found" -m venv --clear $(VENV)

# hatchling goes in first and the package is built with it, so that the pinned version builds too.
$(PACKAGE): $(DECLARED) | $(BIN)/python
	@echo "Installing minzheng_rules ..."
	@$(INSTALL) hatchling
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): $(DECLARED) | $(BIN)/python
	@echo "Installing the pinned tools ..."
	@$(INSTALL) hatchling
	@$(INSTALL) --no-build-isolation --editable '.[dev]'
	@$(INSTALL) 'durable-rules; python_version < "3.13"' 2>/dev/null || \
	echo "Without durable_rules, which needs a C compiler: its tests are skipped, and our own matcher does its work."
	@touch $(PACKAGE) $@
