# make run    serve the site, from nothing if need be        make test   every check and every test
# make check  what can be told without running anything      make bench  how fast, beside a bare Flask page
# make format put the code into its form                     make pictures  the README's screenshots, taken anew

MAKEFLAGS += --no-print-directory
VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough.
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
# Print the name of each package as it is fetched; keep pip's exit code, which the pipe would lose.
INSTALL = { $(BIN)/python -m pip install --disable-pip-version-check --no-input -r $(1) || touch $(VENV)/failed; } | sed -un 's/^Collecting \([^ ]*\).*/  \1/p'; [ ! -e $(VENV)/failed ]

.PHONY: run test check bench format pictures
.DELETE_ON_ERROR:

run: $(VENV)/ready
	@exec $(BIN)/flask --app app serve

test: check
	@.ci/prepare
	$(BIN)/pytest -q -n 2 -m "not browser"
	$(BIN)/pytest -q -n 2 -m "not browser" --database=postgresql
	$(BIN)/pytest -q -m browser

check: $(VENV)/ready-to-test
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports > $(VENV)/imports.log 2>&1 || { cat $(VENV)/imports.log; exit 1; }
	$(BIN)/flask --app app content check

bench: $(VENV)/ready-to-test
	@$(BIN)/python -m benchmarks.bench

format: $(VENV)/ready-to-test
	$(BIN)/ruff check --fix --quiet
	$(BIN)/ruff format --quiet

pictures: $(VENV)/ready-to-test
	@$(BIN)/python -m docs.take_pictures

$(VENV)/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Buque needs Python 3.11 or newer; this machine has $$(python3 --version 2>/dev/null || echo none). Install it and run make again."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python here cannot make environments; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Making the environment in $(VENV) …"
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/ready: requirements.txt | $(VENV)/bin/python
	@rm -f $(VENV)/failed; echo "Installing what the site needs …"
	@$(call INSTALL,requirements.txt)
	@touch $@

$(VENV)/ready-to-test: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	@rm -f $(VENV)/failed; echo "Installing what the tests need …"
	@$(call INSTALL,requirements-dev.txt)
	@touch $(VENV)/ready $@
