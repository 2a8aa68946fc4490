# Everything works on a fresh machine with Python 3.11 or newer and make: each target makes its own virtual environment.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
EXCLUDE_NEWER ?= $(shell date -u -d '7 days ago' +%F 2>/dev/null || date -u -v-7d +%F)

# Enough settings for tools that load Django and talk to nobody.
CHECKING := DJANGO_SETTINGS_MODULE=api.settings HMRC_ENVIRONMENT=local SECRET_KEY=only-for-checks \
	HMRC_CLIENT_ID=check HMRC_CLIENT_SECRETS=check HMRC_REDIRECT_URI=http://localhost:8000/hmrc/callback

.DEFAULT_GOAL := help
.PHONY: help run test walk manage check schema clients console changelog blueprint bench soak mutants contract fuzz lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

# The leash ends the run, in good order, should make itself be killed.
run: $(VENV)/sandbox.installed ## Run it all in the foreground: servers, API, workers, HMRC stand-in (PORT=, SANDBOX_PORT=)
	@exec $(PY) -m sandbox.leash -- $(PY) -m sandbox.run

test: $(VENV)/dev.installed ## Run the whole test suite in three processes, or in one what ARGS= tells pytest
	$(PY) -m pytest $(or $(ARGS),-n 3)

walk: $(VENV)/sandbox.installed ## Run the README's walk against a running `make run`
	$(PY) -m sandbox.walk

manage: $(VENV)/sandbox.installed ## Run a command of manage.py in a running `make run` (ARGS="hmrc_doctor --json")
	@$(PY) -m sandbox.manage $(ARGS)

check: $(VENV)/dev.installed ## Lint, types, import rules, migrations, schema drift
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(CHECKING) $(PY) -m sandbox.with_servers -- $(MAKE) --no-print-directory check-with-servers

.PHONY: check-with-servers
check-with-servers:
	$(VENV)/bin/mypy --explicit-package-bases .
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py draw_blueprint --check
	$(PY) manage.py spectacular --validate --fail-on-warn --format openapi-json --file $(VENV)/openapi.json
	@cmp $(VENV)/openapi.json schema/openapi.json || { echo 'schema/openapi.json differs from the code: make schema'; exit 1; }
	$(PY) -m schema.gate check

schema: $(VENV)/dev.installed ## Write the OpenAPI document (schema/openapi.json) from the code, after any change of the API
	$(CHECKING) $(PY) -m sandbox.with_servers -- $(PY) manage.py spectacular --format openapi-json --file schema/openapi.json

# npm and node come with a wheel.
clients: $(VENV)/dev.installed ## Generate the TypeScript and Python clients from schema/openapi.json, and pack both into .local/clients
	$(PY) schema/clients/python/generate.py
	cd schema/clients/typescript && PATH="$(abspath $(VENV))/bin:$$PATH" && npm ci --no-audit --no-fund --silent && npm run --silent generate && npm run --silent build
	mkdir -p .local/clients && cd schema/clients/typescript && PATH="$(abspath $(VENV))/bin:$$PATH" npm pack --silent --pack-destination $(abspath .local/clients)
	$(VENV)/bin/uv build --quiet --wheel --out-dir .local/clients schema/clients/python

console: $(VENV)/dev.installed ## Check and build the reference console (console/site/built), after any change of it or of the client
	cd schema/clients/typescript && PATH="$(abspath $(VENV))/bin:$$PATH" npm ci --no-audit --no-fund --silent
	cd console && PATH="$(abspath $(VENV))/bin:$$PATH" && npm ci --no-audit --no-fund --silent && npm run --silent check && npm run --silent test && npm run --silent build

changelog: $(VENV)/dev.installed ## Write today's entry of docs/api-changelog.md from what differs from the last release (schema/releases)
	$(PY) -m schema.gate entry $(shell date -u +%F)

blueprint: $(VENV)/sandbox.installed ## Draw the schema of a new agency (tenants/agency.sql), after any change of migrations
	$(CHECKING) $(PY) -m sandbox.with_servers -- $(PY) manage.py draw_blueprint

bench: $(VENV)/dev.installed ## Measure (ONLY=pace,refresh), one JSON object a line
	@$(PY) -m tests.bench $(ONLY)

soak: $(VENV)/dev.installed ## Inject faults for a long time (ROUNDS=), one JSON object a line
	@$(PY) -m tests.soak $(ROUNDS)

mutants: $(VENV)/mutants.installed ## Change the heart's code in small ways and see that tests notice (ONLY=refresh); goes on where it was broken off
	@$(PY) -m tests.mutants $(ONLY)

contract: $(VENV)/contract.installed ## Generate clients of other languages from the 3.0 document, and compile Java's (needs a JDK)
	@$(PY) -m tests.generators

fuzz: $(VENV)/dev.installed ## Send requests made from the OpenAPI document to a world of its own (CASES=50000 SEED=)
	@$(PY) -m tests.fuzz $(CASES) $(SEED)

lock: $(VENV)/uv.installed ## Compile the locked requirements anew, nothing younger than a week
	for name in uv base sandbox dev mutants contract; do \
	  $(VENV)/bin/uv pip compile --upgrade --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header \
	    --exclude-newer $(EXCLUDE_NEWER) requirements/$$name.in -o requirements/$$name.txt --quiet || exit 1; \
	done

clean: ## Remove the virtual environment and caches, and keep .local with its data
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache htmlcov .coverage
	find . -name __pycache__ -type d -not -path './.local/*' -prune -exec rm -rf {} +

# uv is only for speed: where it has no wheel, pip installs the same locked files.
$(VENV)/uv.installed: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Quarterday needs Python 3.11 or newer; name one: make PYTHON=python3.12 …' >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --require-hashes -r $< || echo 'No uv here: pip will do it, more slowly.'
	@touch $@

$(VENV)/%.installed: requirements/%.txt $(VENV)/uv.installed
	$(VENV)/bin/uv pip install --quiet --compile-bytecode --python $(PY) --require-hashes -r $< || $(PY) -m pip install --quiet --require-hashes -r $<
	@touch $@
