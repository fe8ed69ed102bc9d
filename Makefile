# setup | demo | test | check | fmt | journeys | drills | bench | shots: nothing else to learn.
# Needs python3 (3.11 or later), make and git; everything else is fetched by its hash from the lock files.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
PYTEST := .venv/bin/python -m pytest
CODE := src tests bench
# The demo and the tests start many processes; what one of them has compiled the others need not.
unexport PYTHONDONTWRITEBYTECODE

# Two at a time, because two cores is what everybody has; each has a database (and a browser) of its own.
TWO := -n 2 --dist loadfile --no-loadscope-reorder
# Tests that need neither a browser nor patience; the journeys' modules load a browser's library.
QUICK := $(TWO) -m "not journey and not drill" --ignore=tests/journeys

.PHONY: help setup demo test check fmt journeys drills bench shots

help:
	@echo "make demo      the example organisation in your browser (PORT=8000)"
	@echo "make setup     .venv with everything a developer needs, and .venv/bin/groundswell"
	@echo "make test      every test but the long ones; the journeys in a real browser among them"
	@echo "make check     format, types, imports between rooms, templates, security"
	@echo "make fmt       put the format right"
	@echo "make journeys  the walks through the pages alone"
	@echo "make drills    faults and load at length, into bench/RESULTS.md; the suite on an installed PostgreSQL 15"
	@echo "make bench     the figures, into bench/RESULTS.md"
	@echo "make shots     pictures of the pages, into shots/"

setup: .venv/dev.stamp

demo: .venv/run.stamp
	@exec .venv/bin/groundswell demo

test: .venv/dev.stamp
	$(PYTEST) $(QUICK)
	$(MAKE) --no-print-directory journeys

journeys: .venv/dev.stamp .venv/browser.stamp
	$(PYTEST) $(TWO) -m "journey and not drill"

check: .venv/dev.stamp
	.venv/bin/ruff check $(CODE)
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/mypy src
	.venv/bin/lint-imports
	git ls-files 'src/*.html' | xargs -r .venv/bin/djade --target-version 5.2 --check
	.venv/bin/bandit -q -r src -ll
	.venv/bin/python .ci/audit.py
	.venv/bin/python .ci/unmade_migrations.py

fmt: .venv/dev.stamp
	.venv/bin/ruff check --fix $(CODE) || true
	.venv/bin/ruff format $(CODE)
	git ls-files 'src/*.html' | xargs -r .venv/bin/djade --target-version 5.2 || true

# In parts of at most a quarter of an hour: `make drills DRILL=tests/reports` (any path of pytest), and
# `make drills DRILL=installed` for the suite on PostgreSQL 15.
drills: .venv/dev.stamp
ifneq ($(DRILL),installed)
	$(PYTEST) -m drill --figures $(DRILL)
endif
ifeq ($(filter-out installed,$(DRILL)),)
	.venv/bin/python .ci/installed_postgres.py $(PYTEST) $(QUICK)
endif

bench: .venv-bench/stamp
	nice .venv-bench/bin/python bench/run.py $(BENCH)

shots: .venv/dev.stamp .venv/browser.stamp
	.venv/bin/python tests/journeys/shots.py

# What a visitor needs, and what a developer needs besides: each once per state of its lock.
.venv/run.stamp: requirements.lock pyproject.toml .ci/setup
	@PYTHON=$(PYTHON) .ci/setup requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock pyproject.toml .ci/setup
	@PYTHON=$(PYTHON) .ci/setup requirements-dev.lock
	@touch $@ .venv/run.stamp

# What the figures are measured beside: other libraries, numpy, DuckDB; never needed to run or test.
.venv-bench/stamp: requirements-bench.lock pyproject.toml .ci/setup
	@PYTHON=$(PYTHON) VENV=.venv-bench .ci/setup requirements-bench.lock
	@touch $@

.venv/browser.stamp: .venv/dev.stamp
	@.venv/bin/python tests/chromium.py
	@touch $@
