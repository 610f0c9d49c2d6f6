# Two commands matter: `make forecast` and `make test`. Both set everything up from nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out

.PHONY: forecast test bench docs lint digests results lock clean help

forecast: $(VENV)/.installed  ## set up and run the main job into $(OUT)/
	$(BIN)/ykforecast forecast --out $(OUT)/

test: $(VENV)/.installed  ## set up and run the tests
	$(BIN)/python -m pytest -n 2

bench: $(VENV)/.installed-dev  ## run the registry of benchmark cases
	$(BIN)/python -m benchmarks

docs: $(VENV)/.installed-dev  ## build the documentation, warnings are errors
	$(BIN)/python -m sphinx -W -b html docs docs/_build/html

lint: $(VENV)/.installed-dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

digests: $(VENV)/.installed  ## write the present digest of each model into the scenarios made for it
	$(BIN)/python -m ykforecast.data.model_files

# In this order: what history taught goes into every forecast. About three quarters of an hour.
results: $(VENV)/.installed-dev  ## compute anew what is stored and shown: learned.toml, scores, pages, pictures
	$(BIN)/python -m ykforecast.infer.history_posterior --report docs/results/history_posterior.json
	$(BIN)/python -m ykforecast.data.model_files
	$(BIN)/python -m ykforecast.assess.lever_effects --out docs/results/lever_effects.json
	$(BIN)/python docs/print_model.py
	$(BIN)/python docs/print_history.py
	for picture in forecast plausibility census_check economy definition_step gallery; do \
	    $(BIN)/python docs/figures/$$picture.py || exit 1; done
	$(BIN)/ykforecast backtest --base all --draws 2000 --seed 2015 --store --json > docs/results/backtest.json
	$(BIN)/python docs/print_backtest.py
	$(BIN)/python docs/figures/backtest.py
	$(BIN)/python -m ykforecast.infer.city_ranks --replications 500 --draws 300 --out docs/results/city_ranks.json
	$(BIN)/python docs/print_forecast_2023.py
	$(BIN)/python docs/print_scenarios.py
	$(BIN)/python docs/print_targets.py
	$(BIN)/python docs/print_breakdowns.py
	$(BIN)/python docs/print_warning.py
	$(BIN)/python docs/print_attribution.py
	$(BIN)/python docs/print_seek.py
	$(BIN)/python docs/print_fund.py

# The locks name versions and hashes and no host: which index serves the files is the installer's business.
lock: $(VENV)/.installed-dev  ## renew both locks from pyproject.toml (needs uv on the path)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	    --python-version 3.11 --extra test --extra build --upgrade -o requirements.lock pyproject.toml
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	    --python-version 3.11 -c requirements.lock --extra test --extra build --extra lint --extra docs \
	    --extra bench --extra excel --extra report --upgrade -o requirements-dev.lock pyproject.toml

# The stamps make a second call quick; a changed lock or pyproject.toml installs again.
$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

clean:  ## remove what the commands above made
	rm -rf $(VENV) $(OUT) docs/_build dist .pytest_cache .ruff_cache .mypy_cache

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'
