# Two commands: `make run` starts everything, `make test` checks every change (`make long` what takes long). Neither needs anything installed beyond Python 3.11.
SHELL := /bin/bash
PYTHON ?= python3
V := .venv
export UV_PYTHON_DOWNLOADS := never
# uv when it can be had, plain pip otherwise: the locks hold hashes, so both install the same bytes.
INSTALL = if [ -x $(V)/bin/uv ]; then $(V)/bin/uv pip install -q --compile-bytecode -p $(V) --require-hashes -r $(1); else $(V)/bin/python -m pip install -q --require-hashes -r $(1); fi

.PHONY: run test long coverage check bench soak lock translations docs clean

$(V)/bin/python:
	@echo "Making $(V) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(V)
	-@$(V)/bin/python -m pip install -q --disable-pip-version-check "uv>=0.9,<0.14" 2>/dev/null

$(V)/.run: requirements.lock pyproject.toml | $(V)/bin/python
	@echo "Installing requirements.lock"
	@$(call INSTALL,requirements.lock)
	@$(V)/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >$(V)/install.log 2>&1 || { cat $(V)/install.log; exit 1; }
	@touch $@

$(V)/.test: $(V)/.run requirements-dev.lock
	@echo "Installing requirements-dev.lock"
	@$(call INSTALL,requirements-dev.lock)
	@touch $@

$(V)/.bench: $(V)/.test requirements-bench.lock
	@echo "Installing requirements-bench.lock"
	@$(call INSTALL,requirements-bench.lock)
	@touch $@

run: $(V)/.run
	@$(V)/bin/zhubao run $(if $(PORT),--port $(PORT))

test: check
	@bash tests/browser_setup.sh
	$(V)/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

long: $(V)/.test
	$(V)/bin/python -m pytest -q -m long

check: $(V)/.test
	$(V)/bin/ruff check .
	$(V)/bin/ruff format --check .
	$(V)/bin/mypy
	$(V)/bin/lint-imports

bench: $(V)/.bench
	$(V)/bin/python -m benchmarks

soak: $(V)/.test
	$(V)/bin/python -m tests.soak

lock: | $(V)/bin/python
	$(V)/bin/uv pip compile pyproject.toml --universal --generate-hashes -q -o requirements.lock --custom-compile-command "make lock"
	$(V)/bin/uv pip compile pyproject.toml --group dev --extra spark --universal --generate-hashes -q -o requirements-dev.lock --custom-compile-command "make lock"
	$(V)/bin/uv pip compile pyproject.toml --group dev --extra spark --extra bench --universal --generate-hashes -q -o requirements-bench.lock --custom-compile-command "make lock"

coverage: $(V)/.test
	$(V)/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --write-coverage

docs: $(V)/.test
	$(V)/bin/python -m zhubao.cli.main policies document --out docs/policies
	$(V)/bin/python -m zhubao.procedures.process_page > docs/reference/processes.md
	$(V)/bin/python -m zhubao.exchange.files.page > docs/reference/exchange-files.md

translations: $(V)/.test
	$(V)/bin/python -m zhubao.config.translations

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache
