# Two commands do everything on a machine that has Python 3.11 or newer, git and make:
#
#     make demo     one request becomes a change across the services of examples/shop
#     make test     the whole test suite, then the linters
#
# Both first make .venv, the project's own environment, and again only after pyproject.toml has changed.

BIN := .venv/bin
JOBS ?= 2

.PHONY: help demo test lint format bench clean

help:
	@sed -n 's/^#     //p' Makefile
	@echo 'make lint     ruff, mypy and the import layers'
	@echo 'make format   ruff puts the code into shape'
	@echo 'make bench    the benchmarks'
	@echo 'make clean    remove .venv and all caches'

demo: .venv/run-ready
	@$(BIN)/hive demo

# The linters run after red tests too: one round tells all that is wrong.
test: .venv/dev-ready
	@.ci/agents
	@.ci/tools
	@status=0; $(BIN)/pytest -n $(JOBS) --dist worksteal -o faulthandler_timeout=300 || status=1; $(MAKE) --no-print-directory lint || status=1; exit $$status

lint: .venv/dev-ready
	@status=0; for linter in '$(BIN)/ruff check' '$(BIN)/ruff format --check' $(BIN)/mypy '$(BIN)/lint-imports --no-logo --no-cache'; do \
		echo "$$linter"; $$linter || status=1; \
	done; exit $$status

format: .venv/dev-ready
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/dev-ready
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find hive tests examples -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run-ready: pyproject.toml
	@.ci/venv run

.venv/dev-ready: pyproject.toml
	@.ci/venv dev
