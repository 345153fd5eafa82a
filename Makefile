# Everything that is done with the checkout. `make run` and `make test` prepare the machine themselves.
SHELL  := /bin/sh
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
# A lock without addresses: each machine brings its own index.
LOCK   := $(CURDIR)/$(VENV)/bin/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host \
          --no-emit-find-links --no-header --allow-unsafe --strip-extras

.PHONY: help setup run demo tour test test-slow check bench bench-full lock strings
.DEFAULT_GOAL := help

# what each target does
help:
	@awk '/^# /{text=substr($$0,3)} /^[a-z][a-z-]*:/{if(text){sub(/:.*/,"");printf "make %-11s%s\n",$$0,text}} !/^# /{text=""}' Makefile

# prepare the machine for work on the program
setup:
	@tools/system.sh run test
	@$(MAKE) --no-print-directory $(VENV)/dev.stamp

# the desktop program
run:
	@tools/system.sh display run
	@$(MAKE) --no-print-directory $(VENV)/run.stamp
	$(PY) -m app run

# a sample register of real public records in build/demo
demo: $(VENV)/run.stamp
	$(PY) -m app demo build/demo

# one whole life without a window: every form as PDF in build/tour
tour: $(VENV)/run.stamp
	rm -rf build/tour
	$(PY) -m app tour build/tour

# the tests, in random order on two processes
test: setup
	$(PY) -m pytest -n 2 -m "not slow"

# the tests that take minutes
test-slow: setup
	$(PY) -m pytest -n 2 -m slow -o timeout=1800 -o session_timeout=

# form, lint, types and tests
check: setup
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m pytest -n 2 -m "not slow"

# speed, up to 100,000 carriers
bench: $(VENV)/dev.stamp
	$(PY) -m benchmarks

# speed, up to a million carriers with ten entries each
bench-full: $(VENV)/dev.stamp
	$(PY) -m benchmarks --full

# write the hashed locks anew from requirements/*.in
lock: $(VENV)/dev.stamp
	cd requirements && $(LOCK) --output-file run.txt run.in && $(LOCK) --output-file dev.txt dev.in

# bring the catalogue up to date with the texts in the source, and compile it
strings: $(VENV)/dev.stamp
	$(PY) tools/catalogue.py

$(PY):
	@tools/system.sh python
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt | $(PY)
	@echo "Installing what requirements/run.txt names…"
	@$(PIP) -r requirements/run.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(PY)
	@echo "Installing what requirements/dev.txt names…"
	@$(PIP) -r requirements/dev.txt
	@touch $@ $(VENV)/run.stamp
