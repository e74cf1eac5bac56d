# What one does with this checkout. Every target first prepares .venv from requirements/dev.txt, if that is needed.

PYTHON ?= python3
RUN := .venv/bin/python -m
COMPILE := $(RUN) uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --custom-compile-command "make lock"
# The program itself: the package's command around it answers 0 whatever the program said.
COMPOSE := .venv/lib/python3*/site-packages/compose/docker-compose

.DEFAULT_GOAL := help
.PHONY: help run web page-types demo test fuzz bench-library bench-page screenshots check format docs lock migrate doctor compose-check hooks clean

help: ## Show this list
	@awk -F ' ?:.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.ready ## Start both services; the page is at http://localhost:8000/
	@$(RUN) scripts.build_page || true
	@$(RUN) scripts.run

web: .venv/.ready ## Build the page into web/build, with the machine's Node.js or else with one from PyPI
	@$(RUN) scripts.build_page

page-types: .venv/.ready ## Write the page's types of both APIs from their OpenAPI documents
	@$(RUN) scripts.page_types

demo: .venv/.ready ## Send a few sample photos through the running services
	@$(RUN) scripts.demo

test: .venv/.ready ## Run every test, on SQLite and on PostgreSQL; ARGS goes to pytest
	$(RUN) pytest -n auto --dist worksteal $(ARGS)

fuzz: .venv/.ready ## Send damaged files through the decoders for SECONDS (default 600); findings go to build/fuzz
	$(RUN) tests.fuzz.run --seconds $(or $(SECONDS),600)

bench-library: .venv/.ready ## Measure metadata_service at 10,000 to 1,000,000 photos; ARGS="--photos 10000" for less
	$(RUN) benchmarks.library $(ARGS)

bench-page: .venv/.ready ## Scroll and jump through 200,000 photos in a real browser; ARGS="--photos 10000" for less
	$(RUN) benchmarks.page_scroll $(ARGS)

screenshots: .venv/.ready ## Take a picture of every screen, light and dark, at three widths, into build/screenshots
	$(RUN) scripts.screenshots

check: .venv/.ready ## Check formatting, lint, types and which module imports which
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	.venv/bin/lint-imports
	$(RUN) scripts.build_page lint types

format: .venv/.ready ## Format the code and mend what lint can mend
	$(RUN) ruff format .
	$(RUN) ruff check --fix .
	$(RUN) scripts.build_page format

docs: .venv/.ready ## Write docs/settings.md and docs/openapi from the code
	$(RUN) scripts.settings_table
	$(RUN) scripts.openapi_documents

lock: .venv/.ready ## Pin what pyproject.toml asks for; ARGS=--upgrade takes the newest versions
	$(COMPILE) $(ARGS) --group dev -o requirements/dev.txt
	$(COMPILE) --group core -c requirements/dev.txt -o requirements/core.txt
	$(COMPILE) --group metadata -c requirements/dev.txt -o requirements/metadata.txt
	$(COMPILE) $(ARGS) --group analysis -c requirements/dev.txt -o requirements/analysis.txt
	$(COMPILE) $(ARGS) --group node -o requirements/node.txt

migrate: .venv/.ready ## Bring the database to the newest schema
	$(RUN) metadata_service migrate

doctor: .venv/.ready ## Compare what is derived with what it comes from; ARGS=--repair makes it again
	$(RUN) metadata_service doctor $(ARGS)

compose-check: .venv/.ready ## Check docker-compose.yml and the Dockerfiles, without Docker
	METADATA_SECRET_KEY=unset POSTGRES_PASSWORD=unset $(COMPOSE) -f docker-compose.yml --profile originals config --quiet
	METADATA_SECRET_KEY=unset POSTGRES_PASSWORD=unset $(COMPOSE) -f docker-compose.yml -f docker-compose.dev.yml config --quiet
	.venv/bin/hadolint core_service/Dockerfile metadata_service/Dockerfile

hooks: .venv/.ready ## Check the changed files before every commit
	$(RUN) pre_commit install

clean: ## Remove what can be made again; the library in data/ stays
	rm -rf .venv build web/build web/node_modules web/.svelte-kit .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: requirements/dev.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) scripts/bootstrap.py
