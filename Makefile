# Two commands on a fresh machine: `make demo` and `make test`. Both install what they need into .venv first.

PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help

.PHONY: help
help:
	@echo "make demo      the portal with the sample cluster, until Ctrl-C"
	@echo "make test      all tests"
	@echo "make check     lint, format, types, import contract, migrations, deployment settings"
	@echo "make setup     installs everything into .venv"
	@echo "make requirements   compiles the pinned requirements anew"
	@echo "make clean-demo     forgets the demo's data"

.venv/installed: requirements-setup.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 setup"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-setup.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt
	@touch $@

# What pages and mails say in other words or languages than their templates: Django reads the compiled form.
CATALOGUES := $(wildcard words/*/LC_MESSAGES/django.po locale/*/LC_MESSAGES/django.po)

%.mo: %.po .venv/installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

.PHONY: setup
setup: .venv/installed $(CATALOGUES:.po=.mo)

.PHONY: demo
demo: setup
	@exec $(BIN)/python manage.py demo

.PHONY: clean-demo
clean-demo: setup
	@$(BIN)/python -m core.embedded --forget

.PHONY: test
test: setup
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(ARGS)

.PHONY: check
check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.deployment

.PHONY: requirements
requirements: setup
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --generate-hashes --universal --python-version 3.11 pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --generate-hashes --universal --python-version 3.11 --group dev pyproject.toml -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --generate-hashes --universal --python-version 3.11 --group setup -o requirements-setup.txt
