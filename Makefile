# Everything is made in .venv, by `make setup`. Nothing else of this machine is used but Python 3.11+ and make.

PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PROJECTS := pyproject.toml service/pyproject.toml client/pyproject.toml
PLUGINS := $(patsubst plugins/%/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
# uv and node find their own way only when the environment's tools come first
WITH_BIN := PATH="$(CURDIR)/$(BIN):$$PATH"

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/$(VENV)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 18

# ---- the environment

.PHONY: setup
setup: $(VENV)/.synced ## the environment in .venv, brought up to date

$(VENV)/.synced: uv.lock $(PROJECTS) | $(BIN)/uv
	$(BIN)/uv sync --frozen --all-packages --all-groups --all-extras
	@touch $@

# the version of uv is pinned once, in pyproject.toml
$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "trivet needs Python 3.11 or newer, and '$(PYTHON)' is not: name one with make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet "$$(sed -n 's/.*"\(uv==[^"]*\)".*/\1/p' pyproject.toml)"

# A plugin lives in the environment of its host, with a lock of its own. It and the client are installed there from their
# wheels, as its users install them: anew each time, which is quick, for the host stays where it is.
.PHONY: $(PLUGINS:%=setup-%)
$(PLUGINS:%=setup-%): setup-%: setup
	UV_PROJECT_ENVIRONMENT=$(CURDIR)/plugins/$*/.venv $(BIN)/uv sync --quiet --frozen --no-editable --project plugins/$* \
		--reinstall-package trivet-client --reinstall-package trivet-$*

# what the OpenAPI linter is made of; nothing of it is shipped
openapi/node_modules/.installed: openapi/package.json openapi/package-lock.json | setup
	cd openapi && $(WITH_BIN) npm ci
	@touch $@

# ---- running it

.PHONY: run
run: setup ## the service on 127.0.0.1:PORT (8000) with the fictional sample register
	$(BIN)/python -m trivet.demo --port $(PORT)

# ---- tests

# what is the same there: it is refused before a database is asked, or asks about what is told and not how it is kept
ALIKE_ON_POSTGRESQL := $(addprefix tests/,\
	http/test_bad_bodies.py http/test_bad_queries.py http/test_bad_questions.py http/test_documentation.py \
	register/test_site_outcomes.py verification/test_claims_api.py verification/test_trainers_look_alike_over_http.py)

.PHONY: test
test: setup test-postgresql test-plugins ## every test (PYTEST_ARGS="-k word" for some)
	$(BIN)/pytest -n auto $(PYTEST_ARGS)

.PHONY: test-postgresql
test-postgresql: setup ## what keeps anything, on a real PostgreSQL with two processes that answer
	$(BIN)/pytest -n auto --postgresql $(ALIKE_ON_POSTGRESQL:%=--ignore=%) $(PYTEST_ARGS)

.PHONY: test-plugins
test-plugins: $(PLUGINS:%=test-%) ## the plugins, each in its host (test-tryton, test-lti, test-openedx for one)

.PHONY: $(PLUGINS:%=test-%)
$(PLUGINS:%=test-%): test-%: setup-%
	cd plugins/$* && .venv/bin/pytest -n auto $(PYTEST_ARGS)

# pytest exits with 5 when it found nothing to run
.PHONY: soak
soak: setup ## the long counts that `make test` runs small
	$(BIN)/pytest -n auto --postgresql $(ALIKE_ON_POSTGRESQL) $(PYTEST_ARGS)
	@$(BIN)/pytest -m soak --timeout=0 $(PYTEST_ARGS) || { status=$$?; \
		[ $$status -ne 5 ] || { echo "There are no long counts yet."; exit 0; }; exit $$status; }

# ---- documentation

.PHONY: docs
docs: setup ## the documentation in build/docs; a link that leads nowhere fails
	$(BIN)/mkdocs build --quiet --strict --clean --config-file service/mkdocs.yml

# ---- checks

.PHONY: check
check: check-lock check-style check-types check-plugins check-imports check-openapi check-client docs ## all that can be said without running a test

.PHONY: check-lock
check-lock: setup # uv.lock says what the pyproject files ask for
	$(BIN)/uv lock --check

.PHONY: check-style
check-style: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: check-types
check-types: setup
	$(BIN)/mypy

.PHONY: check-plugins
check-plugins: $(PLUGINS:%=check-%) # each by its host's own types

.PHONY: $(PLUGINS:%=check-%)
$(PLUGINS:%=check-%): check-%: setup-%
	$(BIN)/uv lock --quiet --check --project plugins/$*
	cd plugins/$* && .venv/bin/mypy

.PHONY: check-imports
check-imports: setup # no room knows what it should not
	$(BIN)/lint-imports

.PHONY: check-openapi
check-openapi: build/openapi.json openapi/node_modules/.installed # the document is what the code says, and well made
	@diff -u openapi/openapi.json build/openapi.json && \
		diff -u openapi/register.schema.json build/register.schema.json || \
		{ echo "openapi/ is not what the code says: run 'make openapi'" >&2; exit 1; }
	cd openapi && $(WITH_BIN) npm run --silent lint

.PHONY: check-client
check-client: build/trivet_api # the generated client is what the document says
	@diff -ru --exclude=__pycache__ client/trivet_api build/trivet_api || \
		{ echo "client/trivet_api is not what openapi/openapi.json says: run 'make client'" >&2; exit 1; }

# ---- what is written by machines: always made anew, beside what is kept

.PHONY: build/openapi.json
build/openapi.json: setup
	@mkdir -p build
	$(BIN)/trivet openapi > $@
	$(BIN)/trivet sources schema > build/register.schema.json

.PHONY: build/trivet_api
build/trivet_api: setup
	@mkdir -p build && rm -rf $@
	$(WITH_BIN) openapi-python-client generate --path openapi/openapi.json --output-path $@ \
		--config openapi/client-config.yaml --meta none --fail-on-warning

.PHONY: openapi
openapi: build/openapi.json ## openapi/openapi.json and the register's schema, from the code
	cp $< build/register.schema.json openapi/

.PHONY: client
client: build/trivet_api ## client/trivet_api, from openapi/openapi.json
	rm -rf client/trivet_api
	cp -R $< client/trivet_api

.PHONY: fmt
fmt: setup ## the code laid out, and what can be mended by itself mended
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

.PHONY: clean
clean: ## away with everything that was made here, the environment too
	rm -rf $(VENV) build dist openapi/node_modules .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
