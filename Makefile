# What a person or CI types. Each command sets up what it needs under .local (virtual environments, builds, state).
# The interpreter is Lambda's own, where the machine has all of it (pyenv's too); else python3, 3.11 or later.
RUNTIME := 3.13
HAS_ALL := import ensurepip, sqlite3, ssl, sys, venv; sys.exit("%d.%d" % sys.version_info[:2] != "$(RUNTIME)")
ifndef PYTHON
PYTHON := $(shell for python in python$(RUNTIME) "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$(RUNTIME).*/bin/python3 python3; do \
	"$$python" -c '$(HAS_ALL)' 2>/dev/null && break; done; echo "$$python")
endif
LOCAL := .local
BIN := $(LOCAL)/environments/project/bin
SAM := $(LOCAL)/environments/sam/bin
export SAM_CLI_TELEMETRY := 0

.DEFAULT_GOAL := help
.PHONY: run demo order test quick check bench deploy validate lint fmt openapi clean help setup say-python check-python check-settings

run: check-settings setup  ## Build, deploy into the embedded cloud, serve until Ctrl-C (PORT SMTP_PORT AWS_PORT STATE_DIR DELIVERY_WINDOW_SECONDS)
	@exec $(BIN)/python -m local.stack

demo: setup  ## The main job, narrated and checked, on a stack of its own
	@exec $(BIN)/python -m local.demo

# `make order PACKS="P1000=2 P500=1" SCHOOL=0751202Z PORT=3001 SMTP_PORT=2526`
order: setup  ## Sign and mail an order form to the running stack (PACKS="P1000=1" SCHOOL=0750655E)
	@PACKS="$(PACKS)" SCHOOL="$(SCHOOL)" exec $(BIN)/python -m local.demo.order

test: say-python setup lint validate  ## Lint, types, template, every test: what CI runs
	$(BIN)/python -m tests

quick: lint  ## Lint, types, and the unit tests that take no time: within a minute
	$(BIN)/python -m pytest -q -m "not slow" tests/unit

check: setup  ## One test, with what it needs: TEST=tests/unit/test_architecture.py, or TEST=file::test
	@test -n "$(TEST)" || { echo "error: say which test: make check TEST=tests/…"; exit 1; }
	$(BIN)/python -m pytest $(TEST)

# The peers stay apart from the service's own environment.
bench: setup $(LOCAL)/peers/stamp  ## The benchmarks, as tables (with valgrind: instructions too); some minutes
	@PYTHONPATH=$(LOCAL)/peers $(BIN)/python -m tests.benchmarks

$(LOCAL)/peers/stamp: tests/benchmarks/requirements.txt | setup
	rm -rf $(@D)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(@D) -r $<
	touch $@

lint: setup  ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

fmt: setup  ## Put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: setup  ## Write the description of the HTTP API again, after routes, bodies or answers changed
	$(BIN)/python -m local.openapi

validate: setup  ## The template, by sam and cfn-lint
	AWS_DEFAULT_REGION=eu-west-3 $(SAM)/sam validate --lint --template template.yaml
	$(SAM)/cfn-lint --region eu-west-3 -- template.yaml

# Layers fit python3.13 on arm64 (settings in layers/*/Makefile); bytecode goes along where python3.13 is at hand.
deploy: setup  ## Build and deploy to AWS: STACK=… REGION=… JWT_ISSUER=… [PARAMETERS="Name=value …"]
	@test -n "$(JWT_ISSUER)" || { echo "error: say which OpenID issuer the API trusts: make deploy JWT_ISSUER=https://…"; exit 1; }
	@$(BIN)/python -m local.machine.deploy_parameters $(or $(REGION),eu-west-3) $(or $(STACK),skolengo-sms) "$$PARAMETERS"
	find functions -name __pycache__ -prune -exec rm -rf {} +
	LAYER_PYTHON="$(CURDIR)/$(BIN)/python" $(SAM)/sam build --cached --cache-dir $(LOCAL)/aws/cache --build-dir $(LOCAL)/aws/build
	$(SAM)/sam deploy --template-file $(LOCAL)/aws/build/template.yaml --stack-name $(or $(STACK),skolengo-sms) \
		--region $(or $(REGION),eu-west-3) --resolve-s3 --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
		--parameter-overrides "JwtIssuer=$(JWT_ISSUER) $$PARAMETERS"
	$(BIN)/python -m local.machine.activate_inbox $(or $(REGION),eu-west-3) $(or $(STACK),skolengo-sms)-inbox

clean:  ## Remove what was built and installed; STATE_DIR under .local goes too
	rm -rf $(LOCAL) .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis

help:  ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{printf "%-16s %s\n", $$1, $$2}'

setup: check-python
	@"$(PYTHON)" -m local.machine.environments

check-settings: check-python
	@"$(PYTHON)" -m local.machine.environments --check-settings-only

say-python: check-python
	@"$(PYTHON)" -c 'import sys; print("tested with Python %s (%s); Lambda runs $(RUNTIME)" % (sys.version.split()[0], sys.executable))'

check-python:
	@command -v "$(PYTHON)" >/dev/null || { echo "error: $(PYTHON) not found: install Python 3.11 or later, or name one with PYTHON=…"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $(PYTHON) is too old: Python 3.11 or later is needed, name one with PYTHON=…"; exit 1; }
