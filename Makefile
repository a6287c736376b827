# Two commands: `make run` and `make test`. Both do all the set-up that is missing.
SHELL := /bin/bash
PYTHON := .venv/bin/python
export UV_PROJECT_ENVIRONMENT := .venv
PORT ?= 8000
MODEL ?=
REPO ?=
ONLY ?=
WHICH ?=
FILE ?=
KEY ?=
WHEEL ?=
IMAGES ?=

.DEFAULT_GOAL := help
.PHONY: help run test check fast inside seen lived slow prove shots bench builtin model setup lock words bundle sbom audited clean

help:  ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run:  ## Start Hearth: make run PORT=8000 MODEL=path.gguf
	@tools/setup run
	@PORT=$(PORT) MODEL=$(MODEL) exec $(PYTHON) manage.py up

test: ## Set up, check and test
	@tools/setup test
	@$(MAKE) --no-print-directory check fast

check: ## Style, types, structure, templates, scripts
	$(PYTHON) -m ruff check --no-cache .
	$(PYTHON) -m ruff format --no-cache --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --check --lint --quiet
	@tools/node --test tests/js/

fast: ## The tests of make test, without set-up and checks
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lived seen # both wait more than they work
	@$(MAKE) --no-print-directory inside

inside: ## Tests within one process
	$(PYTHON) -m pytest $(WHICH) -n 2 --dist loadfile --ignore tests/live --ignore tests/browser

seen: ## Tests in a browser
	$(PYTHON) -m pytest $(WHICH) tests/browser

lived: ## Tests of a whole house
	$(PYTHON) -m pytest $(WHICH) tests/live

slow: ## The tests that make test leaves out: what takes long, in a house, in a browser and within a process
	@tools/setup test
	@$(MAKE) --no-print-directory lived seen inside WHICH='-m "slow and not prove"'

prove: ## Long proofs: faults, soaks, idle sockets
	@tools/setup test
	$(PYTHON) -m pytest -m prove

shots: ## Pictures of every page, in shots/: make shots ONLY=organisation
	@tools/setup test
	@PYTHONPATH=tests $(PYTHON) -m tools.shots --only "$(ONLY)"

bench: ## Speed against peers, as ratios in one run: make bench LLAMA_SERVER=path
	@tools/setup test
	@VIRTUAL_ENV=$(CURDIR)/.venv UV_SYSTEM_CERTS=1 .venv/bin/uv pip install -q --require-hashes -r requirements/bench.txt
	PYTHONPATH=tests $(PYTHON) -m tools.bench

builtin: ## Train the built-in demo model anew: about an hour on 2 cores
	@tools/setup test
	@tools/builtin_model/retrain

model: ## Fetch a small model from a hub, when online: make model REPO=owner/name FILE=name.gguf
	@tools/setup run
	@VIRTUAL_ENV=$(CURDIR)/.venv UV_SYSTEM_CERTS=1 .venv/bin/uv pip install -q --require-hashes -r requirements/fetch.txt
	@$(PYTHON) manage.py fetch_model $(if $(REPO),--repo $(REPO)) $(if $(FILE),--file $(FILE))

setup: ## All set-up without starting anything
	@tools/setup test

lock: ## Resolve the requirement files anew
	.venv/bin/uv pip compile -q pyproject.toml --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements/run.txt
	.venv/bin/uv pip compile -q pyproject.toml --extra dev -c requirements/run.txt --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements/dev.txt
	.venv/bin/uv pip compile -q pyproject.toml --extra fetch -c requirements/dev.txt --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements/fetch.txt
	for set in uv node bench audit; do .venv/bin/uv pip compile -q requirements/$$set.in --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements/$$set.txt; done

words: ## Bring locale/ up to date with what the sources say, and compile it
	$(PYTHON) -m tools.words

bundle: ## All that a machine without a network needs, in dist/: make bundle KEY=release.key WHEEL=llama.whl IMAGES=1
	@tools/setup run
	@$(PYTHON) -m tools.bundle $(if $(KEY),--key $(KEY)) $(if $(WHEEL),--wheel $(WHEEL)) $(if $(IMAGES),--images)

sbom: ## What Hearth is made of, as CycloneDX: dist/hearth-sbom.json
	@$(PYTHON) -m tools.sbom

audited: ## Ask the advisory database about every locked package, when online
	@$(PYTHON) -m venv .setup/audit
	@VIRTUAL_ENV=$(CURDIR)/.setup/audit UV_SYSTEM_CERTS=1 .venv/bin/uv pip install -q --require-hashes -r requirements/audit.txt
	@for set in run fetch dev; do .setup/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/$$set.txt || exit 1; done
	@tools/node npm audit --audit-level=high

clean: ## Remove what set-up and tests made; data in var/ stays
	rm -rf .venv .setup node_modules static/vendor staticfiles .mypy_cache .ruff_cache .hypothesis .import_linter_cache
